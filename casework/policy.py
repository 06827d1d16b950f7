"""Who may do what with what, and why: the same law that the database keeps, with reasons.

* The operator may do everything but change the log.
* A region's own are it and all below it; whoever answers for a region answers for them.
* Rows, that is incidents and firms, are seen by those who read them in their own regions; and in the zone of an
  agreement that is open, one of whose parties is own, what the row's party shares of them.
* A screen sees rows in such zones only, of all parties, and no field that can be kept back.
* What signed papers say beside title, parties and days is for the parties.
* Plans and patrols are their two sides'; analyses are for those who may see all that was looked at.
* Coordinators and commanders write for their own regions; commanders consent and accept on behalf of them.
* An agreement that was removed is still of the parties it had: nobody else brings it back, or takes its id.
* Administrators say who is who in their own regions, auditors read the log that concerns theirs.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.model import Agreement
from casework.people import Actor, Role, chain
from casework.sharing import Field


class Action(StrEnum):
    """What somebody does. Consenting is to an agreement, accepting a plan, each on behalf of one region."""

    SEE = "see"
    WRITE = "write"
    REMOVE = "remove"
    CONSENT = "consent"
    ACCEPT = "accept"


class Matter(StrEnum):
    """What it is done to. `TERRITORY` is all that is published; `PAPERS` is what an agreement says to its parties only."""

    TERRITORY = "territory"
    STATION = "station"
    INCIDENT = "incident"
    FIRM = "firm"
    AGREEMENT = "agreement"
    PAPERS = "papers"
    PLAN = "plan"
    PATROL = "patrol"
    ANALYSIS = "analysis"
    PERSON = "person"
    DEVICE = "device"
    LOG = "log"
    LOADS = "loads"


@dataclass(frozen=True)
class Thing:
    """One thing.

    `regions` are whose it is: where a row lies, the parties of an agreement, the sides of a plan, whose data an analysis
    looked at, where a person answers, whom a line of the log concerns; or on whose behalf one consents or accepts.
    `category` is that of an incident, `zones` the ids of the agreements in whose zone a row lies.
    """

    matter: Matter
    regions: tuple[str, ...] = ()
    category: str = ""
    zones: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """What a decision goes by: the agreements, the operator's day, and the region above each."""

    agreements: tuple[Agreement, ...] = ()
    on: date = date.min
    above: Mapping[str, str | None] = dataclasses.field(default_factory=dict)

    def chain(self, region: str) -> tuple[str, ...]:
        """A region and all above it, once each."""
        return chain(region, self.above)

    def own(self, actor: Actor, region: str) -> bool:
        """Whether an actor answers for a region, or for one above it."""
        return not set(actor.regions).isdisjoint(self.chain(region))

    def open_to(self, actor: Actor) -> tuple[Agreement, ...]:
        """Agreements in force, to which all have consented, and to which an own region is party."""
        return tuple(
            one
            for one in self.agreements
            if one.in_force(self.on) and one.agreed and any(self.own(actor, party) for party in one.parties)
        )


@dataclass(frozen=True)
class Allow:
    """Yes, and why."""

    reason: str


@dataclass(frozen=True)
class Refuse:
    """No, and why."""

    reason: str


Decision = Allow | Refuse
Rule = Callable[[Actor, Thing, Facts], Decision]

READERS = frozenset({Role.VIEWER, Role.OFFICER, Role.COORDINATOR, Role.COMMANDER})
WRITERS = frozenset({Role.COORDINATOR, Role.COMMANDER})
_OF_ROWS = {
    Matter.INCIDENT: frozenset({Field.DESCRIPTION, Field.ACCURACY_M, Field.REPORTED_JURISDICTION, Field.SOURCE_FILE}),
    Matter.FIRM: frozenset(
        {Field.RISK, Field.EMISSIONS, Field.HISTORY, Field.SAFETY, Field.OVERSIGHT, Field.SOURCE_FILE}
    ),
    Matter.STATION: frozenset({Field.N_OFFICERS, Field.PHONE}),
}

