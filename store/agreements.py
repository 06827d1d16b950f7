"""Agreements with their zones, as they stand and as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
import sqlalchemy as sa

from casework.audit import Deed
from casework.changes import AgreementVersion, Change
from casework.errors import NotFoundError, OutdatedError
from casework.model import Agreement, Category, Ends, Strip
from casework.ports import Topic
from casework.sharing import Consent, Field, Share
from geo.errors import FrameError
from geo.frames import ZONES
from store import schema
from store.database import Database
from store.database import change as change_row
from store.rows import FLOAT, TEXT, columns_of, flat, floats, from_us, shapes, texts, to_us

_ZONES = {"agreement_id": TEXT, "side": TEXT, "jurisdiction_id": TEXT, "area_m2": FLOAT}


class Agreements:
    """What neighbours agreed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def agreements(self) -> tuple[Agreement, ...]:
        """See `casework.ports.Store.agreements`."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(schema.agreements).order_by(schema.agreements.c.id)).mappings().all()
        return tuple(_agreement(row) for row in rows)

    def save_agreement(self, agreement: Agreement, zone: gpd.GeoDataFrame, change: Change = Change.SAVED) -> Agreement:
        """See `casework.ports.Store.save_agreement`.

        Raises
        ------
        FrameError
            When `zone` breaks its contract or belongs to another agreement; nothing was changed.
        OutdatedError
            When another version is kept than the one it was made from; nothing was changed.
        """
        parts = _parts(agreement.id, zone)
        kept = schema.agreements
        with self._database.write(Topic.AGREEMENTS) as connection:
            newest, consented = _newest(connection, agreement.id)
            if newest != agreement.version:
                raise OutdatedError(f"{agreement.id} is kept as version {newest}, not {agreement.version}.")
            saved = replace(agreement, version=_last(connection, agreement.id) + 1)
            row = _row(saved)
            if newest:
                change_row(connection, sa.update(kept).where(kept.c.id == saved.id).values(row))
            else:
                connection.execute(sa.insert(kept).values(row))
            self._redraw(connection, saved.id, parts)
            self._remember(connection, saved, change, parts)
            self._tell_consents(connection, saved, consented)
        return saved

    def remove_agreement(self, agreement_id: str, version: int) -> Agreement:
        """See `casework.ports.Store.remove_agreement`; the removal is a version of its own, without a zone.

        Raises
        ------
        NotFoundError
            When there is none.
        OutdatedError
            When another version is kept than the one that was read; nothing was changed.
        """
        kept = schema.agreements
        with self._database.write(Topic.AGREEMENTS) as connection:
            row = connection.execute(sa.select(kept).where(kept.c.id == agreement_id)).mappings().first()
            if row is None:
                raise NotFoundError(f"There is no agreement {agreement_id!r}; it may have been removed already.")
            if row["version"] != version:
                raise OutdatedError(f"{agreement_id} is kept as version {row['version']}, not {version}.")
            change_row(connection, sa.delete(kept).where(kept.c.id == agreement_id))
            gone = replace(_agreement(row), version=_last(connection, agreement_id) + 1)
            self._remember(connection, gone, Change.REMOVED, [])
        return gone

    def agreement_history(self, agreement_id: str | None = None) -> tuple[AgreementVersion, ...]:
        """See `casework.ports.Store.agreement_history`."""
        then = schema.agreement_versions
        wanted = sa.select(then).order_by(then.c.agreement_id, then.c.version.desc())
        if agreement_id is not None:
            wanted = wanted.where(then.c.agreement_id == agreement_id)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            AgreementVersion(_agreement(row.terms), Change(row.change), from_us(row.at_us), row.area_m2, row.made_by)
            for row in rows
        )

    def zone_as_it_was(self, agreement_id: str, version: int) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.zone_as_it_was`."""
        then = schema.zone_versions
        return self._shapes(then, (then.c.agreement_id == agreement_id) & (then.c.version == version))

    def zones(self, agreement_ids: Sequence[str] | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.zones`."""
        now = schema.zones
        return self._shapes(now, sa.true() if agreement_ids is None else now.c.agreement_id.in_(agreement_ids))

    def _shapes(self, table: sa.Table, which: sa.ColumnElement[bool]) -> gpd.GeoDataFrame:
        wanted = sa.select(*(table.c[name] for name in _ZONES), table.c.geometry).where(which)
        wanted = wanted.order_by(table.c.agreement_id, table.c.side, table.c.n)
        with self._database.read() as connection:
            return shapes(connection.execute(wanted).all(), _ZONES)

    def _redraw(self, connection: sa.Connection, agreement_id: str, parts: list[dict[str, Any]]) -> None:
        """Put a zone in the place of the one there was, and find what lies in it if it is another one."""
        zones = schema.zones
        kept = sa.select(zones.c.side, zones.c.jurisdiction_id, zones.c.geometry).where(
            zones.c.agreement_id == agreement_id
        )
        before = {tuple(row) for row in connection.execute(kept)}
        connection.execute(sa.delete(zones).where(zones.c.agreement_id == agreement_id))
        if parts:
            connection.execute(sa.insert(zones), parts)
        if before != {(part["side"], part["jurisdiction_id"], part["geometry"]) for part in parts}:
            self._database.share(connection, agreement_id)

    def _remember(
        self, connection: sa.Connection, agreement: Agreement, change: Change, parts: list[dict[str, Any]]
    ) -> None:
        """Put a version into the history, and count the change."""
        terms = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in _row(agreement).items()
        }
        version = {"agreement_id": agreement.id, "version": agreement.version}
        told = {"change": str(change), "at_us": to_us(self._database.now()), "terms": terms}
        made = {"area_m2": sum(part["area_m2"] for part in parts), "made_by": self._database.actor.id}
        connection.execute(sa.insert(schema.agreement_versions).values(version | told | made))
        if parts:
            connection.execute(sa.insert(schema.zone_versions), [part | version for part in parts])
        thing, parties = f"agreement:{agreement.id}", agreement.parties
        entry = self._database.entry(thing, parties, change=str(change), version=agreement.version)
        self._database.bump(connection, Topic.AGREEMENTS, entry)

    def _tell_consents(self, connection: sa.Connection, agreement: Agreement, before: list[dict[str, Any]]) -> None:
        """Tell the audit whose word is another than before: given, given anew to other terms, or gone."""
        thing, version = f"agreement:{agreement.id}", agreement.version
        old, new = ({one["party"]: one for one in ones} for ones in (before, _consents(agreement)))
        by = {party: one["by"] for party, one in (old | new).items()}
        entries = [
            self._database.entry(
                thing, agreement.parties, Deed.SHARED, party=one, by=by[one], version=version, given=one in new
            )
            for one in sorted(by)
            if old.get(one) != new.get(one)
        ]
        if entries:
            self._database.tell(connection, *entries)


def _newest(connection: sa.Connection, agreement_id: str) -> tuple[int, list[dict[str, Any]]]:
    """Version that is kept, and who has consented to it; 0 and nobody where none is."""
    kept = schema.agreements.c
    found = connection.execute(sa.select(kept.version, kept.consents).where(kept.id == agreement_id)).first()
    return (found.version, found.consents) if found else (0, [])


def _last(connection: sa.Connection, agreement_id: str) -> int:
    """Last version there ever was, of an agreement that was removed too."""
    then = schema.agreement_versions.c
    found = sa.select(sa.func.max(then.version)).where(then.agreement_id == agreement_id)
    return connection.execute(found).scalar() or 0


def _row(agreement: Agreement) -> dict[str, Any]:
    return asdict(agreement) | {
        "categories": [str(one) for one in agreement.categories],
        "others": [asdict(strip) for strip in agreement.others],
        "ends": str(agreement.ends),
        "shares": [asdict(share) for share in agreement.shares],
        "consents": _consents(agreement),
    }


def _consents(agreement: Agreement) -> list[dict[str, Any]]:
    return [asdict(consent) | {"at": to_us(consent.at)} for consent in agreement.consents]


def _agreement(row: Mapping[Any, Any]) -> Agreement:
    """The agreement of a row, or of a version, in which days are text."""
    days = {name: date.fromisoformat(row[name]) for name in ("valid_from", "valid_to") if isinstance(row[name], str)}
    terms = {
        "categories": tuple(Category(one) for one in row["categories"]),
        "others": tuple(Strip(**strip) for strip in row["others"]),
        "ends": Ends(row["ends"]),
        # Versions of before anybody could consent do not tell.
        "shares": tuple(_share(share) for share in row.get("shares", ())),
        "consents": tuple(Consent(**{**one, "at": from_us(one["at"])}) for one in row.get("consents", ())),
    }
    return Agreement(**{**row, **terms, **days})


def _share(row: Mapping[str, Any]) -> Share:
    return Share(row["party"], tuple(row["categories"]), tuple(Field(one) for one in row["fields"]))


def _parts(agreement_id: str, zone: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Rows of an agreement's zone."""
    if not len(zone):
        return []
    ZONES.check(zone)
    values = columns_of(zone, {"agreement_id": texts, "side": texts, "jurisdiction_id": texts, "area_m2": floats})
    others = set(values["agreement_id"]) - {agreement_id}
    if others:
        raise FrameError(f"The zone belongs to {min(others)!r}, not to the agreement {agreement_id!r}.")
    values["geometry"] = shapely.to_wkb(flat(zone)).tolist()
    return [dict(zip(values, one, strict=True)) for one in zip(*values.values(), strict=True)]
