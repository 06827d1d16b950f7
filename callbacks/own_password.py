"""A password of one's own: set by invitation, or changed by whoever has signed in."""

from flask import Flask, redirect, request
from werkzeug.wrappers import Response as Answer

from callbacks import sessions
from callbacks.forms import INVITE, answered, look, new_password, view_of
from casework.errors import CaseError, RefusedError
from casework.gate import Gate
from casework.invitations import unsealed
from pages import signing as page
from words import Language, translator


def register(server: Flask, gate: Gate, key: str, language: Language) -> None:
    """Add ``/invite/<text>`` and ``/password``; `key` is what invitations are signed with."""

    @server.route(f"{INVITE}<text>", methods=["GET", "POST"])
    def invite(text: str) -> Answer:
        view = view_of(language)
        _ = translator(view.lang)
        try:
            invitation = unsealed(text, key, gate.now())
            if gate.person(invitation.person_id, invitation.epoch) is None:
                raise RefusedError("This invitation is not valid any more: ask an administrator for a new one.")
        except CaseError as error:
            return answered(page.told(view, _("No invitation"), error.said(_)), error)
        named = invitation.person_id
        if request.method != "POST":
            return answered(page.invited(view, request.path, named))
        try:
            person = gate.accept(named, invitation.epoch, new_password())
        except CaseError as error:
            return answered(page.invited(view, request.path, named, error.said(_)), error)
        sessions.begin(person, gate.now().timestamp())
        return redirect(f"/{look(view)}")

    @server.route("/password", methods=["GET", "POST"])
    def password() -> Answer:
        view, person = view_of(language), sessions.visitor().person
        _ = translator(view.lang)
        if request.method != "POST":
            return answered(page.change_password(view, person.id))
        try:
            new = new_password()
            changed = gate.change_password(person, request.form.get("old", ""), new, request.remote_addr or "")
        except CaseError as error:
            return answered(page.change_password(view, person.id, error.said(_)), error)
        sessions.begin(changed, gate.now().timestamp())
        return redirect(f"/{look(view)}")
