"""Who computes changes no figure: this machine, a Dask cluster; and a worker says when there is nothing to work for."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from casework.desk import Desk
from casework.findings import Inquiry
from casework.model import Kind
from casework.people import Actor, Role
from casework.rules import Rules
from cli import cli
from machines import workforce
from settings import Settings
from store.postgis import PostgisStore
from tests.store.postgis_database import app_url, database, owner
from tests.world import E, N, W, boundaries, busy_desk, clock, empty_desk, gathering, load

__all__ = ["app_url", "busy_desk", "clock", "database", "empty_desk", "owner"]
QUICK = Inquiry(radius_m=2000.0, days=14, replications=99)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_finds_the_same(busy_desk):
    distributed = pytest.importorskip("distributed")
    with workforce(Settings()):
        (here,) = busy_desk.analyses.run([(E, W)], QUICK)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, scheduler_port=0
    ) as cluster:
        done = []
        with workforce(Settings(dask=cluster.scheduler_address)):
            (there,) = busy_desk.analyses.run([(E, W)], QUICK)
            with distributed.Client(cluster) as client:
                done = client.run_on_scheduler(
                    lambda dask_scheduler: sum(one.nbytes >= 0 for one in dask_scheduler.workers.values())
                )
    assert done == 1
    assert busy_desk.analyses.findings(there).equals(busy_desk.analyses.findings(here))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_works_on_rows_from_postgis(app_url, busy_desk):
    distributed = pytest.importorskip("distributed")
    with closing(PostgisStore(app_url)) as store:
        desk = Desk(store, Actor(), busy_desk.clock, Rules())
        desk.records.add(load(Kind.BOUNDARIES), boundaries())
        desk.records.boundaries_changed()
        desk.records.add(load(Kind.INCIDENTS), gathering("complaint"))
        with (
            distributed.LocalCluster(
                n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, scheduler_port=0
            ) as cluster,
            workforce(Settings(dask=cluster.scheduler_address)),
        ):
            (there,) = desk.analyses.run([(E, W)], QUICK)
        with workforce(Settings()):
            (here,) = desk.analyses.run([(E, W)], QUICK)
        assert desk.analyses.findings(there).equals(desk.analyses.findings(here))
        assert len(desk.analyses.findings(there))


def test_the_morning_run_tells_every_border(busy_desk, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", busy_desk._store._database.name)
    monkeypatch.setenv("LIANFANG_TEST_REPLICATIONS", "99")
    monkeypatch.setattr("verbs.analysing.SystemClock", lambda: busy_desk.clock)
    told = CliRunner().invoke(cli, ["analyse"])
    assert told.exit_code == 0, told.output
    assert f"{E} | {W}: " in told.output
    assert "1 borders were tested" in told.output
    assert busy_desk.analyses.watched(E, W).by == "schedule"
    again = CliRunner().invoke(cli, ["analyse", "--if-stale"])
    assert "of the data there is" in again.output
    assert len(busy_desk.analyses.of(E, W)) == 1
    result = CliRunner().invoke(cli, ["analyse", "--json"])
    assert '"n_straddling"' in result.output


def test_the_morning_run_of_a_region_is_for_its_own_walls(busy_desk, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", busy_desk._store._database.name)
    monkeypatch.setenv("LIANFANG_TEST_REPLICATIONS", "99")
    monkeypatch.setattr("verbs.analysing.SystemClock", lambda: busy_desk.clock)
    west = busy_desk.accounts.add("li", "Li", Role.COORDINATOR, (W,))
    north = busy_desk.accounts.add("an", "An", Role.COORDINATOR, (N,))
    told = CliRunner().invoke(cli, ["analyse", "--as", "li"])
    assert told.exit_code == 0, told.output
    (made,) = busy_desk.of(west.actor).analyses.of(E, W)
    assert (made.scope, made.by) == ((W,), "li")
    device, _token = busy_desk.accounts.add_device("Wall", (W,))
    assert busy_desk.of(device.actor).analyses.watched(E, W) == made
    assert busy_desk.of(north.actor).analyses.of(E, W) == ()
    nobody = CliRunner().invoke(cli, ["analyse", "--as", "nobody"])
    assert (nobody.exit_code, "nobody called nobody" in nobody.output) == (1, True)


def test_a_worker_without_a_broker_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", str(tmp_path / "some.sqlite"))
    told = CliRunner().invoke(cli, ["work"], obj=lambda _settings: server_without_broker())
    assert told.exit_code == 1
    assert "LIANFANG_CELERY" in told.output


def server_without_broker():
    from flask import Flask  # noqa: PLC0415

    return Flask("none")


def test_with_a_broker_tests_are_tasks_of_celery(tmp_path):
    pytest.importorskip("celery")
    pytest.importorskip("redis")
    from flask import Flask  # noqa: PLC0415

    from callbacks.background import manager_of  # noqa: PLC0415

    flask = Flask("some")
    manager = manager_of(Settings(database=str(tmp_path / "x.sqlite"), celery="redis://127.0.0.1:1/0"), flask)
    assert flask.extensions["celery"] is manager.handle
    assert not (tmp_path / "x.sqlite-work").exists()
