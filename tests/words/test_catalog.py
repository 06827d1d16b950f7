"""Whatever the screen can say in English it can say in Chinese, with the same figures in it."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.words.messages import all_messages

PATH = Path(__file__).resolve().parents[2] / "words" / "zh.po"


@pytest.fixture(scope="module")
def catalog():
    """English message -> Chinese, in the order of the file."""
    with PATH.open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="zh") if message.id}


def figures(words):
    """Names in braces, how often each."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(words) if name is not None)


def test_every_message_has_chinese(catalog):
    assert sorted(message for message in all_messages() if not catalog.get(message, "").strip()) == []


def test_no_entry_is_stale(catalog):
    assert sorted(set(catalog) - all_messages()) == []


def test_entries_hold_the_same_figures(catalog):
    assert {english: chinese for english, chinese in catalog.items() if figures(english) != figures(chinese)} == {}


def test_entries_are_sorted_and_stand_once(catalog):
    written = re.findall(r'^msgid "(.+)"$', PATH.read_text(encoding="utf-8"), re.MULTILINE)
    assert written == sorted(written)
    assert len(written) == len(set(written)) == len(catalog)


def test_no_entry_is_marked_as_unsure():
    assert "fuzzy" not in PATH.read_text(encoding="utf-8")


def test_chinese_is_chinese(catalog):
    """An entry without any Chinese character is a forgotten one, unless it is only figures and units."""
    han = re.compile(r"[\u4e00-\u9fff]")
    letters = re.compile(r"[A-Za-z]{2,}")
    plain = {chinese: re.sub(r"\{\w+\}", "", chinese) for chinese in catalog.values()}
    assert [chinese for chinese, rest in plain.items() if letters.search(rest) and not han.search(rest)] == []
