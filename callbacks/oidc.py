"""Signing in through a provider of identities: OpenID Connect, authorization code with PKCE, by Authlib."""

from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response as Answer

from callbacks import sessions
from callbacks.forms import SIGN_IN, answered, own_address, view_of
from casework.errors import CaseError, RefusedError
from casework.gate import Gate
from pages import signing as page
from settings import Settings
from words import translator

_SUBJECT = "sub"
_NEXT = "goes_on"
# A provider that does not answer keeps one of few threads.
_PATIENCE_S = 10


def provider_of(settings: Settings) -> str:
    """Host of the provider; empty where there is none."""
    return "" if settings.oidc_issuer == "off" else urlsplit(settings.oidc_issuer).netloc


def register(server: Flask, settings: Settings, gate: Gate) -> None:
    """Add ``/sign-in/provider`` and the address it comes back to, where a provider is set.

    Nobody is made by a provider: it says who somebody is, and an administrator has said what they may do.
    """
    if not provider_of(settings):
        return
    issuer = settings.oidc_issuer.rstrip("/")
    secret = None if settings.oidc_client_secret == "none" else settings.oidc_client_secret  # noqa: S105
    client = OAuth(server).register(
        "provider",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id,
        client_secret=secret,
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "none" if secret is None else "client_secret_basic",
            "default_timeout": _PATIENCE_S,
        },
    )

    def refused(error: CaseError) -> Answer:
        goes_on = own_address(session.pop(_NEXT, ""))
        view = view_of(settings.language, goes_on)
        said = error.said(translator(view.lang))
        return answered(page.sign_in(view, goes_on, said, provider=provider_of(settings)), error)

    @server.get(f"{SIGN_IN}/provider")
    def ask_provider() -> Answer:
        session[_NEXT] = own_address(request.args.get("next", ""))
        try:
            _same_issuer(client.load_server_metadata(), issuer)
            sent: Answer = client.authorize_redirect(url_for("from_provider", _external=True))
        except (RequestException, ValueError, RuntimeError):
            return refused(_away())
        except CaseError as error:
            return refused(error)
        return sent

    @server.get(f"{SIGN_IN}/provider/back")
    def from_provider() -> Answer:
        try:
            claims = _claims(client, issuer, settings.oidc_client_id)
            subject = str(claims[_SUBJECT])
            named = None if settings.oidc_claim == _SUBJECT else str(claims.get(settings.oidc_claim) or "")
            person = gate.sign_in_as(subject, named)
        except CaseError as error:
            return refused(error)
        goes_on = own_address(session.get(_NEXT, ""))
        sessions.begin(person, gate.now().timestamp())
        return redirect(goes_on)


def _same_issuer(metadata: dict[str, Any], issuer: str) -> None:
    """Refuse a provider that calls itself by another name."""
    if str(metadata.get("issuer", "")).rstrip("/") != issuer:
        raise _wrong()


def _claims(client: Any, issuer: str, client_id: str) -> dict[str, Any]:
    """What the provider says of somebody, once every check of it has passed."""
    options = {
        "iss": {"essential": True, "values": [issuer, f"{issuer}/"]}, "aud": {"essential": True, "value": client_id},
    }  # fmt: skip
    try:
        _same_issuer(client.load_server_metadata(), issuer)
        token = client.authorize_access_token(claims_options=options)
    except RequestException as error:
        raise _away() from error
    except (OAuthError, JoseError, ValueError, KeyError, RuntimeError) as error:
        raise _wrong() from error
    claims = token.get("userinfo")
    if not claims:
        raise _wrong()
    return dict(claims)


def _away() -> RefusedError:
    return RefusedError("The provider of identities does not answer: try again, or sign in with a password.")


def _wrong() -> RefusedError:
    return RefusedError("What the provider of identities said could not be trusted: sign in again from here.")
