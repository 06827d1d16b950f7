"""Verbs that test the borders of all agreements for clusters, and that work for a server."""

import sys
from contextlib import closing
from time import monotonic
from typing import Any

import click

from casework.desk import Desk, SystemClock
from casework.findings import Analysis
from casework.people import Actor
from casework.rules import Rules
from intake.progress import progress_bar
from machines import workforce
from settings import Settings
from store import open_store
from verbs.options import json_option, plain_errors, say


@click.command()
@click.option("--if-stale", is_flag=True, help="Do nothing where the last test was of the data there is.")
@click.option(
    "--as", "person", metavar="ID", help="On behalf of somebody who signs in: of what they see, for their walls."
)
@json_option
def analyse(*, if_stale: bool, person: str | None, as_json: bool) -> None:
    """Test the borders of all agreements in force for clusters that go on now; walls go by the result."""
    settings, start_s = Settings(), monotonic()
    with plain_errors(), closing(open_store(settings.database_url)) as store, workforce(settings):
        desk = Desk(store, Actor("schedule"), SystemClock(), Rules.of(settings.model_dump()))
        if person is not None:
            desk = desk.of(desk.accounts.get(person).actor)
        if if_stale and desk.analyses.up_to_date():
            say({"analyses": [], "took_s": 0.0}, "The last test was of the data there is.", as_json=as_json)
            return
        with progress_bar("borders") as told:
            made = desk.analyses.watch(progress=lambda share, _pair: told(round(share * 100), 100))
        rows = [_told(desk, one) for one in made]
    result = {"analyses": rows, "took_s": round(monotonic() - start_s, 1)}
    say(result, _words(result), as_json=as_json)


@click.command()
@click.option("--concurrency", default=1, show_default=True, help="Tests at a time.")
@click.pass_context
def work(context: click.Context, concurrency: int) -> None:
    """Do the tests that pages ask for, as a Celery worker; `LIANFANG_CELERY` names the broker."""
    server = context.obj(Settings())
    celery = server.extensions.get("celery")
    if celery is None:
        raise click.ClickException("No broker is configured: set LIANFANG_CELERY, such as redis://127.0.0.1:6379/0.")
    sys.exit(celery.worker_main(["worker", "--loglevel=INFO", f"--concurrency={concurrency}"]))


def _told(desk: Desk, one: Analysis) -> dict[str, Any]:
    """One analysis for a program."""
    found = desk.analyses.significant(one)
    return {
        "id": one.id, "a": one.a, "b": one.b, "since": one.first_on.isoformat(), "until": one.last_on.isoformat(),
        "n_incidents": one.n_incidents, "n_significant": len(found),
        "n_straddling": int(found["straddles"].sum()), "n_new": int(found["is_new"].sum()),
        "seed": one.inquiry.seed, "replications": one.inquiry.replications, "took_s": round(one.took_s, 1),
    }  # fmt: skip


def _words(result: dict[str, Any]) -> str:
    """The result for a person."""
    lines = [
        f"{row['a']} | {row['b']}: {row['n_significant']} clusters beyond chance, {row['n_straddling']} across the line"
        for row in result["analyses"]
    ]
    return "\n".join([*lines, f"{len(lines)} borders were tested in {result['took_s']:.1f} s."])
