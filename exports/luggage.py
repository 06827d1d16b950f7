"""All that the crews of a plan take along, by the names of the files."""

from pathlib import Path

from casework.briefings import Briefing
from casework.errors import CaseError
from exports.briefing import briefing_page
from exports.calendar import calendar
from exports.checklists import Checklists
from exports.texts import file_stem
from exports.track import track
from exports.workbook import workbook
from words import Language


def luggage(briefing: Briefing, lang: Language, checklists: Checklists | None = None) -> dict[str, bytes]:
    """Content of each file by its name: page, calendar and track of each crew, and one workbook.

    Parameters
    ----------
    briefing
        Of the plan.
    lang
        Language of all of them.
    checklists
        What officers look at; None: the lists that come along.
    """
    plan = briefing.plan
    files = {}
    for number, crew in enumerate(plan.crews, start=1):
        # The number goes before what others wrote: a long id is cut, and names stay apart.
        stem = f"{plan.on.isoformat()}-{number}-{file_stem(plan.id)}"
        files[f"{stem}.html"] = briefing_page(briefing, crew.id, lang, checklists).encode()
        files[f"{stem}.ics"] = calendar(briefing, crew.id, lang)
        files[f"{stem}.gpx"] = track(briefing, crew.id, lang).encode()
    files[f"{plan.on.isoformat()}-{file_stem(plan.id)}.xlsx"] = workbook(briefing, lang)
    return files


def write_luggage(files: dict[str, bytes], folder: Path) -> None:
    """Nothing; the files stand in `folder` afterwards, which is made where there is none; those of the same name are replaced.

    Raises
    ------
    CaseError
        `folder` is a file, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise CaseError("{folder} is a file: name a folder to write to.", folder=folder.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise CaseError(
            "{folder} cannot be written to ({why}): name another one.", folder=folder, why=error.strerror
        ) from error
