"""Which rows lie in which zone, what each party shares as a query asks it, and what is below a region."""

import sqlalchemy as sa
from alembic import op

from casework.sharing import Field
from store.columns import TEXT
from store.shared import fill

revision = "0007"
down_revision = "0006"

_PARTIES = (
    "SELECT {row}a AS party UNION SELECT {row}b UNION SELECT o.value ->> 'a' FROM json_each({row}others) AS o"
    " UNION SELECT o.value ->> 'b' FROM json_each({row}others) AS o"
)
_SHARE = "(SELECT s.value FROM json_each({row}shares) AS s WHERE s.value ->> 'party' = each.party LIMIT 1)"
_WORDS = "',' || (SELECT coalesce(group_concat(w.value), '') FROM json_each({list}) AS w) || ','"


def upgrade() -> None:
    op.create_index("ix_jurisdictions_parent_id", "jurisdictions", ["parent_id"])
    for table in ("incidents", "firms"):
        op.create_table(
            f"shared_{table}",
            sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
            sa.Column("agreement_id", TEXT, nullable=False),
            sa.ForeignKeyConstraint(["n"], [f"{table}.n"], name=f"fk_shared_{table}_n", ondelete="CASCADE"),
            sa.ForeignKeyConstraint(
                ["agreement_id"], ["agreements.id"], name=f"fk_shared_{table}_agreement_id", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("n", "agreement_id", name=f"pk_shared_{table}"),
        )
        op.create_index(f"ix_shared_{table}_agreement_id", f"shared_{table}", ["agreement_id"])
    connection = op.get_bind()
    for agreement_id in connection.exec_driver_sql("SELECT id FROM agreements").scalars().all():
        fill(connection, agreement_id)
    if connection.dialect.name == "sqlite":
        _let_parties_follow()


def _let_parties_follow() -> None:
    """SQLite's own triggers; those of PostgreSQL are among its rules, which a migration writes anew."""
    row = "new."
    share = _SHARE.format(row=row)
    categories = _WORDS.format(list=f"coalesce({share} -> 'categories', {row}categories)")
    every = ",".join(f'"{one}"' for one in Field)
    fields = _WORDS.format(list=f"coalesce({share} -> 'fields', '[{every}]')")
    consented = f"each.party IN (SELECT c.value ->> 'party' FROM json_each({row}consents) AS c)"  # noqa: S608
    put = (
        "DELETE FROM parties WHERE agreement_id = new.id; INSERT INTO parties"  # noqa: S608
        f" SELECT new.id, each.party, {categories}, {fields}, {consented} FROM ({_PARTIES.format(row=row)}) AS each;"
    )
    for verb in ("INSERT", "UPDATE"):
        op.get_bind().exec_driver_sql(
            f"CREATE TRIGGER agreements_parties_{verb.lower()} AFTER {verb} ON agreements BEGIN {put} END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"DROP TRIGGER agreements_parties_{verb}")
    else:
        op.execute("DROP SCHEMA IF EXISTS seen CASCADE")
    for table in ("incidents", "firms"):
        op.drop_index(f"ix_shared_{table}_agreement_id", table_name=f"shared_{table}")
        op.drop_table(f"shared_{table}")
    op.drop_index("ix_jurisdictions_parent_id", table_name="jurisdictions")
