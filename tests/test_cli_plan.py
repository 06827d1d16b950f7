"""The verb `plan`, as a person or a program calls it, and the documents of its format."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli
from intake.patrol_file import plan_schema, problem_schema, read_problem

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLE = DOCS / "examples" / "patrol_problem.json"


def call(*words):
    return CliRunner().invoke(cli, ["plan", *map(str, words)])


def test_the_example_is_planned_for_a_program_and_for_a_person(tmp_path):
    out = tmp_path / "plan.json"
    found = call(EXAMPLE, "--iterations", 300, "--seed", 2, "--json", "--out", out)
    assert found.exit_code == 0, found.output
    data = json.loads(found.output)
    assert data == json.loads(out.read_text(encoding="utf-8"))
    assert set(data) == set(plan_schema()["properties"])
    assert data["risk"] > 40
    assert any(stop["visit_id"] == "cluster-1" for crew in data["crews"] for stop in crew["stops"])
    words = call(EXAMPLE, "--iterations", 300, "--seed", 2).output
    assert f"risk {data['risk']:g}" in words
    assert "undone visit-f03: Firm f03 is green and no reason is stated. State a reason." in words


def test_the_example_is_made_up_and_says_so():
    assert read_problem(EXAMPLE).simulated


@pytest.mark.parametrize(("name", "schema"), [("problem", problem_schema), ("plan", plan_schema)])
def test_the_schemas_in_the_documents_are_those_of_the_code(name, schema):
    assert json.loads((DOCS / f"patrol_{name}.schema.json").read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.update(extra=1), "extra is unknown; one of on, sides"),
        (lambda data: data["visits"][0].update(risc=1), "visits.0.risc is unknown"),
        (lambda data: data["visits"][0].update(risk="high"), "visits.0.risk is 'high'"),
        (lambda data: data.pop("on"), "on is"),
        (lambda data: data["officers"][0].update(station_id="x"), "station_id 'x' is unknown"),
    ],
)
def test_a_wrong_file_gets_a_sentence(tmp_path, change, says):
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    change(data)
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    found = call(file, "--iterations", 1)
    assert found.exit_code == 1
    assert says in found.output
    assert "Traceback" not in found.output


def test_what_is_no_json_no_file_or_two_stopping_rules_is_refused(tmp_path):
    file = tmp_path / "wrong.json"
    file.write_text("{", encoding="utf-8")
    assert "is no JSON at line 1" in call(file).output
    assert "cannot be read" in call(tmp_path / "none.json").output
    assert "not both" in call(EXAMPLE, "--seconds", 1, "--iterations", 1).output
    assert "is the file that is read" in call(EXAMPLE, "--out", EXAMPLE).output


def test_seconds_are_kept(tmp_path):
    assert call(EXAMPLE, "--seconds", 0.3).exit_code == 0
