"""A chain holds as it was written, and whatever is done to it afterwards is found."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.audit import Deed, Entry, Head
from casework.chain import Break, Flaw, chained, first_break, form_of, hash_of

AT = datetime(2026, 1, 31, 8, tzinfo=UTC)
SAW = Entry(AT, "li", "officer", Deed.SAW, "firm:F7", ("330502", "330503"), {"zone": "太湖", "n": 3})

texts = st.text(max_size=8)
entries = st.builds(
    Entry,
    at=st.datetimes(timezones=st.just(UTC)),
    actor=texts,
    role=texts,
    deed=st.sampled_from(Deed),
    thing=texts,
    regions=st.lists(texts, max_size=3).map(tuple),
    facts=st.dictionaries(texts, texts | st.integers() | st.booleans() | st.floats(), max_size=3),
)
chains = st.lists(entries, min_size=1, max_size=6).map(lambda lines: chained(Head(), lines))


def numbered(lines):
    """The same lines with numbers without a gap."""
    return [replace(line, n=n) for n, line in enumerate(lines, 1)]


@given(chains)
def test_a_chain_as_it_was_written_holds(lines):
    assert first_break(lines) is None
    assert first_break(lines, *(line.hash for line in lines)) is None
    assert first_break(iter(lines), "", whole=False) is None
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))


@given(chains, st.integers(1, 5))
def test_it_is_continued_from_its_head(lines, at):
    first, rest = lines[:at], lines[at:]
    head = Head(first[-1].n, first[-1].hash)
    assert (*first, *chained(head, rest)) == lines


@given(chains, st.data())
def test_any_change_is_found(lines, data):
    at = data.draw(st.integers(0, len(lines) - 1))
    line, other = lines[at], data.draw(entries)
    name = data.draw(st.sampled_from(["at", "actor", "role", "deed", "thing", "regions", "facts"]))
    changed = replace(line, **{name: getattr(chained(Head(), [other])[0], name)})
    if form_of(changed) == form_of(line):
        return
    forged = [*lines[:at], changed, *lines[at + 1 :]]
    assert first_break(forged) == Break(line.n, Flaw.ALTERED, line.hash, hash_of(changed))
    assert first_break(forged, whole=False) == first_break(forged)
    # Hashed anew, it is the next line that does not follow; the last one is told by the head.
    anew = [*lines[:at], replace(changed, hash=hash_of(changed)), *lines[at + 1 :]]
    found = first_break(anew, lines[-1].hash)
    assert (found.n, found.flaw) == (line.n + 1, Flaw.CUT if line is lines[-1] else Flaw.UNLINKED)


@given(chains, st.data())
def test_a_line_taken_out_is_found(lines, data):
    at = data.draw(st.integers(0, len(lines) - 1))
    left = [*lines[:at], *lines[at + 1 :]]
    found = first_break(left, lines[-1].hash)
    assert found.n == lines[at].n
    assert found.flaw is (Flaw.CUT if at == len(lines) - 1 else Flaw.GONE)
    again = first_break(numbered(left), lines[-1].hash)
    assert again.n == lines[at].n


@given(chains, entries, st.data())
def test_a_line_put_in_is_found(lines, entry, data):
    at = data.draw(st.integers(0, len(lines) - 1))
    head = Head(lines[at - 1].n, lines[at - 1].hash) if at else Head()
    put_in = [*lines[:at], *chained(head, [entry]), *lines[at:]]
    if form_of(put_in[at]) == form_of(lines[at]):
        return
    assert first_break(put_in).n == lines[at].n + 1
    assert first_break(numbered(put_in)).n == lines[at].n + 1


@given(chains, st.data())
def test_lines_that_changed_places_are_found(lines, data):
    if len(lines) < 2:
        return
    one, two = sorted(data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=2, max_size=2, unique=True)))
    swapped = list(lines)
    swapped[one], swapped[two] = lines[two], lines[one]
    assert first_break(swapped).n == one + 1
    assert first_break(numbered(swapped)).n == one + 1


@given(chains, st.integers(0, 5))
def test_an_end_cut_off_is_found_by_a_head_that_was_noted(lines, n_left):
    left = lines[: min(n_left, len(lines) - 1)]
    found = first_break(left, lines[-1].hash)
    assert (found.n, found.flaw, found.expected) == (len(left) + 1, Flaw.CUT, lines[-1].hash)
    assert found.found == (left[-1].hash if left else "")
    assert first_break(left) is None


@given(chains, st.data())
def test_some_lines_are_looked_at_for_themselves(lines, data):
    some = data.draw(
        st.lists(st.sampled_from(lines), unique_by=lambda line: line.n).map(lambda of: sorted(of, key=number))
    )
    assert first_break(some, whole=False) is None


def number(line):
    return line.n


def test_some_lines_that_follow_each_other_are_linked():
    first, second, third = chained(Head(), [SAW] * 3)
    other = replace(third, previous="beef")
    other = replace(other, hash=hash_of(other))
    assert first_break([second, other], whole=False) == Break(3, Flaw.UNLINKED, second.hash, "beef")
    assert first_break([first, other], whole=False) is None


def test_the_form_is_what_the_document_says():
    (line,) = chained(
        Head(), [replace(SAW, at=AT.astimezone(timezone(timedelta(hours=8))), facts={"b": 0.5, "a": True})]
    )
    form = (
        '{"actor":"li","at":"2026-01-31T08:00:00.000000+00:00","deed":"saw","facts":{"a":true,"b":0.5},"n":1,'
        '"regions":["330502","330503"],"role":"officer","thing":"firm:F7"}'
    )
    assert form_of(line) == form
    assert line.kind == "firm"
    assert line.hash == hashlib.sha256(form.encode()).hexdigest()
    assert json.loads(form)["facts"] == {"a": True, "b": 0.5}


def test_texts_are_kept_as_any_database_can():
    odd = replace(SAW, thing="x" * 999, actor="a\0\ud800é", facts={"n": float("nan"), "k\0": "v" * 999, "i": -1})
    (line,) = chained(Head(), [odd])
    assert (line.actor, len(line.thing)) == ("a??é", 300)
    assert line.facts == {"n": "nan", "k?": "v" * 300, "i": -1}
    assert chained(Head(), [line])[0] == line


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Break(2, Flaw.GONE, "2", "3"), "Line 2 is not there: number 2 was expected, number 3 follows."),
        (Break(2, Flaw.UNLINKED, "", "b"), "continues b, but that line's hash is nothing."),
        (Break(2, Flaw.ALTERED, "a", "b"), "its hash is a, but what it says gives b."),
        (Break(2, Flaw.CUT, "a", ""), "is where the chain ends, with nothing, and the head a is not in it."),
    ],
)
def test_a_break_says_what_was_expected(found, words):
    assert str(found).endswith(words)
