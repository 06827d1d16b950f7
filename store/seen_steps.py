"""Steps that only some may take with a row they may write, in SQL, once: consents, acceptances, what follows what.

A condition is on a row as it will be, ``new.``, and as it was, ``old.``, which on an insertion is nothing.
"""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from casework.approvals import PlanState
from casework.changes import Change
from casework.people import Role
from casework.ports import Topic
from store import schema
from store.seen import party_then
from store.seen_sets import Dialect, quoted

# Not terms: what follows from them, and who has consented to them.
_NO_TERMS = ("version", "simulated", "stale", "consents")
_ANY = (PlanState.DRAFT, PlanState.PROPOSED, PlanState.CANCELLED)
_ENDED = (PlanState.DONE, PlanState.CANCELLED)


def _new_agreement(d: Dialect) -> str:
    given = f"NOT EXISTS (SELECT 1 FROM {d.things.format('new.consents')} WHERE NOT ({_given(d)}))"
    return f"new.version = 1 + {_last(d, 'new.id')} AND {_signed_last(d, 'new.id')} AND {given}"


def _changed_agreement(d: Dialect) -> str:
    """It becomes the next version of the agreement it is; consents are the actor's own, or were there to these terms."""
    terms = [one.name for one in schema.agreements.c if one.name not in _NO_TERMS]
    same = " AND ".join(f"CAST(new.{name} AS text) {d.same} CAST(old.{name} AS text)" for name in terms)
    known = f"SELECT CAST(each.value AS text) FROM {d.things.format('old.consents')}"
    kept = f"CAST(each.value AS text) IN ({known}) AND {same}"
    given = f"NOT EXISTS (SELECT 1 FROM {d.things.format('new.consents')} WHERE NOT ({_given(d)} OR {kept}))"
    # Not the newest one again, from which it could have been moved on and back: no version would tell of that.
    number = f"new.version = 1 + {_last(d, 'new.id')}"
    return f"new.id = old.id AND {number} AND {_signed_last(d, 'new.id')} AND {given}"


def _signed_last(d: Dialect, agreement_id: str) -> str:
    """Whether an own region is party to the newest version of an agreement, removed or not, or there never was one."""
    all_of_it = f"SELECT v.terms FROM {d.whole}agreement_versions AS v WHERE v.agreement_id = {agreement_id}"
    newest = f"{all_of_it} ORDER BY v.version DESC LIMIT 1"
    return f"NOT EXISTS (SELECT 1 FROM ({newest}) AS newest WHERE ({party_then(d, 'newest.')}) IS NOT true)"


def _given(d: Dialect) -> str:
    """A consent that a commander gives, in own name, on behalf of an own region."""
    me = f"SELECT me.id FROM {d.of('me')} AS me WHERE me.role = '{Role.COMMANDER}'"
    own = d.within("(each.value ->> 'party')")
    return f"(each.value ->> 'by') IN ({me}) AND {own}"


def _new_plan(_d: Dialect) -> str:
    return f"{_told('new')} AND {_state('new')} = '{PlanState.DRAFT}'"


def _changed_plan(d: Dialect) -> str:
    """Any step by either side, but acceptance by a commander of the side that accepts, of the very same plan."""
    own_a, own_b = d.within("new.a"), d.within("new.b")
    accepted = " OR ".join(
        f"({_state('old')} = '{old}' AND {_state('new')} = '{new}' AND {own})"
        for old, new, own in (
            (PlanState.PROPOSED, PlanState.ACCEPTED_A, own_a),
            (PlanState.PROPOSED, PlanState.ACCEPTED_B, own_b),
            (PlanState.ACCEPTED_A, PlanState.IN_FORCE, own_b),
            (PlanState.ACCEPTED_B, PlanState.IN_FORCE, own_a),
        )
    )
    same = f"{d.work.format('new.plan')} = {d.work.format('old.plan')}"
    done = f"{_state('old')} = '{PlanState.IN_FORCE}' AND {_state('new')} = '{PlanState.DONE}' AND {same}"
    return (
        f"{_told('new')} AND new.id = old.id AND new.a = old.a AND new.b = old.b AND {_state('old')} NOT IN ({quoted(_ENDED)})"
        f" AND ({_state('new')} IN ({quoted(_ANY)}) OR ({done})"
        f" OR ({d.role(Role.COMMANDER)} AND {same} AND ({accepted})))"
    )


