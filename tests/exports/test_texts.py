"""Words of others, made fit for a file."""

import pytest

from exports.texts import file_stem, one_line, printable
from tests.outings import HOSTILE


@pytest.mark.parametrize("words", HOSTILE)
def test_only_what_no_file_can_hold_is_dropped(words):
    kept = printable(words)
    assert [one for one in words if one not in kept] == [one for one in words if one in "\x00\x07\x1b\ufffe"]
    assert "\n" not in one_line(words)


def test_lines_end_alike():
    assert printable("a\r\nb\rc") == "a\nb\nc"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("../../etc/passwd",), "etc-passwd"),
        (("2026-06-12", "计划 1", "組"), "2026-06-12-计划-1-組"),
        (("a", "", "b"), "a-b"),
        (("...",), "plan"),
        (("x" * 100,), "x" * 60),
    ],
)
def test_a_file_is_named_where_it_belongs(words, name):
    assert file_stem(*words) == name
