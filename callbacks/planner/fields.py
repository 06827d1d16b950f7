"""The editor's fields become terms, and terms become what the fields show."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import State

from callbacks.failures import Refusal
from casework.agreements import DRAFT
from casework.model import Agreement, Category, Ends, Strip
from layers.editor import Fields, Third, kept_back_by, third_of
from layers.view import strips_text
from pages.planner.ids import Ids

# What is written by whoever opens another agreement, in this order.
FILLED = (
    *((Ids.TITLE, "value"), (Ids.VALID_FROM, "value"), (Ids.VALID_TO, "value"), (Ids.AGREED, "value")),
    *((Ids.MEMORANDUM, "value"), (Ids.POWERS, "value")),
    *((Ids.BACK_A, "value"), (Ids.BACK_B, "value"), (Ids.BACK_C, "value")),
    *((Ids.ENDS, "value"), (Ids.BEYOND, "checked")),
    *((Ids.THIRD, "data"), (Ids.THIRD, "value"), (Ids.THIRD, "disabled"), (Ids.DEPTH_C, "value"), (Ids.ALONG, "value")),
    *((Ids.ALONG_A_FROM, "value"), (Ids.ALONG_A_TO, "value"), (Ids.ALONG_B_FROM, "value"), (Ids.ALONG_B_TO, "value")),
    (Ids.BASE, "data"),
)
WRITTEN = (
    *(Ids.TITLE, Ids.VALID_FROM, Ids.VALID_TO, Ids.AGREED, Ids.MEMORANDUM, Ids.POWERS),
    *(Ids.BACK_A, Ids.BACK_B, Ids.BACK_C),
)
STATES = (State(Ids.BASE, "data"), *(State(one, "value") for one in WRITTEN))
_PLAIN_DEPTH_M = 1000.0


def fields_of(
    base: dict[str, Any] | None,
    title: str | None,
    valid_from: str | None,
    valid_to: str | None,
    agreed: Sequence[str] | None,
    memorandum: str | None,
    powers: str | None,
    *backs: Sequence[str] | None,
) -> Fields:
    """What the editor holds beside the view."""
    base = base or {}
    return Fields(
        pair=(base["a"], base["b"]) if base else None,
        agreement=base.get("agreement"),
        version=base.get("version", 0),
        title=title or "",
        valid_from=date.fromisoformat(valid_from) if valid_from else None,
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        # In the order of the model, however they were clicked together.
        categories=tuple(one for one in Category if one in (agreed or ())),
        memorandum=memorandum or "",
        powers=powers or "",
        **{name: tuple(back or ()) for name, back in zip(("back_a", "back_b", "back_c"), backs, strict=True)},
    )


def base_of(base: Agreement) -> dict[str, Any]:
    """What the editor started from: which version of what, and the terms that a link then need not tell."""
    return {
        "agreement": None if base.id == DRAFT else base.id,
        "version": base.version,
        "a": base.a,
        "b": base.b,
        "ends": str(base.ends),
        "beyond": base.beyond,
        "agreed": [str(one) for one in base.categories],
        "others": strips_text(_said(base)),
    }


def version_of(told: Any) -> tuple[str, int]:
    """Which agreement, and which version of it, a page sends back; it may be anything by then.

    Raises
    ------
    Refusal
        When that is neither.

    Examples
    --------
    >>> version_of({"agreement": "e-w-1", "version": 2, "a": "e"})
    ('e-w-1', 2)
    """
    match told:
        case {"agreement": str(agreement), "version": int(version)} if not isinstance(version, bool):
            return agreement, version
    raise Refusal("This page does not fit the server, which may be newer: reload the page.")


def filled(terms: Agreement, base: Agreement, near: list[dict[str, str]]) -> tuple[Any, ...]:
    """Values of `FILLED`: `terms` as they are on the desk, made from `base`; `near` may be a third party."""
    third = third_of(terms)
    along = () if third is None else [side for side, marks in _marks(third) if marks is not None]
    marks = [] if third is None else [mark for _side, marks in _marks(third) for mark in (marks or (None, None))]
    return (
        terms.title,
        terms.valid_from.isoformat(),
        terms.valid_to.isoformat() if terms.valid_to else None,
        [str(one) for one in terms.categories],
        terms.memorandum,
        terms.powers,
        *(list(back) for back in kept_back_by(terms)),
        str(terms.ends),
        terms.beyond,
        near,
        third and third.party,
        # Strips that these fields cannot say are left as they are.
        bool(terms.others) and third is None,
        third.depth_m if third else _PLAIN_DEPTH_M,
        list(along),
        *(_km(mark) for mark in (marks or [None] * 4)),
        base_of(base),
    )


def emptied() -> tuple[Any, ...]:
    """Values of `FILLED` where there is nothing to agree on."""
    return (
        *("", None, None, []),
        *("", ""),
        *([], [], []),
        *(str(Ends.FLAT), False),
        *([], None, False, _PLAIN_DEPTH_M, []),
        *("", "", "", ""),
        None,
    )


def strips_of(
    sides: tuple[str, str],
    depths_m: tuple[float, float],
    party: str | None,
    depth_c_m: float | str | None,
    along: Sequence[str] | None,
    marks_km: Sequence[float | str | None],
) -> tuple[Strip, ...]:
    """The further strips that the third party's fields mean."""
    if not party or party in sides:
        return ()
    marks = [None if one in (None, "") else round(float(one or 0) * 1000, 2) for one in marks_km]
    chosen = along or ()
    third = Third(
        party,
        float(depth_c_m or 0),
        (marks[0], marks[1]) if "a" in chosen else None,
        (marks[2], marks[3]) if "b" in chosen else None,
    )
    return third.strips(*sides, *depths_m)


def _said(base: Agreement) -> tuple[Strip, ...]:
    """The further strips of `base` as the fields say them: marks to 10 m."""
    third = third_of(base)
    if third is None:
        return ()
    along = [side for side, marks in _marks(third) if marks is not None]
    marks_km = [_km(mark) for _side, marks in _marks(third) for mark in (marks or (None, None))]
    depths_m = (base.depth_a_m, base.depth_b_m)
    return strips_of((base.a, base.b), depths_m, third.party, third.depth_m, along, marks_km)


def _marks(third: Third) -> tuple[tuple[str, tuple[float | None, float | None] | None], ...]:
    return ("a", third.along_a), ("b", third.along_b)


def _km(metres: float | None) -> float | str:
    return "" if metres is None else round(metres / 1000, 2)
