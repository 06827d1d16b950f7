"""The agreement on the desk: what its fields say, what of it is not saved, and what a newer version does to it."""

from dataclasses import dataclass, replace
from datetime import date

from casework.agreements import DRAFT
from casework.changes import Difference, differences
from casework.desk import Desk
from casework.errors import NotFoundError
from casework.model import Agreement, Category, Strip
from casework.sharing import Share, kept_back, shared_but
from layers.choice import Choice, choose, current, with_terms
from layers.view import View

# What one tries out between two sides that agreed on nothing yet: it is in the address, and nobody wrote it down.
_TRIED = {"from_m", "to_m", "depth_a_m", "depth_b_m", "ends", "beyond", "valid_from"}


@dataclass(frozen=True)
class Fields:
    """What the editor holds beside the view: words and days, and which version of which agreement it started from.

    `back_a`, `back_b` and `back_c` are what each side and the third party keep to themselves, as `casework.sharing` names it.
    """

    pair: tuple[str, str] | None = None
    agreement: str | None = None
    version: int = 0
    title: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    categories: tuple[Category, ...] = ()
    memorandum: str = ""
    powers: str = ""
    back_a: tuple[str, ...] = ()
    back_b: tuple[str, ...] = ()
    back_c: tuple[str, ...] = ()


@dataclass(frozen=True)
class Third:
    """A third party: how deep the zone reaches into it, and along which of the two sides' borders, from where to where.

    `along_a` and `along_b` are marks in metres along its border with that side; None: no strip there.
    """

    party: str
    depth_m: float
    along_a: tuple[float | None, float | None] | None
    along_b: tuple[float | None, float | None] | None

    def strips(self, a: str, b: str, depth_a_m: float, depth_b_m: float) -> tuple[Strip, ...]:
        """The strips this means; a side is as deep there as along its border with the other."""
        found = []
        for side, depth_m, marks in ((a, depth_a_m, self.along_a), (b, depth_b_m, self.along_b)):
            if marks is not None:
                depths = {side: depth_m, self.party: self.depth_m}
                first, second = sorted(depths)
                found.append(Strip(first, second, depths[first], depths[second], *marks))
        return tuple(found)


def third_of(agreement: Agreement) -> Third | None:
    """The third party, where the agreement's further strips are such as the editor can say; else None.

    Examples
    --------
    >>> memo = Agreement("m", "", "e", "w", 1000, 500, date(2026, 1, 1), others=(Strip("n", "w", 800, 500, None, 4000),))
    >>> third_of(memo)
    Third(party='n', depth_m=800, along_a=None, along_b=(None, 4000))
    >>> third_of(replace(memo, others=())) is None
    True
    """
    further = [party for party in agreement.parties if party not in (agreement.a, agreement.b)]
    if len(further) != 1:
        return None
    (party,) = further
    along: dict[str, tuple[float | None, float | None]] = {}
    depth_m = 0.0
    for strip in agreement.others:
        with_a = strip.a != party
        side = strip.a if with_a else strip.b
        along[side] = (strip.from_m, strip.to_m)
        depth_m = strip.depth_b_m if with_a else strip.depth_a_m
    third = Third(party, depth_m, along.get(agreement.a), along.get(agreement.b))
    said = third.strips(agreement.a, agreement.b, agreement.depth_a_m, agreement.depth_b_m)
    return third if set(said) == set(agreement.others) and len(said) == len(agreement.others) else None


def edited(desk: Desk, view: View, fields: Fields) -> Agreement | None:
    """The agreement as the editor has it, made from the version it started from; None where there are no two sides."""
    base = _started_from(desk, view, fields)
    if base is None:
        return None
    terms = replace(
        with_terms(desk, base, view),
        title=fields.title,
        valid_from=fields.valid_from or base.valid_from,
        valid_to=fields.valid_to,
        categories=fields.categories,
        memorandum=fields.memorandum,
        powers=fields.powers,
    )
    return replace(terms, shares=_shares(terms, fields))


