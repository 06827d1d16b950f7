"""Which rows an actor may write, once for both engines; what stands nowhere is the operator's, on the command line."""

from collections.abc import Mapping

from store import seen
from store.seen import Condition
from store.seen_sets import Dialect

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"


def _in_agreement(d: Dialect, row: str) -> str:
    """What hangs on an agreement that a writer's region is party to, in this very transaction too."""
    party = f"SELECT 1 FROM {d.tables}parties AS p WHERE p.agreement_id = {row}agreement_id AND {d.within('p.jurisdiction_id')}"
    return f"{seen.writer(d, row)} AND ({seen.of_ours(d, row)} OR EXISTS ({party}))"


def _of_agreement(d: Dialect, row: str) -> str:
    """What the database itself derives from an agreement that a writer's region is party to."""
    kept = f"SELECT 1 FROM {d.tables}agreements AS kept WHERE kept.id = {row}agreement_id"
    return f"{seen.writer(d, row)} AND EXISTS ({kept} AND ({seen.party_to(d, 'kept.')}))"


def _of_gone(d: Dialect, row: str) -> str:
    """The same, and what goes with an agreement that was removed a moment ago."""
    kept = f"SELECT 1 FROM {d.tables}agreements AS kept WHERE kept.id = {row}agreement_id"
    return f"{_of_agreement(d, row)} OR NOT EXISTS ({kept})"


_AGREEMENT = seen.both(seen.writer, seen.party_to)
_PLAN = seen.both(seen.writer, seen.sides)
_PATROL = seen.both(seen.writer, seen.of_ours)

# What the database works out itself from what is written; on PostgreSQL nobody else writes these at all.
DERIVED = ("parties", "shared_incidents", "shared_firms")
WRITTEN: Mapping[str, Mapping[str, Condition]] = {
    "topics": {INSERT: seen.signed_in, UPDATE: seen.signed_in},
    "agreements": {INSERT: _AGREEMENT, UPDATE: _AGREEMENT, DELETE: _AGREEMENT},
    "agreement_versions": {INSERT: seen.both(seen.writer, seen.party_then)},
    "parties": {INSERT: _of_agreement, DELETE: _of_gone},
    "zones": {INSERT: _in_agreement, DELETE: _in_agreement},
    "zone_versions": {INSERT: _in_agreement},
    "shared_incidents": {INSERT: _in_agreement, DELETE: _in_agreement},
    "shared_firms": {INSERT: _in_agreement, DELETE: _in_agreement},
    "patrols": {INSERT: _PATROL, UPDATE: _PATROL},
    "plans": {INSERT: _PLAN, UPDATE: _PLAN},
    "analyses": {INSERT: seen.both(seen.writer, seen.scope)},
    "findings": {INSERT: seen.both(seen.writer, seen.of_analysis)},
    "people": {INSERT: seen.person, UPDATE: seen.person},
    "devices": {INSERT: seen.managed, UPDATE: seen.managed},
    "audit": {INSERT: seen.everybody},
    "attempts": {INSERT: seen.everybody, DELETE: seen.everybody},
}
