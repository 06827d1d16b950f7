"""Signing in through a provider: who it names comes in, and nothing it says is believed unchecked."""

import pytest

from tests.callbacks.provider import Provider, through
from tests.callbacks.signed import Signed, event, signed_over

# Seconds since 1970, and the same in every process: several collect these tests.
LONG_AGO = 1_000_000_000
FAR_AHEAD = 4_000_000_000


@pytest.fixture(scope="module")
def provider():
    one = Provider()
    yield one
    one.close()


@pytest.fixture(scope="module")
def one_signed(world_file, tmp_path_factory, provider):
    with signed_over(world_file, tmp_path_factory, oidc_issuer=provider.issuer) as made:
        yield made


@pytest.fixture
def signed(one_signed, provider):
    provider.reset()
    one_signed.begin_anew()
    # What it read of the provider once it keeps; each test begins as a server does.
    client = one_signed.app.server.extensions["authlib.integrations.flask_client"].provider
    client.server_metadata.clear()
    return one_signed


def is_in(signed, client):
    return client.post("/_dash-update-component", json=event(signed.app, "tick")).status_code == 200


def refused(signed, provider, words, **query):
    client = signed.browser()
    answer = through(client, provider, **query)
    assert answer.status_code == 401
    assert words in answer.get_data(as_text=True)
    assert not is_in(signed, client)


def test_the_page_offers_the_provider(signed, provider):
    html = signed.browser().get("/sign-in?lang=en&next=/plans").get_data(as_text=True)
    assert f"Sign in through {provider.issuer.removeprefix('http://')}" in html
    assert 'href="/sign-in/provider?next=%2Fplans"' in html


def test_who_the_provider_names_comes_in_where_they_wanted_to(signed, provider):
    client = signed.browser()
    answer = through(client, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/plans?lang=en")
    assert is_in(signed, client)


def test_a_stranger_is_told_whom_to_ask_and_nobody_is_made(signed, provider):
    before = signed.store.people()
    provider.claims["sub"] = "stranger <b>"
    refused(signed, provider, "Nobody here is known as stranger &lt;b&gt;: ask an administrator")
    assert signed.store.people() == before


def test_who_is_locked_stays_out(signed, provider):
    signed.operator.accounts.lock("li")
    refused(signed, provider, "locked")


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"iss": "http://elsewhere.example"},
        {"exp": LONG_AGO},
        {"exp": None},
        {"iat": FAR_AHEAD},
        {"sub": None},
    ],
    ids=str,
)
def test_what_the_provider_says_has_to_be_right(signed, provider, changes):
    provider.changes = changes
    refused(signed, provider, "could not be trusted")


def test_another_signature_is_no_signature(signed, provider):
    provider.signs = provider.stranger
    refused(signed, provider, "could not be trusted")
    provider.reset()
    provider.unsigned = True
    refused(signed, provider, "could not be trusted")


@pytest.mark.parametrize("query", [{"state": "forged"}, {"code": "forged"}, {"error": "access_denied"}])
def test_what_comes_back_has_to_be_what_was_asked_for(signed, provider, query):
    refused(signed, provider, "could not be trusted", **query)


def test_a_provider_that_calls_itself_something_else_is_refused(signed, provider):
    provider.named = "http://elsewhere.example"
    answer = signed.browser().get("/sign-in/provider?next=/%3Flang%3Den")
    assert answer.status_code == 401
    assert "could not be trusted" in answer.get_data(as_text=True)


def test_an_answer_is_good_once_and_for_the_browser_that_asked(signed, provider):
    client = signed.browser()
    through(client, provider)
    code = {"code": "code-0", "state": "x"}
    assert signed.browser().get("/sign-in/provider/back", query_string=code).status_code == 401


def test_a_claim_may_be_what_people_sign_in_with(world_file, tmp_path_factory, provider):
    provider.reset()
    provider.claims["sub"] = "unknown"
    settings = {"oidc_issuer": provider.issuer, "oidc_claim": "preferred_username", "oidc_client_secret": "s"}
    with signed_over(world_file, tmp_path_factory, **settings) as signed:
        client = signed.browser()
        assert through(client, provider).status_code == 302
        assert is_in(signed, client)
        provider.claims["preferred_username"] = ""
        refused(signed, provider, "Nobody here is known")


def test_a_provider_that_is_away_is_told_in_words(world_file, tmp_path_factory):
    with signed_over(world_file, tmp_path_factory, oidc_issuer="http://127.0.0.1:9") as signed:
        answer = signed.browser().get("/sign-in/provider?next=/%3Flang%3Den")
        assert answer.status_code == 401
        assert "does not answer" in answer.get_data(as_text=True)
        assert signed.browser("li").get("/").status_code == 200


def test_without_a_provider_there_is_no_such_address(empty_desk, clock):
    client = Signed(empty_desk, clock).browser()
    assert client.get("/sign-in/provider").status_code == 404