PUBLISHED = Allow("It is published.")
TO_ALL = Allow("Everybody who signed in sees it.")
OPERATES = Allow("The operator may.")
OWN = Allow("It is of one's own region.")
SHARED = Allow("It is shared inside a zone in force.")
TOLD = Allow("Whatever happens is written down.")
REFUSALS = {
    "stranger": Refuse("Sign in first."),
    "operator": Refuse("Only the operator does that, on the command line."),
    "log": Refuse("The log is only ever added to."),
    "role": Refuse("Your role does not read incidents and firms."),
    "foreign": Refuse("It is of another region, and no agreement in force shares it with yours."),
    "nobody": Refuse("It lies in no region: only the operator sees it."),
    "parties": Refuse("Only the parties of the agreement see it."),
    "sides": Refuse("Only the people of its two sides see it."),
    "scope": Refuse("It was made of data that you may not see all of."),
    "screen": Refuse("A screen shows published figures, and changes nothing."),
    "writer": Refuse("Coordinators and commanders do that: ask one of your region."),
    "not_party": Refuse("None of your regions is party to it: ask a coordinator of one that is."),
    "commander": Refuse("A commander of that side does that, on behalf of it."),
    "administrator": Refuse("An administrator of all its regions does that."),
    "auditor": Refuse("Auditors read the log, of what concerns their regions."),
}


def decide(actor: Actor | None, action: Action, thing: Thing, facts: Facts) -> Decision:
    """Whether an actor may, and why.

    Parameters
    ----------
    actor
        Who asks; None for somebody unknown, who left, or whose screen was revoked.
    action, thing
        What they want to do, and to what.
    facts
        What there is.

    Examples
    --------
    >>> decide(Actor("li", Role.VIEWER, ("a",)), Action.SEE, Thing(Matter.INCIDENT, ("a",), "water"), Facts())
    Allow(reason="It is of one's own region.")
    >>> decide(None, Action.SEE, Thing(Matter.STATION), Facts())
    Refuse(reason='Sign in first.')
    """
    if thing.matter is Matter.LOG and action is Action.WRITE:
        return TOLD
    if thing.matter is Matter.LOG and action is Action.REMOVE:
        return REFUSALS["log"]
    if actor is not None and actor.everywhere:
        return OPERATES
    if thing.matter is Matter.TERRITORY and action is Action.SEE:
        return PUBLISHED
    if actor is None:
        return REFUSALS["stranger"]
    rule = _LAW.get((thing.matter, action))
    return REFUSALS["operator"] if rule is None else rule(actor, thing, facts)


def visible_fields(actor: Actor | None, thing: Thing, facts: Facts) -> frozenset[Field]:
    """Which fields of an incident, a firm or a station come with their values; the others come back empty.

    Examples
    --------
    >>> visible_fields(None, Thing(Matter.FIRM, ("a",)), Facts())
    frozenset()
    """
    fields = _OF_ROWS[thing.matter]
    if actor is None or isinstance(decide(actor, Action.SEE, thing, facts), Refuse):
        return frozenset()
    if actor.everywhere:
        return fields
    if actor.role not in READERS or not thing.regions:
        return frozenset()
    if facts.own(actor, thing.regions[0]):
        return fields
    return fields & {
        field
        for agreement in facts.open_to(actor)
        if thing.matter is Matter.STATION or agreement.id in thing.zones
        for party in agreement.parties
        if party in facts.chain(thing.regions[0]) and _covers(agreement, party, thing)
        for field in agreement.share_of(party).fields
    }


def _covers(agreement: Agreement, party: str, thing: Thing) -> bool:
    """Whether what a party shares covers a thing."""
    return thing.matter is not Matter.INCIDENT or thing.category in agreement.share_of(party).categories


