"""Whose rows are whose, in SQL, once for both engines.

Five sets say what an actor may see; each is a table that SQLite fills when a transaction begins, and a function on
PostgreSQL. Everything else is a condition on them.

========== ==========================================================================================
`me`       who asks, as people and devices have them: no row for one who left, was revoked or never was
`own`      the regions `me` answers for, and all below them
`mine`     the same, for who reads the rows of regions: viewers, officers, coordinators, commanders
`ours`     agreements to which one of `own` is party
`offered`  what the others of an agreement in force, to which all have consented, share: by region and category, and
           once with no category for what has none
========== ==========================================================================================
"""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.people import Role

READERS = (Role.VIEWER, Role.OFFICER, Role.COORDINATOR, Role.COMMANDER)
WRITERS = (Role.COORDINATOR, Role.COMMANDER)


def quoted(words: Iterable[str]) -> str:
    """Words of ours as a list of SQL."""
    return ", ".join(f"'{word}'" for word in words)


@dataclass(frozen=True)
class Dialect:
    """How an engine says it.

    Attributes
    ----------
    tables, sets
        What stands before the name of a table, and of a set.
    call
        What stands after the name of a set.
    actor, day
        Id of who asks, and the operator's day.
    items, things, words
        What gives the texts of a JSON list, its objects, and the words between commas, as rows of `each` (value).
    no_list, bare_terms
        An empty JSON list, and the terms of an agreement without what only its parties read.
    same
        Whether two values are the same, where null is the same as null.
    work
        The document of a plan without what its steps change.
    whole
        What stands before the name of a table of which every row is there, whoever asks: `agreements` and their versions.
    document, nested
        A JSON object of names and values, and a value in it that is JSON itself.
    terms
        What a version tells beside its number; one of before anybody could share or consent is as one where nobody did.
    told
        Whether an object, the first, tells the same as another, in which no name stands twice; numbers as numbers.
    """

    tables: str
    sets: str
    call: str
    actor: str
    day: str
    items: str
    things: str
    words: str
    no_list: str
    bare_terms: str
    same: str
    work: str
    whole: str
    document: str
    nested: str
    terms: str
    told: str

    def of(self, name: str) -> str:
        """A set, to select from."""
        return f"{self.sets}{name}{self.call}"

    def within(self, value: str, name: str = "own", column: str = "id") -> str:
        """Whether a value is in a set."""
        return f"{value} IN (SELECT {column} FROM {self.of(name)})"

    def role(self, *roles: Role) -> str:
        """Whether who asks has one of these roles."""
        return f"EXISTS (SELECT 1 FROM {self.of('me')} AS me WHERE me.role IN ({quoted(roles)}))"


SQLITE = Dialect(
    tables="main.",
    sets="temp.",
    call="",
    actor=":actor",
    day=":day",
    items="json_each({0}) AS each",
    things="json_each({0}) AS each",
    words=r"""json_each('["' || replace(replace(replace({0}, '\', '\\'), '"', '\"'), ',', '","') || '"]') AS each""",
    no_list="'[]'",
    bare_terms="json_set({0}, '$.memorandum', '', '$.powers', '', '$.shares', json('[]'))",
    same="IS",
    work="json_remove({0}, '$.state', '$.steps', '$.version')",
    whole="main.",
    document="json_object({0})",
    nested="json({0})",
    terms="json_insert(json_remove({0}, '$.version'), '$.shares', json('[]'), '$.consents', json('[]'))",
    told=(
        "(SELECT count(*) FROM json_each({0})) = (SELECT count(*) FROM json_each({1}))"
        " AND NOT EXISTS (SELECT 1 FROM json_each({1}) AS known WHERE NOT EXISTS"
        " (SELECT 1 FROM json_each({0}) AS told WHERE told.key = known.key"
        # A list is told as its text here, which is no text of a column.
        " AND (told.type IN ('array', 'object')) = (known.type IN ('array', 'object')) AND (told.value IS known.value"
        # SQLite writes a number with fifteen digits.
        " OR (typeof(told.value) IN ('integer', 'real') AND typeof(known.value) IN ('integer', 'real')"
        " AND abs(told.value - known.value) <= 1e-12 * abs(known.value)))))"
    ),
)
POSTGRESQL = Dialect(
    tables="public.",
    sets="seen.",
    call="()",
    actor="current_setting('lianfang.actor', true)",
    day="CAST(nullif(current_setting('lianfang.day', true), '') AS date)",
    # Ordered as our columns are, or the two could not be one column of a recursion.
    items='LATERAL (SELECT one COLLATE "C" AS value FROM json_array_elements_text({0}) AS one) AS each',
    things="json_array_elements({0}) AS each(value)",
    words="unnest(string_to_array({0}, ',')) AS each(value)",
    no_list="CAST('[]' AS json)",
    bare_terms="""CAST(CAST({0} AS jsonb) || '{{"memorandum": "", "powers": "", "shares": []}}' AS json)""",
    same="IS NOT DISTINCT FROM",
    work="CAST({0} AS jsonb) - 'state' - 'steps' - 'version'",
    # A policy shows the tables themselves to parties only: to others there would be nothing to compare with.
    whole="seen.",
    document="json_build_object({0})",
    nested="{0}",
    terms="""(CAST('{{"shares": [], "consents": []}}' AS jsonb) || CAST({0} AS jsonb)) - 'version'""",
    told="(CAST({0} AS jsonb)) = (CAST({1} AS jsonb))",
)


