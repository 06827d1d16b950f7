"""Which rows of each table an actor sees and may write, and which columns come back empty, in SQL, once for both engines.

A condition names its row by a word in front of the columns: ``plans.``, or ``new.`` in a trigger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casework.people import Role
from casework.sharing import Field
from store import schema
from store.seen_sets import WRITERS, Dialect

Condition = Callable[[Dialect, str], str]

# Everybody may read these, signed in or not.
PUBLISHED = ("topics", "jurisdictions", "borders", "roads")
_OF_INCIDENTS = (Field.DESCRIPTION, Field.ACCURACY_M, Field.REPORTED_JURISDICTION, Field.SOURCE_FILE)
_OF_FIRMS = (Field.RISK, Field.EMISSIONS, Field.HISTORY, Field.SAFETY, Field.OVERSIGHT, Field.SOURCE_FILE)


@dataclass(frozen=True)
class Masked:
    """A table of which some columns come back empty for some; `empty` gives each such column's expression."""

    rows: Condition
    empty: Callable[[Dialect, str], Mapping[str, str]]

    def query(self, d: Dialect, name: str) -> str:
        """What an actor sees of the table."""
        empty = self.empty(d, f"{name}.")
        columns = (
            f"{empty.get(one.name, f'{name}.{one.name}')} AS {one.name}" for one in schema.METADATA.tables[name].c
        )
        return f"SELECT {', '.join(columns)} FROM {d.tables}{name} AS {name} WHERE {self.rows(d, f'{name}.')}"


def signed_in(d: Dialect, _row: str) -> str:
    """Whether anybody asks."""
    return f"EXISTS (SELECT 1 FROM {d.of('me')} AS me)"


def everybody(_d: Dialect, _row: str) -> str:
    """Whoever it is, known or not."""
    return "true"


def both(*conditions: Condition) -> Condition:
    """All of these."""
    return lambda d, row: " AND ".join(f"({one(d, row)})" for one in conditions)


def _not_a_screen(d: Dialect, _row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {d.of('me')} AS me WHERE me.role <> '{Role.SCREEN}')"


def writer(d: Dialect, _row: str) -> str:
    """Whether who asks draws up plans and agreements at all."""
    return d.role(*WRITERS)


def offered_incident(d: Dialect, row: str) -> str:
    """Whether an agreement in whose zone an incident lies, by its row `s`, offers that region and category."""
    offered = f"SELECT o.agreement_id, o.jurisdiction_id, o.category FROM {d.of('offered')} AS o"
    return f"(s.agreement_id, {row}jurisdiction_id, {row}category) IN ({offered})"


def _incident(d: Dialect, row: str) -> str:
    """Own, or of a region and a category that is offered, and in the zone of that agreement."""
    return (
        f"{d.within(f'{row}jurisdiction_id', 'mine')} OR ({d.within(f'{row}jurisdiction_id', 'offered', 'jurisdiction_id')}"
        f" AND EXISTS (SELECT 1 FROM {d.tables}shared_incidents AS s WHERE s.n = {row}n AND {offered_incident(d, row)}))"
    )


def _firm(d: Dialect, row: str) -> str:
    """Own, or of a region that is offered, and in the zone of that agreement."""
    offered = d.of("offered")
    return (
        f"{d.within(f'{row}jurisdiction_id', 'mine')} OR ({d.within(f'{row}jurisdiction_id', 'offered', 'jurisdiction_id')}"
        f" AND EXISTS (SELECT 1 FROM {d.tables}shared_firms AS s WHERE s.n = {row}n"
        f" AND (s.agreement_id, {row}jurisdiction_id) IN (SELECT o.agreement_id, o.jurisdiction_id FROM {offered} AS o)))"
    )


def _shared_field(d: Dialect, row: str, field: Field, shared: str, category: str) -> str:
    """A column that is null unless own, or offered by an agreement in whose zone the row lies."""
    told = (
        f"EXISTS (SELECT 1 FROM {d.tables}{shared} AS s JOIN {d.of('offered')} AS o ON o.agreement_id = s.agreement_id"
        f" WHERE s.n = {row}n AND o.jurisdiction_id = {row}jurisdiction_id AND o.category = {category}"
        f" AND o.fields LIKE '%,{field},%')"
    )
    return f"CASE WHEN {d.within(f'{row}jurisdiction_id', 'mine')} OR {told} THEN {row}{field} END"


def _incident_fields(d: Dialect, row: str) -> dict[str, str]:
    return {str(one): _shared_field(d, row, one, "shared_incidents", f"{row}category") for one in _OF_INCIDENTS}


def _firm_fields(d: Dialect, row: str) -> dict[str, str]:
    return {str(one): _shared_field(d, row, one, "shared_firms", "''") for one in _OF_FIRMS}


