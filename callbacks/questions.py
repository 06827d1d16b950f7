"""Which questions of a page are looked at: JSON as a browser writes it, for a callback there is, with its inputs."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from dash import Dash
from flask import Flask, request

from callbacks.failures import Refusal

_DOOR = "/_dash-update-component"
_MOST_DEEP = 40
# Browsers write whole numbers up to 2^53 exactly; beyond 2^63 no database takes one.
_MOST_WHOLE = 2**63 - 1


def register(app: Dash) -> None:
    """Refuse the others before Dash reads them."""
    server: Flask = app.server

    @server.before_request
    def look() -> None:
        if request.path != _DOOR or request.method != "POST":
            return
        if request.mimetype != "application/json":
            raise Refusal("The server does not take this request.", 415)
        question = question_of(request.get_data())
        if not isinstance(question, dict) or not _fits(question, app.callback_map):
            raise Refusal("This page does not fit the server, which may be newer: reload the page.")


def question_of(body: bytes) -> Any:
    """The JSON in `body`.

    Raises
    ------
    Refusal
        When it is none, or has something in it that a browser would not write, or not so deep.

    Examples
    --------
    >>> question_of(b'{"output": "pulse.data"}')
    {'output': 'pulse.data'}
    """

    def refuse(_word: str) -> float:
        raise ValueError

    try:
        question = json.loads(body, parse_constant=refuse)
        if all(map(_plain, _parts(question))):
            return question
    # Too deep for the reader itself.
    except (ValueError, RecursionError):
        pass
    raise Refusal("The server does not take this request.")


def _parts(whole: Any) -> Iterator[Any]:
    """Every key and value in it, without calling itself: depth is the sender's choice."""
    level = [whole]
    for _ in range(_MOST_DEEP):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                yield from one
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
            else:
                yield one
        level = below
    if level:
        raise ValueError


def _plain(one: Any) -> bool:
    """Whether it is a number that numbers can be, or text that is text: no half of a pair, and no NUL."""
    if isinstance(one, str):
        return "\0" not in one and not any("\ud800" <= letter <= "\udfff" for letter in one)
    if isinstance(one, float):
        return math.isfinite(one)
    return not isinstance(one, int) or abs(one) <= _MOST_WHOLE


def _fits(question: dict[str, Any], callbacks: Mapping[str, Any]) -> bool:
    """Whether there is such a callback, and inputs, states and outputs are its own, in their order."""
    output = question.get("output")
    known = callbacks.get(output) if isinstance(output, str) else None
    if known is None or "callback" not in known:
        return False
    changed = question.get("changedPropIds", [])
    return (
        _same(question.get("inputs", []), known["inputs"])
        and _same(question.get("state", []), known["state"])
        and isinstance(changed, list)
        and all(isinstance(one, str) for one in changed)
        and _outputs(question.get("outputs"), str(output))
    )


def _same(given: Any, wanted: list[dict[str, Any]]) -> bool:
    """Whether these are the inputs or states of a callback."""
    return (
        isinstance(given, list)
        and len(given) == len(wanted)
        and all(
            isinstance(one, dict) and (one.get("id"), one.get("property")) == (spec["id"], spec["property"])
            for one, spec in zip(given, wanted, strict=True)
        )
    )


def _outputs(given: Any, output: str) -> bool:
    """Whether these are the outputs that the callback's own name lists."""
    several = output.startswith("..")
    names = output[2:-2].split("...") if several else [output]
    rows = given if several else [given]
    return (
        isinstance(rows, list)
        and len(rows) == len(names)
        and all(
            isinstance(row, dict) and f"{row.get('id')}.{row.get('property')}" == name
            for row, name in zip(rows, names, strict=True)
        )
    )
