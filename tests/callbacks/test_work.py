"""Work done elsewhere: a test for chance that the planner asks for and a Celery worker does."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app import opened
from callbacks.web import build
from settings import Settings
from tests.callbacks.job import Job
from tests.world import E, W

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def broker(tmp_path, monkeypatch):
    """A broker that needs no server: messages are files, which server and worker find in their folder."""
    (tmp_path / "data_in").mkdir()
    (tmp_path / "data_out").symlink_to(tmp_path / "data_in")
    (tmp_path / "results").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CELERY_RESULT_BACKEND", f"tests.callbacks.files:Files+file://{tmp_path / 'results'}")
    return "filesystem://"


@pytest.mark.slow
def test_a_worker_of_celery_does_the_test_and_the_page_shows_it(busy_desk, broker, tmp_path):
    database = busy_desk._store._database.name
    environment = os.environ | {
        "LIANFANG_CELERY": broker, "LIANFANG_DATABASE": str(database), "LIANFANG_TIMEZONE": "Asia/Shanghai",
    }  # fmt: skip
    settings = Settings(database=database, timezone="Asia/Shanghai", celery=broker)
    job = Job(build(settings, lambda: busy_desk, partial(opened, settings)))
    with (tmp_path / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, str(PROJECT / "app.py"), "work"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            answer, _seen = job.answered()
        finally:
            worker.terminate()
            worker.wait(30)
    told = (tmp_path / "worker.log").read_text()
    assert answer["response"]["test-state"]["children"].startswith("Done in"), told
    assert "received" in told
    assert "succeeded" in told
    assert len(busy_desk.analyses.of(E, W)) == 1
