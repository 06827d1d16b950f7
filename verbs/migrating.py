"""The verb that brings the database up to date."""

from contextlib import closing

import click

from settings import Settings
from store import SCHEMA, open_store
from verbs.options import json_option, plain_errors, say


@click.command()
@json_option
def migrate(*, as_json: bool) -> None:
    """Make the tables, or bring them up to date, as the owner of the database that LIANFANG_DATABASE names."""
    with plain_errors(), closing(open_store(Settings().database_url)):
        say({"schema": SCHEMA}, f"The database is up to date (schema {SCHEMA}).", as_json=as_json)
