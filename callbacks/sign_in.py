"""Signing in and out: the page, what its form sends, and the way out."""

from flask import Flask, redirect, request
from werkzeug.wrappers import Response as Answer

from callbacks import sessions
from callbacks.forms import SIGN_IN, SIGN_OUT, answered, look, own_address, view_of
from casework.errors import CaseError
from casework.gate import Gate
from pages import signing as page
from words import Language, translator


def register(server: Flask, gate: Gate, language: Language, provider: str) -> None:
    """Add ``/sign-in``, ``/signed-in`` and ``/sign-out``; `provider` is the host of the provider of identities, if any."""

    @server.get(SIGN_IN)
    def sign_in_page() -> Answer:
        goes_on = own_address(request.args.get("next", ""))
        view = view_of(language, goes_on)
        said = translator(view.lang)("You are signed out.") if "out" in request.args else ""
        return answered(page.sign_in(view, goes_on, said, provider=provider))

    @server.post(SIGN_IN)
    def sign_in() -> Answer:
        goes_on, named = own_address(request.form.get("next", "")), request.form.get("id", "")
        view = view_of(language, goes_on)
        try:
            person = gate.sign_in(named, request.form.get("password", ""), request.remote_addr or "")
        except CaseError as error:
            said = error.said(translator(view.lang))
            return answered(page.sign_in(view, goes_on, said, named, provider), error)
        sessions.begin(person, gate.now().timestamp())
        return redirect(goes_on)

    @server.get("/signed-in")
    def signed_in() -> Answer:
        view = view_of(language)
        _ = translator(view.lang)
        words = _("Go back to the page you came from: it goes on by itself. This one can be closed.")
        return answered(page.told(view, _("You are signed in"), words, (_("Planner"), f"/{look(view)}")))

    @server.post(SIGN_OUT)
    def sign_out() -> Answer:
        person = sessions.visitor().person
        if person is not None:
            gate.sign_out(person)
        sessions.end()
        return redirect(SIGN_IN + look(view_of(language), out="1"))
