"""A database brought up to date when it opens."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa

from casework.errors import CaseError
from store import schema

_NOT_ALLOWED = "42501"
_OWNER = "call app.py migrate with a LIANFANG_DATABASE that names its owner."
Opened = Callable[[], AbstractContextManager[sa.Connection]]


def bring_up_to_date(name: str, read: Opened, alter: Opened) -> None:
    """Run the migrations that are missing, in one transaction that other processes wait for.

    Parameters
    ----------
    name
        What messages call the database.
    read, alter
        Its transactions.

    Raises
    ------
    CaseError
        When it is no database of ours, or was written by a newer version.
    """
    try:
        with read() as connection:
            if _revision(connection) == schema.REVISION:
                return
        with alter() as connection:
            found = _revision(connection)
            if found != schema.REVISION:
                _migrate(connection, name, found)
    except sa.exc.DatabaseError as error:
        if getattr(error.orig, "pgcode", None) == _NOT_ALLOWED:
            reason = str(error.orig).partition("\n")[0]
            raise CaseError(
                f"{name} is not up to date, and this user may not change that ({reason}): {_OWNER}"
            ) from error
        raise CaseError(f"{name} is no database of this program: {error.orig}.") from error


def _revision(connection: sa.Connection) -> str | None:
    """Step the schema is at; None for a new database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _migrate(connection: sa.Connection, name: str, found: str | None) -> None:
    """Run Alembic; imported here because a store that is up to date does not need it."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if found is not None and found not in {
        step.revision for step in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise CaseError(f"{name} was written by a newer version of this program (schema {found}): update the program.")
    command.upgrade(config, "head")
    if connection.dialect.name == "postgresql":
        from store.policies import write_rules  # noqa: PLC0415

        write_rules(connection)
