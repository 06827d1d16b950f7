"""Who signs in, what neighbours share and have consented to, whose plans and analyses are whose, and the audit."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from casework.sharing import Field
from store.columns import NUMBER, TEXT
from store.migrations import audit_triggers

revision = "0006"
down_revision = "0005"

_ADDED = (("agreements", "shares"), ("agreements", "consents"), ("plans", "a"), ("plans", "b"), ("analyses", "scope"))


def upgrade() -> None:
    for table, name in _ADDED[:2]:
        op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for table, name in _ADDED[2:]:
        op.add_column(table, sa.Column(name, TEXT, nullable=False, server_default=""))
    op.create_table(
        "parties",
        sa.Column(
            "agreement_id",
            TEXT,
            sa.ForeignKey("agreements.id", ondelete="CASCADE", name="fk_parties_agreement_id"),
            nullable=False,
        ),
        sa.Column("jurisdiction_id", TEXT, nullable=False),
        sa.Column("categories", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "jurisdiction_id", name="pk_parties"),
    )
    op.create_table(
        "people",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("made_at_us", sa.BigInteger(), nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("password", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "devices",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("made_at_us", sa.BigInteger(), nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("revoked_at_us", sa.BigInteger(), nullable=True),
        sa.Column("token", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("token", name="uq_devices_token"),
    )
    op.create_table(
        "attempts",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_attempts"),
    )
    op.create_index("ix_attempts_key", "attempts", ["key", "at_us"])
    op.create_table(
        "audit",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("deed", TEXT, nullable=False),
        sa.Column("thing", TEXT, nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_audit"),
        sa.UniqueConstraint("hash", name="uq_audit_hash"),
    )
    op.create_index("ix_audit_at_us", "audit", ["at_us"])
    op.create_index("ix_audit_actor", "audit", ["actor", "n"])
    op.create_index("ix_audit_thing", "audit", ["thing", "n"])
    head = op.create_table(
        "audit_head",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"n": 0, "hash": ""}])
    audit_triggers.make()
    _tell_parties()
    _tell_sides()


def _tell_parties() -> None:
    """What is kept was agreed before anybody could consent to it here: the memorandum is the consent of all."""
    connection = op.get_bind()
    at_us = connection.exec_driver_sql("SELECT changed_at_us FROM topics WHERE topic = 'agreements'").scalar() or 0
    for row in (
        connection.exec_driver_sql("SELECT id, version, a, b, categories, others FROM agreements").mappings().all()
    ):
        others = _plain(row["others"])
        parties = sorted({row["a"], row["b"], *(one[side] for one in others for side in ("a", "b"))})
        consents = [{"party": party, "by": "local", "at": at_us} for party in parties]
        which = {"id": row["id"], "version": row["version"]}
        asked = sa.text("SELECT terms FROM agreement_versions WHERE agreement_id = :id AND version = :version")
        terms = _plain(connection.execute(asked, which).scalar_one())
        terms |= {"shares": [], "consents": consents}
        connection.execute(
            sa.text("UPDATE agreement_versions SET terms = :terms WHERE agreement_id = :id AND version = :version"),
            which | {"terms": json.dumps(terms)},
        )
        connection.execute(
            sa.text("UPDATE agreements SET consents = :consents WHERE id = :id"),
            {"id": row["id"], "consents": json.dumps(consents)},
        )
        words = {"categories": f",{','.join(_plain(row['categories']))},", "fields": f",{','.join(Field)},"}
        connection.execute(
            sa.text("INSERT INTO parties VALUES (:agreement_id, :jurisdiction_id, :categories, :fields, :consented)"),
            [{"agreement_id": row["id"], "jurisdiction_id": one, "consented": True, **words} for one in parties],
        )


def _tell_sides() -> None:
    """A plan's sides stood in its document only."""
    connection = op.get_bind()
    for row in connection.exec_driver_sql("SELECT id, plan FROM plans").mappings().all():
        plan = _plain(row["plan"])
        connection.execute(
            sa.text("UPDATE plans SET a = :a, b = :b WHERE id = :id"), {"id": row["id"], "a": plan["a"], "b": plan["b"]}
        )


def _plain(document: Any) -> Any:
    """A document as one engine gives it parsed and the other as text."""
    return json.loads(document) if isinstance(document, str) else document


def downgrade() -> None:
    for name in ("audit_head", "audit", "attempts", "devices", "people", "parties"):
        op.drop_table(name)
    audit_triggers.drop()
    for table, name in reversed(_ADDED):
        op.drop_column(table, name)
