"""The demonstration written into a store beside whatever is there: nothing is deleted, and a repeat changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import geopandas as gpd

from casework.model import Agreement, Kind, Load, Written
from casework.ports import Store, Topic
from casework.records import Records
from casework.sharing import Consent
from casework.terms import terms_frame
from geo.errors import GeoError
from geo.zones import zones
from intake.demo.boundaries import DATUM, SOURCE
from intake.demo.generate import Demo, simulated_source

FILE = "demo"
_PREFIX = "demo-"


@dataclass(frozen=True)
class Outcome:
    """What writing did.

    `n_left` counts outlines that the store holds from another source and keeps; `unresolved` names agreements whose zone
    could not be drawn, with the reason.
    """

    written: Mapping[Kind, Written]
    n_left: int
    n_borders: int
    n_agreements: int
    n_saved: int
    unresolved: tuple[tuple[str, str], ...] = field(default=())
    new_roads: bool = False

    @property
    def changed(self) -> bool:
        """Whether the store is another than before."""
        return self.new_roads or self.n_saved > 0 or any(one.n_new + one.n_changed for one in self.written.values())

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        rows = {str(kind): asdict(written) for kind, written in self.written.items()}
        rest = {"n_borders": self.n_borders, "n_agreements": self.n_agreements, "n_agreements_saved": self.n_saved}
        return rows | rest | {"n_outlines_left": self.n_left, "unresolved": [list(pair) for pair in self.unresolved]}

    def words(self, made: Demo) -> str:
        """The same, for a person."""
        at = made.incidents["at"]
        lines = [
            f"The demonstration is in the store: {len(made.jurisdictions)} counties with {self.n_borders} borders,"
            f" {self.n_agreements} agreements, {len(made.stations):,} stations, {len(made.firms):,} firms,"
            f" {len(made.incidents):,} incidents from {at.min():%Y-%m-%d} to {at.max():%Y-%m-%d},"
            f" {len(made.streets):,} pieces of road."
            + ("" if self.changed else " It was there already: nothing changed."),
            f"The outlines are real ({SOURCE}); everything else is simulated, and says so.",
        ]
        if self.n_left:
            lines.append(f"Outlines of your own that stayed as they are: {self.n_left}.")
        lines += [f"No zone for {agreement}: {reason}." for agreement, reason in self.unresolved]
        return "\n".join(lines)


def needed(store: Store) -> bool:
    """Whether the store holds no jurisdictions, or the demonstration's were written and the writing then broke off."""
    if not store.versions().get(Topic.JURISDICTIONS, 0):
        return True
    loads = store.loads()
    kinds = set(loads["kind"][loads["file"] == FILE])
    return str(Kind.BOUNDARIES) in kinds and str(Kind.INCIDENTS) not in kinds


def own_data(store: Store) -> list[str]:
    """What the store holds that is not the demonstration's, in words; empty where there is nothing."""
    loads = store.loads()
    own = loads[~loads["simulated"].astype(bool) & (loads["source"] != SOURCE)]
    found = [
        f"{kind} from {source}" for kind, source in own[["kind", "source"]].drop_duplicates().itertuples(index=False)
    ]
    mine = [agreement.id for agreement in store.agreements() if not agreement.id.startswith(_PREFIX)]
    return found + ([f"{len(mine)} agreements"] if mine else [])


def write_demo(
    made: Demo, store: Store, records: Records, told: Callable[[str], None] = lambda _words: None
) -> Outcome:
    """What writing the demonstration did.

    Parameters
    ----------
    made
        The demonstration.
    store
        Where agreements go.
    records
        Where bulk data goes; it places rows and finds the borders.
    told
        Hears in words what is being written.

    Raises
    ------
    BusyError
        Another writer holds the store. What was written before stays, and a repeat goes on from there.
    """
    told("Writing counties and their borders")
    mine, n_left = _outlines(made, store)
    written = {Kind.BOUNDARIES: records.add(_load(Kind.BOUNDARIES, made, records), mine)}
    if _did(written[Kind.BOUNDARIES]) or not len(store.borders()):
        records.boundaries_changed()
    told("Writing agreements and their zones")
    n_saved, unresolved = _agreements(made.agreements, store, records)
    frames = {Kind.STATIONS: made.stations, Kind.FIRMS: made.firms, Kind.INCIDENTS: made.incidents}
    for kind, rows in frames.items():
        told(f"Writing {len(rows):,} {kind}")
        written[kind] = records.add(_load(kind, made, records), rows)
    told("Writing roads")
    new_roads = _roads(made, store)
    return Outcome(written, n_left, len(store.borders()), len(made.agreements), n_saved, unresolved, new_roads)


def _roads(made: Demo, store: Store) -> bool:
    """Whether the roads were written: not over those of the operator, and not over the same ones."""
    kept = store.roads()
    if kept is not None and (not kept.simulated or kept.source == made.streets.source):
        return False
    store.keep_roads(made.streets)
    return True


def _outlines(made: Demo, store: Store) -> tuple[gpd.GeoDataFrame, int]:
    """The outlines to write, and how many stay away because the operator's own bear the same id."""
    kept = store.jurisdictions(made.jurisdictions["id"].tolist())
    others = kept["id"][kept["source"] != SOURCE]
    return made.jurisdictions[~made.jurisdictions["id"].isin(others)], len(others)


def _load(kind: Kind, made: Demo, records: Records) -> Load:
    """Only the outlines are real; the rest says by which seed it was made."""
    real = kind is Kind.BOUNDARIES
    source = SOURCE if real else simulated_source(made.seed)
    return Load(kind, FILE, source, DATUM, records.now(), simulated=not real)


def _did(written: Written) -> bool:
    return bool(written.n_new or written.n_changed)


def _all_consent(agreement: Agreement, at: datetime) -> tuple[Consent, ...]:
    """Every party's word, simulated as all the rest."""
    return tuple(Consent(party, "demo", at) for party in agreement.parties)


def _agreements(
    agreements: Sequence[Agreement], store: Store, records: Records
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """How many agreements were saved, as new or changed, and those whose zone could not be drawn."""
    before = {agreement.id: agreement for agreement in store.agreements()}
    drawn = set(store.zones()["agreement_id"])
    borders, outlines = store.borders(), records.jurisdictions()
    n_saved, unresolved = 0, []
    for agreement in agreements:
        known = before.get(agreement.id)
        # Saving raises the version, and a version must not grow where nothing changed.
        version, consents = (known.version, known.consents) if known is not None else (0, ())
        agreement = replace(agreement, version=version, consents=consents or _all_consent(agreement, records.now()))  # noqa: PLW2901
        if known == agreement and agreement.id in drawn:
            continue
        try:
            zone = zones(terms_frame(agreement), borders, outlines)
        except GeoError as error:
            unresolved.append((agreement.id, str(error)))
            continue
        store.save_agreement(agreement, zone)
        n_saved += 1
    return n_saved, tuple(unresolved)