def sets(d: Dialect) -> dict[str, tuple[str, str]]:
    """Columns and query of each set, in an order in which each needs only those before it."""
    t = d.tables
    known = (
        f"SELECT p.id, p.role, p.regions FROM {t}people AS p"
        f" WHERE p.id = {d.actor} AND p.active AND p.id NOT LIKE 'device:%'"
        f" UNION ALL SELECT 'device:' || v.id, '{Role.SCREEN}', v.regions FROM {t}devices AS v"
        f" WHERE 'device:' || v.id = {d.actor} AND v.revoked_at_us IS NULL"
    )
    own = (
        f"WITH RECURSIVE below(id) AS (SELECT each.value FROM {d.of('me')} AS me CROSS JOIN {d.items.format('me.regions')}"
        f" UNION SELECT j.id FROM {t}jurisdictions AS j JOIN below ON j.parent_id = below.id) SELECT id FROM below"
    )
    mine = f"SELECT o.id FROM {d.of('own')} AS o WHERE {d.role(*READERS)}"
    ours = f"SELECT DISTINCT p.agreement_id FROM {t}parties AS p WHERE {d.within('p.jurisdiction_id')}"
    return {
        "me": ("id text, role text, regions json", known),
        "own": ("id text", own),
        "mine": ("id text", mine),
        "ours": ("agreement_id text", ours),
        "offered": ("agreement_id text, jurisdiction_id text, category text, fields text", _offered(d)),
    }


def _offered(d: Dialect) -> str:
    t = d.tables
    categories = "',' || trim(p.categories, ',')"
    screen = f"me.role = '{Role.SCREEN}'"
    return (
        "WITH RECURSIVE opened(id) AS (SELECT a.id"
        f" FROM {t}agreements AS a WHERE {d.within('a.id', 'ours', 'agreement_id')}"
        f" AND a.valid_from <= {d.day} AND (a.valid_to IS NULL OR a.valid_to >= {d.day})"
        f" AND NOT EXISTS (SELECT 1 FROM {t}parties AS p WHERE p.agreement_id = a.id AND NOT p.consented)),"
        " below(agreement_id, party, id) AS (SELECT p.agreement_id, p.jurisdiction_id, p.jurisdiction_id"
        f" FROM {t}parties AS p WHERE p.agreement_id IN (SELECT opened.id FROM opened)"
        " UNION SELECT below.agreement_id, below.party, j.id"
        f" FROM {t}jurisdictions AS j JOIN below ON j.parent_id = below.id)"
        # A screen shows what is shared of all parties, and of each nothing but where, when, what kind and how bad.
        f" SELECT DISTINCT b.agreement_id, b.id, each.value, CASE WHEN {screen} THEN '' ELSE p.fields END"
        f" FROM below AS b JOIN {t}parties AS p ON p.agreement_id = b.agreement_id AND p.jurisdiction_id = b.party"
        f" CROSS JOIN {d.of('me')} AS me CROSS JOIN {d.words.format(categories)}"
        f" WHERE me.role IN ({quoted((*READERS, Role.SCREEN))}) AND ({screen} OR NOT {d.within('b.id')})"
    )
