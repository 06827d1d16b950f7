"""What an attacker writes where words are asked for."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPTS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><svg onload=window.hacked=1>',
    "<a href='javascript:window.hacked=1'>here</a>",
    "</title></style></textarea></script><script>window.hacked=1</script>",
    "%{fullData.name}<extra></extra>",
)
QUERIES = (
    "' OR '1'='1",
    "'; DROP TABLE incidents; --",
    '" OR 1=1 --',
    "') UNION SELECT id, hash, n FROM audit --",
    "x' AND pg_sleep(20) IS NULL --",
    "%' OR '%'='",
    "\\'; DELETE FROM firms; --",
    "$$; SELECT version(); $$",
    "{id}' %s %(id)s :id ?",
)
WAYS = (
    "../../../etc/passwd",
    "..\\..\\settings.py",
    "/etc/passwd",
    "....//....//x",
    "%2e%2e%2fx",
    "C:\\x",
    "..",
    "~root",
)
FORMULAS = (
    "=cmd|'/C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    '=HYPERLINK("http://x")',
)
HEADERS = ("x\r\nSet-Cookie: a=b", "x\nLocation: http://elsewhere.example")
# A number where a text is meant, a list where a number is, and so on.
SHAPES = (
    None, True, 0, -1, 1e308, -(2**62), "", "x" * 5_000, "𝒳\u202e", [], [[]], [None] * 50, {}, {"id": {"id": []}},
    ["e", "w"], {"lon": "east", "lat": []}, "9999-99-99", "-1", "NaN",
)  # fmt: skip
# What only the inside of the program knows.
INSIDE = (
    "Traceback", 'File "', "site-packages", str(ROOT), "werkzeug", "sqlalchemy", "psycopg2", "sqlite3",
    "syntax error", "no such column", "OperationalError", "Exception",
)  # fmt: skip


def told_inside(text):
    """Which of it an answer tells."""
    return [one for one in INSIDE if one in text]
