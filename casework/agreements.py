"""Agreements and the zones that follow from them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import lru_cache

import geopandas as gpd

from casework.agreement_merge import REMOVED, Meanwhile, merge
from casework.changes import Change, same_terms, steps
from casework.consents import Consents
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.model import Agreement, Standing
from casework.people import Actor
from casework.ports import Clock, Store, Topic
from casework.rules import Rules
from casework.terms import terms_frame
from casework.territory import Territory
from casework.zone_figures import ZoneFigures, zone_figures
from geo.errors import GeoError
from geo.stretches import marks
from geo.zones import zones

DRAFT = "draft"


class Agreements:
    """What neighbours have signed, and the strip it covers."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, territory: Territory, consents: Consents) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._territory = territory
        self._consents = consents
        self._preview = lru_cache(maxsize=64)(self._compute)

    def today(self) -> date:
        """The day by the operator's calendar: an agreement holds from midnight to midnight there, not in Greenwich."""
        return self._rules.day(self._clock.now())

    def all(self) -> tuple[Agreement, ...]:
        """Every agreement, those in force first, then those to come, then those that ended."""
        today = self.today()
        order = list(Standing)
        return tuple(sorted(self._store.agreements(), key=lambda one: (order.index(one.standing(today)), one.id)))

    def in_force(self) -> tuple[Agreement, ...]:
        """Agreements that hold today."""
        today = self.today()
        return tuple(one for one in self._store.agreements() if one.in_force(today))

    def in_force_for(self, actor: Actor) -> tuple[Agreement, ...]:
        """Those of them that a region of the actor's is party to; for the operator all."""
        above = self._territory.parents()
        return tuple(one for one in self.in_force() if any(actor.answers_for(party, above) for party in one.parties))

    def get(self, agreement_id: str) -> Agreement:
        """One agreement; an unknown id raises `NotFoundError`."""
        for agreement in self._store.agreements():
            if agreement.id == agreement_id:
                return agreement
        raise NotFoundError("There is no agreement {id}.", id=agreement_id)

    def zones(self, *agreement_ids: str) -> gpd.GeoDataFrame:
        """ZONES frame of `agreement_ids`, or of all."""
        return self._store.zones(agreement_ids or None)

    def zones_in_force(self) -> gpd.GeoDataFrame:
        """ZONES frame of the agreements that hold today."""
        ids = {one.id for one in self.in_force()}
        zones = self._store.zones()
        return zones[zones["agreement_id"].isin(ids)]

    def draft(self, a: str, b: str) -> Agreement:
        """An agreement nobody signed yet: the whole border, 1 km each side, from today."""
        a, b = sorted((a, b))
        return Agreement(DRAFT, "", a, b, 1000.0, 1000.0, valid_from=self.today())

    def preview(self, agreement: Agreement) -> gpd.GeoDataFrame:
        """ZONES frame of an agreement that need not be kept; quick enough to follow a slider.

        Raises
        ------
        RefusedError
            When nothing would be policed (both depths 0, or an empty stretch), or two parties stand in the wrong order.
        GeoError
            When the two share no border or the stretch lies outside it.
        """
        for strip in agreement.strips:
            if strip.a >= strip.b:
                raise RefusedError(
                    "{a} and {b} are not in the order of their ids: name the lesser one first.", a=strip.a, b=strip.b
                )
            if strip.depth_a_m <= 0 and strip.depth_b_m <= 0:
                raise RefusedError("A zone needs a depth above 0 m on at least one side.")
            if strip.from_m is not None and strip.to_m is not None and strip.from_m >= strip.to_m:
                raise RefusedError("The stretch ends before it starts: move the second mark beyond the first.")
        # Words, days and who wrote them move no line: what was drawn while one typed is not drawn again.
        drawn = replace(
            agreement, title="", memorandum="", powers="", stale="", valid_from=date.min, valid_to=None, version=0
        )
        drawn = replace(drawn, shares=(), consents=())
        return self._preview(
            self._store.versions()[Topic.JURISDICTIONS], replace(drawn, categories=(), simulated=False)
        )

    def figures(self, agreement: Agreement) -> ZoneFigures:
        """Lengths and areas of an agreement's zone."""
        zone = self.preview(agreement)
        return zone_figures(agreement, zone, self._territory.border(agreement.a, agreement.b).length_m)

    def mark_m(self, a: str, b: str, lon: float, lat: float) -> float:
        """Metres along the border of `a` and `b` of its point nearest to a place."""
        return float(marks(self._territory.border(a, b).geometry, lon, lat)[0])

    def save(self, agreement: Agreement) -> Agreement:
        """The agreement as kept, with its zone; a draft gets an id of its own. Other terms need every party's word again.

        A draft that is kept already, word by word, is not kept twice.

        Parameters
        ----------
        agreement
            Its `version` is the one its terms were made from.

        Raises
        ------
        RefusedError
            When it would end before it begins, covers no category, or nothing would be policed; nothing was changed.
        OutdatedError
            When a newer version is kept, or it was removed; nothing was changed. `since` says what became of it.
        GeoError
            When two share no border or a stretch lies outside it; nothing was changed.
        """
        if agreement.id == DRAFT:
            # Sent a second time, by a second click or by somebody who kept the request.
            if (twin := self._twin(replace(agreement, stale=""))) is not None:
                return twin
            agreement = replace(agreement, id=self._free_id(agreement), version=0)
        return self._saved(agreement, speaks=True)

    def since(self, mine: Agreement) -> Meanwhile | None:
        """What became of an agreement since the version that `mine` was made from; None when nothing did."""
        versions = self._store.agreement_history(mine.id)
        base = next((one.agreement for one in versions if one.agreement.version == mine.version), None)
        if base is None or versions[0].agreement.version == base.version:
            return None
        made = tuple(step for step in steps(versions) if step.version > base.version)
        # The last terms of one that was removed stand in the version of its removal too.
        return Meanwhile(base, versions[0].agreement, made)

    def save_on_top(self, found: Meanwhile, mine: Agreement, keep_mine: Collection[str] = ()) -> Agreement:
        """My changes on top of theirs, as kept; their version where nothing of mine is left.

        Whoever saves what others wrote has not read it yet: they speak for their side when they consent to the result.

        Parameters
        ----------
        found
            What they did.
        mine
            What I made of the version that both began with.
        keep_mine
            Clashes, by id, in which mine stands; in the others theirs does.

        Raises
        ------
        RefusedError
            When the two together are no agreement, as for `save`, or it was removed and is to stay so.
        OutdatedError
            When somebody saved once more; nothing was changed.
        GeoError
            When the two together lie on no border; nothing was changed.
        """
        if found.removed and REMOVED not in keep_mine:
            raise RefusedError("This agreement was removed while you worked on it; nothing was saved.")
        agreement = merge(found.base, found.theirs, mine, keep_mine).agreement
        if found.removed:
            agreement = replace(agreement, version=0)
        elif same_terms(found.theirs, agreement):
            return found.theirs
        return self._saved(agreement, speaks=same_terms(found.base, found.theirs))

    def remove(self, agreement_id: str, version: int) -> Agreement:
        """The agreement as it went, with its zone; its history stays.

        Parameters
        ----------
        version
            The one that was read.

        Returns
        -------
        Agreement
            Its last terms; its `version` is that of the removal, which `restore` asks for.

        Raises
        ------
        NotFoundError
            When there is no such agreement.
        OutdatedError
            When a newer version is kept; nothing was changed. `since` says what it changed.
        """
        self.get(agreement_id)
        try:
            return self._store.remove_agreement(agreement_id, version)
        except OutdatedError as error:
            raise OutdatedError(
                "Somebody saved version {newest} while you looked at version {version}; nothing was removed: read it first.",
                newest=self._newest(agreement_id),
                version=version,
            ) from error

    def restore(self, agreement_id: str, version: int) -> Agreement:
        """The agreement that was removed, with the zone it had; drawn by the boundaries there are now, where that can be.

        Parameters
        ----------
        version
            The removal that is undone, as `remove` tells it.

        Raises
        ------
        RefusedError
            When it was not removed, or is back already.
        OutdatedError
            When it was brought back since, and removed again; nothing was changed.
        NotFoundError
            When it never was.
        """
        versions = self._store.agreement_history(agreement_id)
        if not versions:
            raise NotFoundError("There is no agreement {id}.", id=agreement_id)
        if versions[0].change is not Change.REMOVED:
            raise RefusedError("The agreement is there already.")
        if versions[0].agreement.version != version:
            raise OutdatedError(
                "The agreement came back after version {version} and was removed again as version {newest};"
                " nothing was restored.",
                version=version,
                newest=versions[0].agreement.version,
            )
        last = versions[1].agreement
        # Nobody consents by an undo to terms that somebody else may have written meanwhile.
        spoke = {one.party for one in last.consents}
        consents = tuple(one for one in self._consents.of_saved(last, None) if one.party in spoke)
        back = replace(last, version=0, consents=consents)
        try:
            zone, back = self.preview(back), replace(back, stale="")
        except GeoError as error:
            zone, back = self._store.zone_as_it_was(agreement_id, last.version), replace(back, stale=str(error))
        try:
            return self._store.save_agreement(back, zone, Change.RESTORED)
        except OutdatedError as error:
            # Somebody else brought it back in this very moment.
            raise RefusedError("The agreement is there already.") from error

    def _saved(self, agreement: Agreement, *, speaks: bool) -> Agreement:
        """The agreement as kept; whoever saves consents for their side, if they speak."""
        if agreement.valid_to is not None and agreement.valid_to < agreement.valid_from:
            raise RefusedError(
                "The agreement would end on {end}, before it begins on {start}: change one of the two days.",
                end=agreement.valid_to,
                start=agreement.valid_from,
            )
        if not agreement.categories:
            raise RefusedError("The agreement covers no category: choose at least one.")
        consents = self._consents.of_saved(agreement, self._kept(agreement.id), speaks=speaks)
        agreement = replace(agreement, stale="", consents=consents)
        try:
            return self._store.save_agreement(agreement, self.preview(agreement))
        except OutdatedError as error:
            newest = self._newest(agreement.id)
            if not newest:
                raise OutdatedError("This agreement was removed while you worked on it; nothing was saved.") from error
            raise OutdatedError(
                "Somebody saved version {newest} while you worked on version {version}; nothing was saved.",
                newest=newest,
                version=agreement.version,
            ) from error

    def _newest(self, agreement_id: str) -> int:
        """Version that is kept; 0 where none is."""
        kept = self._kept(agreement_id)
        return 0 if kept is None else kept.version

    def _kept(self, agreement_id: str) -> Agreement | None:
        return next((one for one in self._store.agreements() if one.id == agreement_id), None)

    def _twin(self, draft: Agreement) -> Agreement | None:
        """The agreement that says what the draft says."""
        return next(
            (
                one
                for one in self._store.agreements()
                if replace(one, id=DRAFT, version=draft.version, consents=draft.consents) == draft
            ),
            None,
        )

    def _free_id(self, agreement: Agreement) -> str:
        """An id nobody has, and nobody had: what was removed can come back."""
        taken = {one.agreement.id for one in self._store.agreement_history()}
        stem = f"{agreement.a}-{agreement.b}"
        return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}-{n}") not in taken)

    def _compute(self, _version: int, agreement: Agreement) -> gpd.GeoDataFrame:
        parties = agreement.parties
        outlines = self._territory.jurisdictions(*self._territory.near(*parties) if agreement.beyond else parties)
        return zones(terms_frame(agreement), self._territory.among(*parties), outlines)
