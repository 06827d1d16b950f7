"""The verbs of the audit, and the script of the documents that checks an export without the program."""

import csv
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.audit import Deed, Entry, Sought
from cli import cli
from store import open_store
from tests.outings import HOSTILE
from tests.store import specimens
from tests.store.specimens import T0

ROOT = Path(__file__).resolve().parents[1]
SAW = Entry(T0, "li", "officer", Deed.SAW, "firm:F7", ("330502",), {"zone": "太湖"})


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file with a few lines in its audit."""
    file = tmp_path / "ours.sqlite"
    monkeypatch.setenv("LIANFANG_DATABASE", str(file))
    with closing(open_store(f"sqlite:///{file}")) as store:
        store.append([SAW, replace(SAW, deed=Deed.REFUSED, thing="plan:p1", regions=()), SAW])
        store.save_patrol(specimens.patrol())
        store.append([replace(SAW, actor=words, facts={"title": words}) for words in HOSTILE])
    return file


def call(*words):
    return CliRunner().invoke(cli, ["audit", *map(str, words)])


def told(*words):
    done = call(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def tamper(file, statement):
    """What somebody does who owns the file."""
    with closing(sqlite3.connect(file)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            if name.startswith("audit"):
                connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        connection.commit()


def test_a_chain_that_holds(file):
    n = 4 + len(HOSTILE)
    found, head = told("verify"), told("head")
    assert found == {"holds": True, "n_lines": n, "head": head["hash"]}
    assert call("head").output == f"{n} {head['hash']}\n"
    assert call("verify").output == f"All {n} lines are as they were written; the head is {head['hash']}.\n"
    with closing(open_store(f"sqlite:///{file}")) as store:
        store.append([SAW])
    assert call("verify", "--head", head["hash"].upper()).exit_code == 0


def test_an_empty_chain_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", str(tmp_path / "new.sqlite"))
    assert call("verify").output == "All 0 lines are as they were written; the head is empty.\n"
    assert call("list").output == "There is no such line.\n"


@pytest.mark.parametrize(
    ("statement", "n", "flaw"),
    [
        ("UPDATE audit SET actor = 'wang' WHERE n = 2", 2, "altered"),
        ("UPDATE audit SET facts = '{}' WHERE n = 1", 1, "altered"),
        ("DELETE FROM audit WHERE n = 2", 2, "gone"),
        ("UPDATE audit SET previous = '' WHERE n = 3", 3, "unlinked"),
        ("DELETE FROM audit WHERE n > 3", 4, "cut"),
    ],
)
def test_a_break_is_named(file, statement, n, flaw):
    tamper(file, statement)
    done = call("verify", "--json")
    assert done.exit_code == 1
    assert {name: json.loads(done.stdout)["break"][name] for name in ("n", "flaw")} == {"n": n, "flaw": flaw}
    words = call("verify")
    assert words.exit_code == 1
    assert words.output.startswith(f"The chain is broken. Line {n} ")


def test_an_end_cut_off_with_its_head_is_told_by_a_noted_one(file):
    noted = told("head")["hash"]
    tamper(file, "DELETE FROM audit WHERE n > 2")
    tamper(file, "UPDATE audit_head SET n = 2, hash = (SELECT hash FROM audit WHERE n = 2)")
    assert call("verify").exit_code == 0
    done = call("verify", "--head", noted)
    assert done.exit_code == 1
    assert f"the head {noted} is not in it" in done.output


def test_lines_are_listed(file):
    del file
    lines = told("list", "--actor", "li")["lines"]
    assert [line["n"] for line in lines] == [3, 2, 1]
    assert lines[0]["facts"] == {"zone": "太湖"}
    assert [line["n"] for line in told("list", "--deed", "refused", "--deed", "shared")["lines"]] == [2]
    assert [line["n"] for line in told("list", "--thing", "patrol:")["lines"]] == [4]
    assert told("list", "--region", "330502", "--before", 2)["n_lines"] == 1
    assert [line["thing"] for line in told("list", "--days", 7)["lines"]] == ["patrol:P1"]
    done = call("list", "--actor", "li", "--limit", 2)
    assert done.output.splitlines() == [
        "3 2025-03-01 08:00:00 li (officer) saw firm:F7 [330502]: zone 太湖",
        "2 2025-03-01 08:00:00 li (officer) refused plan:p1: zone 太湖",
        "Older lines: --before 2",
    ]
    assert call("list", "--deed", "sang").exit_code == 2


def script():
    """The lines of the document, as somebody would copy them."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found


def run(tmp_path, file):
    (tmp_path / "check.py").write_text(script(), encoding="utf-8")
    words = [sys.executable, "-I", "-W", "error", "check.py", str(file)]
    return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("name", ["log.csv", "LOG.jsonl"])
def test_an_export_is_verified_without_the_program(file, tmp_path, name):
    del file
    out = tmp_path / name
    exported = told("export", out)
    assert exported["head"] == told("head")["hash"]
    done = run(tmp_path, out)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, exported["head"], "")
    content = out.read_text(encoding="utf-8-sig")
    out.write_text(content.replace("plan:p1", "plan:p2"), encoding="utf-8")
    done = run(tmp_path, out)
    assert (done.returncode, done.stderr.strip()) == (1, "Line 2 is not as it was written.")


def test_an_export_is_told_and_can_be_of_some_lines(file, tmp_path):
    told("export", tmp_path / "some.jsonl", "--deed", "saw", "--actor", "li")
    lines = [json.loads(line) for line in (tmp_path / "some.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["n"], line["facts"]) for line in lines] == [(1, {"zone": "太湖"}), (3, {"zone": "太湖"})]
    with closing(open_store(f"sqlite:///{file}")) as store:
        (line,) = store.audit(Sought(deeds=(Deed.EXPORTED,)))
    assert (line.thing, line.facts) == ("audit:", {"file": "some.jsonl", "whole": False})


def test_a_table_holds_no_formulas(file, tmp_path):
    del file
    out = tmp_path / "log.csv"
    told("export", out)
    with out.open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 5 + len(HOSTILE)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert [row["actor"] for row in rows if "HYPERLINK" in row["actor"]] == ['\'=HYPERLINK("x")']


def test_another_kind_of_file_is_refused(file, tmp_path):
    del file
    done = call("export", tmp_path / "log.pdf")
    assert done.exit_code == 2
    assert "neither .csv nor .jsonl" in done.output
