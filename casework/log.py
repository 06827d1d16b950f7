"""The log: what was seen, taken out and refused is told, and who may reads it. What changes, the store tells itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.agreements import Agreements
from casework.audit import Deed, Entry, Fact, Head, Sought
from casework.chain import Break, first_break
from casework.errors import BusyError, RefusedError
from casework.model import Agreement
from casework.people import Actor, Role
from casework.ports import Clock, Store
from casework.territory import Territory

_READERS = (Role.AUDITOR, Role.OPERATOR)
# These read no records of others, however often they look.
_BLIND = (Role.AUDITOR, Role.ADMINISTRATOR, Role.OPERATOR)
_MOST_REFUSALS = 1_000


@dataclass(frozen=True)
class Checked:
    """What came of looking at lines of the chain: how many up to which head, by when, and the first that does not hold.

    `whole`: they were all lines from the first to the head.
    """

    at: datetime
    n_lines: int
    head: Head
    whole: bool
    broken: Break | None


class Log:
    """Tells what one actor does, and reads it back to those whose work that is."""

    def __init__(self, store: Store, clock: Clock, actor: Actor, territory: Territory, agreements: Agreements) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor
        self._territory = territory
        self._agreements = agreements
        self._minute = -1
        self._hour = -1
        self._looked: set[str] = set()
        self._refused: set[tuple[int, str, str]] = set()

    # what is told

    def opened(self, kind: str, thing_id: str, region: str | None) -> None:
        """Tell that a record was opened, where it is another region's; who cannot be told of is not shown it.

        Raises
        ------
        BusyError
            When the line could not be written: the record must not be shown then.
        """
        if self._actor.everywhere or region is None or self._is_own(region):
            return
        self._tell(Deed.SAW, f"{kind}:{thing_id}", (region, *self._actor.regions))

    def looked(self) -> None:
        """Tell that lists, tiles or figures are looked at that hold what partners share: once a zone and hour.

        It is asked at every tile and tick, and looks at the agreements once a minute. What could not be written now is
        tried again with the next minute: a map does not wait for a load.
        """
        if self._actor.role in _BLIND:
            return
        now = self._clock.now()
        minute = int(now.timestamp()) // 60
        if minute == self._minute:
            return
        self._minute = minute
        if minute // 60 != self._hour:
            self._hour, self._looked = minute // 60, set()
        new = [one for one in self._agreements.in_force() if one.id not in self._looked and self._shares_with(one)]
        if not new:
            return
        try:
            self._store.append([self._entry(Deed.SAW, f"zone:{one.id}", one.parties) for one in new])
        except BusyError:
            return
        self._looked |= {one.id for one in new}

    def exported(self, thing: str, regions: Sequence[str] = (), **facts: Fact) -> None:
        """Tell that something went out as a file."""
        self._tell(Deed.EXPORTED, thing, regions, **facts)

    def refused(self, thing: str, reason: str, regions: Sequence[str] = ()) -> None:
        """Tell that the rules refused something; the same thing for the same reason once a minute."""
        key = (int(self._clock.now().timestamp()) // 60, thing, reason)
        if key in self._refused:
            return
        if len(self._refused) >= _MOST_REFUSALS:
            self._refused.clear()
        self._refused.add(key)
        self._tell(Deed.REFUSED, thing, regions or self._actor.regions, reason=reason)

    # what is read

    def lines(self, sought: Sought, limit: int, before: int | None = None) -> tuple[Entry, ...]:
        """Lines numbered below `before`, newest first, of those that concern the actor's regions or none.

        Raises
        ------
        RefusedError
            When the actor is neither auditor nor operator.
        """
        self._demand_reader()
        concerns, found = self._concerns(), list[Entry]()
        while len(found) < limit:
            page = self._store.audit(sought, limit, before)
            found += filter(concerns, page)
            if len(page) < limit:
                break
            before = page[-1].n
        return tuple(found[:limit])

    def every_line(self, sought: Sought, file: str) -> Iterator[Entry]:
        """The same, all of them and oldest first, for a file that goes out; that is told first."""
        self._demand_reader()
        self.exported("audit:", self._actor.regions, file=file)
        return filter(self._concerns(), self._store.audit_lines(sought))

    def checked(self, latest: int | None = None) -> Checked:
        """Whether the chain holds: all of it, or its `latest` lines. Of lines that one may not read, nothing is said."""
        self._demand_reader()
        # Read before the lines: whoever works meanwhile adds some behind it.
        head = self._store.audit_head()
        after = 0 if latest is None else max(head.n - latest, 0)
        n_lines = 0

        def counted() -> Iterator[Entry]:
            nonlocal n_lines
            for line in filter(self._concerns(), self._store.audit_lines(Sought(), after)):
                n_lines += 1
                yield line

        everything = self._actor.everywhere
        broken = first_break(counted(), head.hash if everything else "", whole=everything and not after)
        return Checked(self._clock.now(), n_lines, head, everything and not after, broken)

    def _demand_reader(self) -> None:
        if self._actor.role not in _READERS:
            error = RefusedError("The log is read by auditors: ask your administrator for that role.")
            self.refused("audit:", str(error))
            raise error

    def _concerns(self) -> Callable[[Entry], bool]:
        """What tells whether a line is the actor's to read; who lies below whom is looked up once for all lines."""
        above = {} if self._actor.everywhere else self._territory.parents()
        return lambda line: not line.regions or any(self._actor.answers_for(one, above) for one in line.regions)

    def _is_own(self, region: str) -> bool:
        return self._actor.answers_for(region, self._territory.parents())

    def _shares_with(self, agreement: Agreement) -> bool:
        """Whether an agreement lets the actor see what is another's."""
        above = self._territory.parents()
        own = {self._actor.answers_for(party, above) for party in agreement.parties}
        return agreement.agreed and own == {True, False}

    def _tell(self, deed: Deed, thing: str, regions: Sequence[str], **facts: Fact) -> None:
        self._store.append([self._entry(deed, thing, regions, **facts)])

    def _entry(self, deed: Deed, thing: str, regions: Sequence[str], **facts: Fact) -> Entry:
        concerned = tuple(sorted(set(regions)))
        return Entry(self._clock.now(), self._actor.id, str(self._actor.role), deed, thing, concerned, facts)