def _row(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """Incidents and firms."""
    if actor.role not in READERS | {Role.SCREEN}:
        return REFUSALS["role"]
    if not thing.regions:
        return REFUSALS["nobody"]
    region = thing.regions[0]
    if actor.role is not Role.SCREEN and facts.own(actor, region):
        return OWN
    shared = any(
        _covers(agreement, party, thing)
        for agreement in facts.open_to(actor)
        if agreement.id in thing.zones
        for party in agreement.parties
        if party in facts.chain(region)
    )
    return SHARED if shared else REFUSALS["foreign"]


def _to_all(_actor: Actor, _thing: Thing, _facts: Facts) -> Decision:
    return TO_ALL


def _any_own(actor: Actor, thing: Thing, facts: Facts) -> bool:
    return any(facts.own(actor, one) for one in thing.regions)


def _all_own(actor: Actor, thing: Thing, facts: Facts) -> bool:
    return bool(thing.regions) and all(facts.own(actor, one) for one in thing.regions)


def _papers(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """What only those read who signed."""
    if actor.role is Role.SCREEN:
        return REFUSALS["screen"]
    return OWN if _any_own(actor, thing, facts) else REFUSALS["parties"]


def _joint(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """Plans and patrols."""
    if actor.role is Role.SCREEN:
        return REFUSALS["screen"]
    return OWN if _any_own(actor, thing, facts) else REFUSALS["sides"]


def _write(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """Agreements, plans and patrols of an own region."""
    if actor.role not in WRITERS:
        return REFUSALS["writer"]
    return OWN if _any_own(actor, thing, facts) else REFUSALS["not_party"]


def _command(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """What is done on behalf of a side."""
    lawful = actor.role is Role.COMMANDER and _all_own(actor, thing, facts)
    return OWN if lawful else REFUSALS["commander"]


def _looked_at(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """An analysis, by whose data it was made of."""
    return OWN if _all_own(actor, thing, facts) else REFUSALS["scope"]


def _look_at(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """An analysis that is made."""
    return _looked_at(actor, thing, facts) if actor.role in WRITERS else REFUSALS["writer"]


def _manage(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """Who is who."""
    lawful = actor.role is Role.ADMINISTRATOR and _all_own(actor, thing, facts)
    return OWN if lawful else REFUSALS["administrator"]


def _audit(actor: Actor, thing: Thing, facts: Facts) -> Decision:
    """A line of the log; one that concerns no region is for every auditor."""
    lawful = actor.role is Role.AUDITOR and (not thing.regions or _any_own(actor, thing, facts))
    return OWN if lawful else REFUSALS["auditor"]


# What stands here nowhere is the operator's.
_LAW: dict[tuple[Matter, Action], Rule] = {
    (Matter.STATION, Action.SEE): _to_all,
    (Matter.INCIDENT, Action.SEE): _row,
    (Matter.FIRM, Action.SEE): _row,
    (Matter.AGREEMENT, Action.SEE): _to_all,
    (Matter.PAPERS, Action.SEE): _papers,
    (Matter.PLAN, Action.SEE): _joint,
    (Matter.PATROL, Action.SEE): _joint,
    (Matter.ANALYSIS, Action.SEE): _looked_at,
    (Matter.PERSON, Action.SEE): _to_all,
    (Matter.DEVICE, Action.SEE): _manage,
    (Matter.LOG, Action.SEE): _audit,
    (Matter.AGREEMENT, Action.WRITE): _write,
    (Matter.AGREEMENT, Action.REMOVE): _write,
    (Matter.AGREEMENT, Action.CONSENT): _command,
    (Matter.PLAN, Action.WRITE): _write,
    (Matter.PLAN, Action.ACCEPT): _command,
    (Matter.PATROL, Action.WRITE): _write,
    (Matter.ANALYSIS, Action.WRITE): _look_at,
    (Matter.PERSON, Action.WRITE): _manage,
    (Matter.DEVICE, Action.WRITE): _manage,
}
