"""The verb `plan`, as a person or a program calls it, and the documents of its format."""

import json
import math
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
        (lambda data: data["visits"][0].update(risk="high"), 'visits.0.risk is "high": input should be a valid number'),
        (lambda data: data.pop("on"), "on is missing"),
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


def lock(visit=0, cars=("car-joint",), officers=(("j1", "j2"),), start=590.0):
    one = {"vehicle_ids": list(cars), "officer_ids": [list(who) for who in officers], "start_min": start}
    return lambda data: data["locks"].append({"visit_id": data["visits"][visit]["id"], **one})


def visit(**fields):
    return lambda data: data["visits"][0].update(fields)


def whole(**fields):
    return lambda data: data.update(fields)


WRONG = [
    (visit(risk=math.nan), "visit 'cluster-1': risk is nan, a number from 0 to 1,000,000 was expected"),
    (visit(risk=1e308), "risk is 1e+308"),
    (visit(risk=-1.0), "risk is -1.0"),
    (visit(duration_min=math.inf), "duration_min is inf, minutes from 0 to 2880 was expected"),
    (visit(duration_min="45"), 'visits.0.duration_min is "45": input should be a valid number'),
    (visit(duration_min=True), "visits.0.duration_min is true"),
    (visit(windows=[]), "windows is 0, 1 to 4 was expected"),
    (visit(windows=[[600.0, 500.0]]), "window is 600-500"),
    (visit(windows=[[600.0]]), "visits.0.windows.0.1 is missing"),
    (visit(id=""), "visits name ''"),
    (visit(id="a\nb"), "an id of letters, digits and signs was expected"),
    (visit(place="nowhere"), "place 'nowhere' is unknown; one of"),
    (visit(colour="blue"), "visits.0.colour is \"blue\": input should be 'red'"),
    (visit(n_day=10**30), "n_day is 1000000000000000000000000000000, 0 to 1000 was expected"),
    (whole(on="2026-02-30"), 'on is "2026-02-30"'),
    (whole(sides=["A", "A"]), "sides name 'A' more than once"),
    (whole(sides=["A", "B", "C"]), 'sides is ["A", "B", "C"]'),
    (whole(stations=[]), "station_id 'wx' is unknown; none is known"),
    (whole(rules={"min_officers": 10**30}), "rules: min_officers is 1000000000000000000000000000000"),
    (whole(rules={"refuse_day": -5}), "rules: refuse_day is -5, 1 to 1000 was expected"),
    (whole(error=math.nan), "error is nan, a share from 0 to 10"),
    (lambda data: data["travel_min"][0].pop(), "travel_min has"),
    (lambda data: data["travel_min"][0].__setitem__(1, -1.0), "is -1.0: minutes from 0 to 1,000,000 were expected"),
    (lambda data: data["travel_min"][0].__setitem__(1, 1e300), "is 1e+300"),
    (lambda data: data["visits"].append(data["visits"][0]), "visits name 'cluster-1' more than once"),
    (lambda data: data["vehicles"][0].update(seats=0), "seats is 0, 1 to 1000 was expected"),
    (lambda data: data["officers"][0].update(starts_min=-30.0), "shift is -30-"),
    (lambda data: data["officers"][0].update(rest={"from_min": 0.0, "until_min": 9.0, "length_min": 20.0}), "rest is"),
    (lock(start=math.nan), "lock 'cluster-1': start_min is nan, a minute from 0 to 2880 was expected"),
    (lock(cars=("car-joint",) * 2, officers=(("j1",), ("j2",))), "one car or two, each with its officers was expected"),
    (lock(officers=((),)), "one car or two, each with its officers was expected"),
    (lock(officers=(("wx1",),)), "station of wx1 'wx' is unknown"),
]


@pytest.mark.parametrize(("change", "says"), WRONG)
def test_nonsense_is_refused_in_one_sentence_with_field_value_and_what_was_expected(tmp_path, change, says):
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    data.setdefault("locks", [])
    change(data)
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    found = call(file, "--iterations", 1)
    assert isinstance(found.exception, SystemExit)
    assert found.exit_code == 1
    assert says in found.output
    assert len(found.output.splitlines()) == 1


ODD = [
    (whole(visits=[]), "risk 0,"),
    (whole(vehicles=[]), "Required visit cluster-1 cannot be done: There is no car. A car at a station"),
    (whole(officers=[]), "Required visit cluster-1 cannot be done: Nobody who may enter has skill water."),
    (whole(rules={"min_officers": 99}), "8 officers may enter, and 99 are required on site. 91 more on duty."),
    (visit(id="吴兴🏭"), "吴兴🏭"),
    (visit(windows=[[0.0, 60.0]]), "cannot be done under the visits' windows or locks: a start at another time"),
    (visit(colour="green", reason=" "), "Required visit cluster-1 cannot be done: Firm cluster-1 is green"),
    (visit(allowed=False), "Required visit cluster-1 cannot be done: cluster-1 is joint, but no agreement in force"),
    (visit(skills=["飞行"]), "Nobody who may enter has skill 飞行. An officer with skill 飞行."),
    (visit(duration_min=2880.0), "Required visit cluster-1 cannot be done"),
    (lock(start=640.0), "cannot be done under the visits' windows or locks"),
    (lock(start=60.0), "cannot be done under the visits' windows or locks"),
    (lambda data: [lock(k)(data) for k in (0, 1)], "Required visit"),
]


@pytest.mark.parametrize(("change", "says"), ODD)
def test_what_can_be_asked_but_not_be_done_says_why_and_what_lifts_it(tmp_path, change, says):
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    data["visits"][0]["required"] = True
    data.setdefault("locks", [])
    change(data)
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(data), encoding="utf-8-sig")
    found = call(file, "--iterations", 50)
    assert found.exit_code == 0, found.output
    assert says in found.output


def test_where_nothing_can_be_read_or_written_is_told_before_anything_is_searched(tmp_path):
    file = tmp_path / "deep.json"
    for content in ("[" * 100_000, "", "null", "[]", "3"):
        file.write_text(content, encoding="utf-8")
        found = call(file)
        assert found.exit_code == 1
        assert "expected" in found.output or "should be an object" in found.output
    assert "is no folder: make it first" in call(EXAMPLE, "--out", tmp_path / "no" / "plan.json").output
    for words in (("--seconds", 0), ("--seconds", "inf"), ("--seconds", "nan"), ("--seed", -1), ("--iterations", 0)):
        assert call(EXAMPLE, *words).exit_code in (1, 2)


def test_officers_are_called_by_their_names_and_two_cars_by_each_other(tmp_path):
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    for officer in data["officers"]:
        officer["name"] = f"Officer {officer['id'].upper()}"
    data["vehicles"] = [
        {"id": f"car-{one['id']}", "station_id": one["station_id"], "seats": 1} for one in data["officers"]
    ]
    file = tmp_path / "named.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    words = call(file, "--iterations", 300).output
    assert "car-wx1 with Officer WX1:" in words
    assert " together with car-" in words
