"""The verb `brief`, as a person or a program calls it."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from cli import cli
from tests import outings, world
from tests.world import world_copy, world_file

__all__ = ["world_copy", "world_file"]


@pytest.fixture
def call(world_copy, monkeypatch):
    desk = world.open_desk(world_copy)
    desk._store.save_plan(outings.plan(version=0))
    desk._store.close()
    monkeypatch.setenv("LIANFANG_DATABASE", str(world_copy))
    return lambda *words: CliRunner().invoke(cli, ["brief", *map(str, words)])


def test_all_files_of_a_plan_are_written_and_told(call, tmp_path):
    done = call("outing-1", "--out", tmp_path / "friday", "--lang", "en", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["plan"], told["version"], told["state"], told["simulated"]) == ("outing-1", 1, "in_force", True)
    assert told["files"] == {path.name: path.stat().st_size for path in (tmp_path / "friday").iterdir()}
    assert len(told["files"]) == 7
    book = openpyxl.load_workbook(tmp_path / "friday" / "2026-06-12-outing-1.xlsx")
    assert book.sheetnames[0] == "Plan"


def test_without_a_language_it_is_the_configured_one(call, tmp_path, monkeypatch):
    own = tmp_path / "own.toml"
    own.write_text('[water]\ntitle = { en = "W", zh = "水" }\nitems = [{ en = "a", zh = "看两遍" }]', "utf-8")
    monkeypatch.setenv("LIANFANG_CHECKLISTS", str(own))
    done = call("outing-1", "--out", tmp_path)
    assert "7 files for 2 crews." in done.output
    page = (tmp_path / "2026-06-12-1-outing-1.html").read_text("utf-8")
    assert 'lang="zh-CN"' in page
    assert "看两遍" in page


@pytest.mark.parametrize(
    ("words", "says"),
    [(("none", "--out", "x"), "There is no plan none."), (("outing-1",), "Missing option '--out'")],
)
def test_what_cannot_be_written_is_said_in_one_sentence(call, tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    done = call(*words)
    assert done.exit_code in (1, 2)
    assert says in done.output
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "out", "says"),
    [
        ("outing-1", "/proc/nowhere", "cannot be written to (No such file or directory): name another one."),
        ("", "x", "There is no plan"),
        ("../../etc", "x", "There is no plan ../../etc."),
        ("吴兴🏭", "x", "There is no plan 吴兴🏭."),
        ("x" * 5000, "x", "There is no plan"),
    ],
)
def test_odd_plans_and_places_get_one_sentence(call, tmp_path, monkeypatch, name, out, says):
    monkeypatch.chdir(tmp_path)
    done = call(name, "--out", out)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert says in done.output
    assert not (tmp_path / "x").exists()
