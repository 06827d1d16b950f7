"""What the screen says, in English and Chinese: messages are written in English and looked up in ``zh.po``."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Translate = Callable[[str], str]


@cache
def _catalog(language: Language) -> dict[str, str]:
    if language == "en":
        return {}
    with (Path(__file__).parent / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


def translator(language: Language) -> Translate:
    """Function from an English message to the same in `language`; unknown messages stay English.

    Examples
    --------
    >>> translator("zh")("Zone")
    '交叉联合执法区'
    >>> translator("en")("Zone")
    'Zone'
    """
    catalog = _catalog(language)
    return lambda message: catalog.get(message, message)