def kept_back_by(terms: Agreement) -> tuple[tuple[str, ...], ...]:
    """What both sides and the third party keep to themselves; nothing for a third party that there is not."""
    third = third_of(terms)
    categories = [str(one) for one in terms.categories]
    parties = (terms.a, terms.b, third.party if third else None)
    return tuple(() if party is None else kept_back(terms.share_of(party), categories) for party in parties)


def unsaved(desk: Desk, view: View, fields: Fields) -> tuple[Difference, ...]:
    """What the editor would change in the version it started from; of a draft, what somebody wrote."""
    base, now = _started_from(desk, view, fields), edited(desk, view, fields)
    if base is None or now is None:
        return ()
    found = differences(base, now)
    return tuple(one for one in found if base.id != DRAFT or one.term not in _TRIED)


def lost(desk: Desk, view: View, fields: Fields, wished: Choice | None) -> tuple[Difference, ...]:
    """What would be gone if the editor turned to `wished`; nothing where its agreement was removed, or holds just that."""
    if fields.pair is None:
        return ()
    gone = fields.agreement is not None and all(one.id != fields.agreement for one in desk.agreements.all())
    now = edited(desk, view, fields)
    if gone or wished is None or now is None or (wished.agreement.id, wished.agreement.version) == _started(fields):
        return ()
    return unsaved(desk, view, fields) if differences(wished.agreement, now) else ()


@dataclass(frozen=True)
class Settled:
    """What the selects mean, and what the fields are to be filled with; `base` is None where they stay as they are."""

    choice: Choice
    base: Agreement | None


def settled(
    desk: Desk, view: View, fields: Fields, agreement_id: str | None, a: str | None, b: str | None, *, newest: bool
) -> Settled | None:
    """What three selects mean, as `layers.choice.choose`; terms that nobody edited follow the newest version.

    Those that somebody did edit stay, also when the agreement was removed. `newest` asks for it, edited or not.
    """
    same = agreement_id is not None and (agreement_id, view.agreement) == (fields.agreement, agreement_id)
    kept = next((one for one in desk.agreements.all() if one.id == agreement_id), None)
    if same and kept is not None:
        behind = kept.version != fields.version and not unsaved(desk, view, fields)
        if newest or behind:
            found = choose(desk, view.but(agreement=None), agreement_id, a, b)
            assert found is not None
            return Settled(found, kept)
    mine = edited(desk, view, fields) if same and kept is None and not newest else None
    if mine is not None and unsaved(desk, view, fields):
        return Settled(Choice(mine, desk.territory.border(mine.a, mine.b).length_m), None)
    found = choose(desk, view, agreement_id, a, b)
    if found is None:
        return None
    terms = found.agreement
    held = (fields.agreement, fields.pair) == (terms.id if found.kept else None, (terms.a, terms.b))
    base = desk.agreements.get(terms.id) if found.kept else desk.agreements.draft(terms.a, terms.b)
    return Settled(found, None if held and not newest else base)


def _shares(terms: Agreement, fields: Fields) -> tuple[Share, ...]:
    """Shares of the parties that keep something to themselves; further parties, which no field can say, keep theirs."""
    third = third_of(terms)
    categories = [str(one) for one in terms.categories]
    backs = {terms.a: fields.back_a, terms.b: fields.back_b} | ({third.party: fields.back_c} if third else {})
    said = tuple(shared_but(party, back, categories) for party, back in backs.items() if back)
    return (*said, *(one for one in terms.shares if one.party not in backs and one.party in terms.parties))


def _started(fields: Fields) -> tuple[str, int]:
    return fields.agreement or DRAFT, fields.version


def _started_from(desk: Desk, view: View, fields: Fields) -> Agreement | None:
    """The version the editor started from; for a draft, or one that never was kept, what the view is about."""
    if fields.agreement is not None and fields.agreement == view.agreement:
        try:
            return desk.history.as_it_was(fields.agreement, fields.version)[0]
        except NotFoundError:
            pass
    found = current(desk, view)
    if found is None:
        return None
    base = found.agreement
    return desk.agreements.draft(base.a, base.b) if base.id == DRAFT else desk.agreements.get(base.id)
