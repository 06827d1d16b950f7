"""Two versions of an agreement put together: terms that only one of them changed come from there, the others are chosen."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from casework.changes import Change, Step, differences
from casework.model import Agreement

REMOVED = "removed"
# Who changes these has those in mind: further strips are as deep as the sides' own, shares are of the categories agreed.
_WITH = {"others": ("depth_a_m", "depth_b_m"), "shares": ("categories",)}


@dataclass(frozen=True)
class Stance:
    """A term, by its name in `Agreement`: as it was, as they have it, and as I have it."""

    term: str
    was: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Clash:
    """Terms that both changed, each in an own way; they stand or fall together."""

    stances: tuple[Stance, ...]

    @property
    def id(self) -> str:
        """What it is called by: its first term."""
        return self.stances[0].term


@dataclass(frozen=True)
class Merged:
    """The terms that came of two versions, not checked yet, and what stood against each other."""

    agreement: Agreement
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class Meanwhile:
    """An agreement as one began with it and as it is kept now; each version between them, newest first.

    One that was removed meanwhile is as it was before that.
    """

    base: Agreement
    theirs: Agreement
    steps: tuple[Step, ...]

    @property
    def removed(self) -> bool:
        """Whether it is kept no more."""
        return self.steps[0].change is Change.REMOVED

    @property
    def version(self) -> int:
        """The last version there is."""
        return self.steps[0].version

    def clashes(self, mine: Agreement) -> tuple[Clash, ...]:
        """What they and I want, each in an own way; a removal is against whatever I changed."""
        gone = (Clash((Stance(REMOVED, False, True, False),)),) if self.removed else ()
        return (*gone, *merge(self.base, self.theirs, mine).clashes)


def merge(base: Agreement, theirs: Agreement, mine: Agreement, keep_mine: Collection[str] = ()) -> Merged:
    """What `mine` changed in `base`, on top of what `theirs` changed.

    Parameters
    ----------
    base
        The version that both began with.
    theirs
        The version that is kept; who consented, and what follows from the terms, comes from here.
    mine
        The terms that were written meanwhile.
    keep_mine
        Ids of clashes in which mine stands; in the others theirs does.

    Examples
    --------
    >>> from datetime import date
    >>> base = Agreement("e-w-1", "", "e", "w", 1000, 500, date(2026, 1, 1), version=1)
    >>> theirs = replace(base, version=2, depth_a_m=3000, title="Theirs")
    >>> found = merge(base, theirs, replace(base, depth_b_m=700, title="Mine"))
    >>> found.agreement.depth_a_m, found.agreement.depth_b_m, found.agreement.title, found.agreement.version
    (3000, 700, 'Theirs', 2)
    >>> found.clashes
    (Clash(stances=(Stance(term='title', was='', theirs='Theirs', mine='Mine'),)),)
    >>> merge(base, theirs, base).agreement == theirs
    True
    """
    by_me, by_them = (
        {one.term: one.new for one in differences(base, version) if one.term != "consents"}
        for version in (mine, theirs)
    )
    clashes, from_mine = [], list[str]()
    for group in _groups(by_me.keys() | by_them.keys()):
        own = [term for term in group if term in by_me]
        apart = any(getattr(mine, term) != getattr(theirs, term) for term in group)
        if own and apart and any(term in by_them for term in group):
            clash = Clash(tuple(Stance(one, *(getattr(each, one) for each in (base, theirs, mine))) for one in group))
            clashes.append(clash)
            from_mine += group if clash.id in keep_mine else ()
        else:
            from_mine += own
    return Merged(replace(theirs, **{term: getattr(mine, term) for term in from_mine}), tuple(clashes))


def _groups(touched: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Terms that were changed, those that go together in one group, in the order of the model."""
    led = {term: leader for leader, terms in _WITH.items() if leader in touched for term in terms}
    groups: dict[str, list[str]] = {}
    for term in Agreement.__dataclass_fields__:
        if term in touched:
            groups.setdefault(led.get(term, term), []).append(term)
    yield from map(tuple, groups.values())
