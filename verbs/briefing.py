"""The verb that writes what the crews of a plan take along."""

from contextlib import closing
from pathlib import Path
from typing import cast

import click

from casework.desk import Desk, SystemClock
from casework.people import Actor
from casework.rules import Rules
from exports.checklists import read_checklists
from exports.luggage import luggage, write_luggage
from settings import Settings
from store import open_store
from verbs.options import json_option, plain_errors, say
from words import LANGUAGES, Language


@click.command()
@click.argument("plan_id")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to write to; it is made where there is none.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the files; without it the configured one.")
@json_option
def brief(plan_id: str, folder: Path, lang: str | None, *, as_json: bool) -> None:
    """Write briefing, calendar and track of each crew of a kept plan, and its workbook; none needs a network."""
    settings = Settings()
    with plain_errors(), closing(open_store(settings.database_url)) as store:
        desk = Desk(store, Actor(), SystemClock(), Rules.of(settings.model_dump()))
        briefing = desk.briefings.of(plan_id)
        files = luggage(briefing, cast("Language", lang or settings.language), read_checklists(settings.own_checklists))
        desk.log.exported(f"plan:{plan_id}", (briefing.plan.a, briefing.plan.b), n_files=len(files))
        write_luggage(files, folder)
    plan = briefing.plan
    result = {
        "plan": plan.id, "version": plan.version, "state": str(plan.state), "simulated": briefing.simulated,
        "folder": str(folder), "files": {name: len(content) for name, content in files.items()},
    }  # fmt: skip
    words = [f"{folder / name}" for name in files]
    say(result, "\n".join([*words, f"{len(files)} files for {len(plan.crews)} crews."]), as_json=as_json)