def _station_fields(d: Dialect, row: str) -> dict[str, str]:
    def told(field: Field, otherwise: str) -> str:
        offered = f"SELECT o.jurisdiction_id FROM {d.of('offered')} AS o WHERE o.fields LIKE '%,{field},%'"
        own = d.within(f"{row}jurisdiction_id", "mine")
        return f"CASE WHEN {own} OR {row}jurisdiction_id IN ({offered}) THEN {row}{field} ELSE {otherwise} END"

    return {"n_officers": told(Field.N_OFFICERS, "0"), "phone": told(Field.PHONE, "NULL")}


def _party(d: Dialect, a: str, b: str, others: str) -> str:
    """Whether an own region is among the parties of an agreement's terms."""
    further = f"SELECT 1 FROM {d.things.format(others)} WHERE {{}} OR {{}}"
    further = further.format(d.within("each.value ->> 'a'"), d.within("each.value ->> 'b'"))
    return f"{d.within(a)} OR {d.within(b)} OR EXISTS ({further})"


def party_to(d: Dialect, row: str) -> str:
    """Whether an own region is party to an agreement of `agreements`."""
    return _party(d, f"{row}a", f"{row}b", f"{row}others")


def party_then(d: Dialect, row: str) -> str:
    """Whether an own region was party to a version of an agreement."""
    terms = f"{row}terms"
    return _party(d, f"({terms} ->> 'a')", f"({terms} ->> 'b')", f"({terms} -> 'others')")


def _papers(d: Dialect, row: str) -> dict[str, str]:
    """What only those read who signed, or answer for one who did."""
    reads = f"({party_to(d, row)}) AND {_not_a_screen(d, row)}"
    empty = {"memorandum": "''", "powers": "''", "shares": d.no_list}
    return {name: f"CASE WHEN {reads} THEN {row}{name} ELSE {none} END" for name, none in empty.items()}


def _papers_then(d: Dialect, row: str) -> dict[str, str]:
    reads = f"({party_then(d, row)}) AND {_not_a_screen(d, row)}"
    return {"terms": f"CASE WHEN {reads} THEN {row}terms ELSE {d.bare_terms.format(f'{row}terms')} END"}


def of_ours(d: Dialect, row: str) -> str:
    """Whether it hangs on an agreement of own regions."""
    return d.within(f"{row}agreement_id", "ours", "agreement_id")


def sides(d: Dialect, row: str) -> str:
    """Whether one of two sides is own."""
    return f"{d.within(f'{row}a')} OR {d.within(f'{row}b')}"


def scope(d: Dialect, row: str) -> str:
    """Whether all whose data were looked at are own; what everything was looked at for is the operator's."""
    words = d.words.format(f"trim({row}scope, ',')")
    return f"{row}scope <> '' AND NOT EXISTS (SELECT 1 FROM {words} WHERE NOT {d.within('each.value')})"


def of_analysis(d: Dialect, row: str) -> str:
    """Whether the analysis of a finding is seen."""
    kept = f"SELECT 1 FROM {d.tables}analyses AS kept WHERE kept.id = {row}analysis_id AND {scope(d, 'kept.')}"
    return f"EXISTS ({kept})"


def managed(d: Dialect, row: str) -> str:
    """Whether all regions of a person or a screen are an administrator's own."""
    items = d.items.format(f"{row}regions")
    some, others = f"SELECT 1 FROM {items}", f"SELECT 1 FROM {items} WHERE NOT {d.within('each.value')}"
    return f"{d.role(Role.ADMINISTRATOR)} AND EXISTS ({some}) AND NOT EXISTS ({others})"


def person(d: Dialect, row: str) -> str:
    """What a person can be: nobody becomes the operator, or a screen, by a row."""
    return f"({managed(d, row)}) AND {row}role NOT IN ('{Role.OPERATOR}', '{Role.SCREEN}')"


def _entry(d: Dialect, row: str) -> str:
    """A line of the log, for the auditors of the regions it concerns; of none: for every auditor."""
    items = d.items.format(f"{row}regions")
    meets = f"EXISTS (SELECT 1 FROM {items} WHERE {d.within('each.value')})"
    return f"{d.role(Role.AUDITOR)} AND (NOT EXISTS (SELECT 1 FROM {items}) OR {meets})"


# What is read through a view, on either engine.
MASKED: Mapping[str, Masked] = {
    "incidents": Masked(_incident, _incident_fields),
    "firms": Masked(_firm, _firm_fields),
    "stations": Masked(signed_in, _station_fields),
    "agreements": Masked(signed_in, _papers),
    "agreement_versions": Masked(signed_in, _papers_then),
    "people": Masked(signed_in, lambda _d, _row: {"password": "''"}),
    "devices": Masked(managed, lambda _d, _row: {"token": "''"}),
}
# Of what has no columns to hide, which rows are read; nothing of a table that is named nowhere.
READ: Mapping[str, Condition] = {
    "zones": signed_in,
    "zone_versions": signed_in,
    "parties": both(_not_a_screen, of_ours),
    "patrols": both(_not_a_screen, of_ours),
    "plans": both(_not_a_screen, sides),
    "analyses": scope,
    "findings": of_analysis,
    "audit": _entry,
    "attempts": everybody,
    # The end of the chain, which whoever adds a line has to tie it to.
    "audit_head": everybody,
}
