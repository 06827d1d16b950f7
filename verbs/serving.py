"""Verbs that serve the dashboard and fill it with the demonstration."""

import atexit
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click
from flask import Flask

from casework.desk import SystemClock
from casework.records import Records
from intake.demo.generate import SEED
from intake.demo.generate import demo as make_demo
from intake.demo.planted import write_planted
from intake.demo.writing import needed as demo_needed
from intake.demo.writing import own_data, write_demo
from settings import Settings
from store import open_store
from verbs.options import json_option, plain_errors, say

CreateServer = Callable[[Settings], Flask]


@click.command()
@click.option("--open", "open_browser", is_flag=True, help="Open the dashboard in the browser of this machine.")
@click.option("--demo", "with_demo", is_flag=True, help="Write the demonstration first where there is no data yet.")
@click.pass_context
def serve(context: click.Context, *, open_browser: bool = False, with_demo: bool = False) -> None:
    """Serve the dashboard for one machine; in production use `make serve`."""
    settings = Settings()
    if settings.exposed:
        raise click.ClickException(settings.exposed)
    if with_demo:
        context.invoke(demo, if_empty=True)
        _analyse_beside()
    url = f"http://{settings.host}:{settings.port}"
    click.echo(f"Lianfang is at {url} (planner) and {url}/wall (wall). Stop it with Ctrl+C.")
    if open_browser:
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    create_server: CreateServer = context.obj
    with plain_errors():
        server = create_server(settings)
    server.run(host=settings.host, port=settings.port, threaded=True)


def _analyse_beside() -> None:
    """Test the demonstration's clusters in a process beside the server, so that its pages are there at once."""
    beside = subprocess.Popen(  # noqa: S603  # this very program
        [sys.executable, sys.argv[0], "analyse", "--if-stale"], stdout=sys.stderr
    )
    atexit.register(beside.terminate)


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there are jurisdictions already.")
@click.option("--seed", default=SEED, show_default=True, help="Where chance starts; the same seed gives the same data.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="First day without incidents; without it today, UTC.")
@click.option("--yes", is_flag=True, help="Add to data of your own without asking.")
@json_option
def demo(*, if_empty: bool, seed: int, until: datetime | None, yes: bool, as_json: bool) -> None:
    """Write the demonstration: real county outlines, everything else simulated. Nothing is deleted."""
    settings, start_s = Settings(), monotonic()

    def told(words: str) -> None:
        click.echo(f"{monotonic() - start_s:5.1f} s  {words}", err=True)

    with plain_errors(), closing(open_store(settings.database_url)) as store:
        if if_empty and not demo_needed(store):
            say({"written": False}, "There is data already; the demonstration was not written.", as_json=as_json)
            return
        own = own_data(store)
        if own and not yes:
            click.echo(f"The store holds data of your own: {', '.join(own)}. The demonstration adds to it.", err=True)
            click.confirm("Nothing is deleted. Go on?", abort=True, err=True)
        made = make_demo(until.date() if until else datetime.now(UTC).date(), seed, told)
        outcome = write_demo(made, store, Records(store, SystemClock()), told)
    folder = Path("data") if "://" in settings.database else Path(settings.database).expanduser().parent
    planted = write_planted(made.planted, folder)
    took_s = monotonic() - start_s
    result = {"written": outcome.changed, "took_s": round(took_s, 1), "planted": str(planted), **outcome.as_dict()}
    say(
        result,
        f"{outcome.words(made)} It took {took_s:.1f} s.\nThe planted clusters are in {planted}.",
        as_json=as_json,
    )
