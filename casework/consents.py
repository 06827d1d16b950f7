"""Consent: nothing is shared before every party has agreed to the very terms, and any party can take its word back."""

from dataclasses import replace

from casework.changes import Change, same_terms
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.model import Agreement
from casework.people import Actor
from casework.policy import Action, Allow, Facts, Matter, Thing, decide
from casework.ports import Clock, Store
from casework.sharing import Consent
from casework.territory import Territory


class Consents:
    """Who has agreed to what; each step is a version of the agreement."""

    def __init__(self, store: Store, clock: Clock, actor: Actor, territory: Territory) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor
        self._territory = territory

    def own(self, agreement: Agreement) -> tuple[str, ...]:
        """Parties that the actor speaks for."""
        facts = Facts(above=self._territory.parents())
        asked = ((party, Thing(Matter.AGREEMENT, (party,))) for party in agreement.parties)
        return tuple(
            party for party, thing in asked if isinstance(decide(self._actor, Action.CONSENT, thing, facts), Allow)
        )

    def of_saved(self, agreement: Agreement, before: Agreement | None, *, speaks: bool = True) -> tuple[Consent, ...]:
        """Consents to an agreement that is about to be kept.

        Words given to the very same terms stay; other terms need everybody's word again.

        Parameters
        ----------
        agreement
            With its new terms.
        before
            What is kept; None where nothing is.
        speaks
            Whether whoever saves consents for their own side: they have read all that it says.
        """
        own = self.own(agreement) if speaks else ()
        given = {party: Consent(party, self._actor.id, self._clock.now()) for party in own}
        if before is not None and same_terms(before, agreement):
            given |= {one.party: one for one in before.consents}
        return tuple(given[party] for party in agreement.parties if party in given)

    def give(self, agreement_id: str, version: int, party: str) -> Agreement:
        """The agreement after a party has consented to the terms of `version`.

        Raises
        ------
        NotFoundError
            When there is no such agreement.
        OutdatedError
            When the terms are no longer those of `version`; nothing was changed.
        RefusedError
            When the actor does not speak for the party, or it has consented already.
        """
        agreement = self._kept(agreement_id, version, party)
        if any(one.party == party for one in agreement.consents):
            raise RefusedError("This side has consented to these terms already.")
        consent = Consent(party, self._actor.id, self._clock.now())
        consents = sorted((*agreement.consents, consent), key=lambda one: one.party)
        return self._saved(replace(agreement, consents=tuple(consents)), Change.CONSENTED)

    def withdraw(self, agreement_id: str, version: int, party: str) -> Agreement:
        """The agreement after a party has taken its word back: from then on nobody shares anything by it.

        Raises
        ------
        NotFoundError
            When there is no such agreement.
        OutdatedError
            When the terms are no longer those of `version`; nothing was changed.
        RefusedError
            When the actor does not speak for the party, or it has not consented.
        """
        agreement = self._kept(agreement_id, version, party)
        left = tuple(one for one in agreement.consents if one.party != party)
        if len(left) == len(agreement.consents):
            raise RefusedError("This side has not consented to these terms.")
        return self._saved(replace(agreement, consents=left), Change.WITHDRAWN)

    def _kept(self, agreement_id: str, version: int, party: str) -> Agreement:
        """The agreement that somebody saw as `version`, if its terms are the same and the actor speaks for `party`."""
        agreement = next((one for one in self._store.agreements() if one.id == agreement_id), None)
        if agreement is None:
            raise NotFoundError("There is no agreement {id}.", id=agreement_id)
        seen = {one.agreement.version: one.agreement for one in self._store.agreement_history(agreement_id)}
        if version not in seen or not same_terms(seen[version], agreement):
            raise OutdatedError(
                "The terms are no longer those you read: load the newest version and read it before you say yes or no."
            )
        if party not in self.own(agreement):
            raise RefusedError("You cannot speak for this side: its commander can.")
        return agreement

    def _saved(self, agreement: Agreement, change: Change) -> Agreement:
        return self._store.save_agreement(agreement, self._store.zones([agreement.id]), change)
