"""What every test shares: the dashboard over an empty store, and a way to allow no skip."""

import os

import pytest
from hypothesis import settings

from tests.postgis import cluster, postgis  # noqa: F401  # fixtures for every room

NO_SKIP = os.environ.get("LIANFANG_NO_SKIP") == "1"

# The same examples in every run: what fails here fails everywhere. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def _refuse(report):
    """Turn a skip into a failure that gives the reason; an expected failure is no skip."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.longrepr = f"LIANFANG_NO_SKIP=1 allows no skip: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _refuse((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _refuse((yield))


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The dashboard over an empty store, with the doors of those who sign in."""
    import app as program  # noqa: PLC0415  only the tests of the house need the whole web
    from settings import Settings  # noqa: PLC0415

    file, stores, opening = tmp_path_factory.mktemp("empty") / "lianfang.sqlite", [], program.open_store
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(program, "open_store", lambda *place: stores.append(opening(*place)) or stores[-1])
        yield program.create_app(Settings(database=str(file), sign_in="on", oidc_issuer="https://id.example"))
    for store in stores:
        store.close()