def _told(row: str) -> str:
    """Whether the id and the sides that the row tells are those of the plan itself."""
    return " AND ".join(f"({row}.plan ->> '{name}') = {row}.{name}" for name in ("id", "a", "b"))


def _state(row: str) -> str:
    return f"({row}.plan ->> 'state')"


def _new_version(d: Dialect) -> str:
    """The next one, in own name, of what an own region had signed; its terms say which one it is, and what stands."""
    number = (
        "(new.terms ->> 'id') = new.agreement_id AND CAST(new.terms -> 'version' AS text) = CAST(new.version AS text)"
    )
    follows = f"new.version = 1 + {_last(d, 'new.agreement_id')}"
    return (
        f"{_own(d, 'new.')} AND {number} AND {follows} AND {_signed_last(d, 'new.agreement_id')}"
        f" AND new.change IN ({quoted(Change)})"
        f" AND CASE new.change WHEN '{Change.REMOVED}' THEN {_tells_gone(d)} ELSE {_tells_row(d)} END"
    )


def _tells_row(d: Dialect) -> str:
    """Whether the terms of a version are those of the row that stands with its number."""
    values = ((one, f"kept.{one.name}") for one in schema.agreements.c)
    named = (f"'{one.name}', {d.nested.format(it) if isinstance(one.type, sa.JSON) else it}" for one, it in values)
    same = d.told.format("new.terms", d.document.format(", ".join(named)))
    kept = f"SELECT 1 FROM {d.whole}agreements AS kept WHERE kept.id = new.agreement_id AND kept.version = new.version"
    return f"EXISTS ({kept} AND {same})"


def _tells_gone(d: Dialect) -> str:
    """Whether the terms of a version are those of the one before, of which no row is left."""
    same = d.told.format(d.terms.format("new.terms"), d.terms.format("v.terms"))
    before = f"v.agreement_id = new.agreement_id AND v.version = new.version - 1 AND {same}"
    left = f"SELECT 1 FROM {d.whole}agreements AS kept WHERE kept.id = new.agreement_id"
    return f"(NOT EXISTS ({left}) AND EXISTS (SELECT 1 FROM {d.whole}agreement_versions AS v WHERE {before}))"


def _new_zone(d: Dialect) -> str:
    """A part of the zone of the newest version, where that is in own name."""
    version = f"SELECT 1 FROM {d.whole}agreement_versions AS v WHERE v.agreement_id = new.agreement_id AND v.version = new.version"
    return f"new.version = {_last(d, 'new.agreement_id')} AND EXISTS ({version} AND {_own(d, 'v.')})"


def _own(d: Dialect, row: str) -> str:
    """Whether who made a version is who asks."""
    return f"{row}made_by IN (SELECT me.id FROM {d.of('me')} AS me)"


def _last(d: Dialect, agreement_id: str) -> str:
    """Number of the newest version of an agreement; 0 where there never was one."""
    return f"coalesce((SELECT max(v.version) FROM {d.whole}agreement_versions AS v WHERE v.agreement_id = {agreement_id}), 0)"


def _new_topic(_d: Dialect) -> str:
    return f"new.version = 1 AND new.topic IN ({quoted(Topic)})"


def _changed_topic(_d: Dialect) -> str:
    """One more change: what was made for a number is kept for it, and none comes twice."""
    return "new.topic = old.topic AND new.version = old.version + 1"


def _never(_d: Dialect) -> str:
    return "false"


# Of each table, what must hold on an insertion and on a change.
STEPS: Mapping[str, tuple[Callable[[Dialect], str], Callable[[Dialect], str]]] = {
    "agreements": (_new_agreement, _changed_agreement),
    "agreement_versions": (_new_version, _never),
    "zone_versions": (_new_zone, _never),
    "plans": (_new_plan, _changed_plan),
    "topics": (_new_topic, _changed_topic),
}
