"""A file with a problem of joint patrols, read into the engine's words; its JSON Schema comes from these words too."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from geo.errors import GeoError
from geo.patrol_plan import Plan
from geo.patrol_problem import PatrolProblem

_READER = TypeAdapter(PatrolProblem)
_MOST_SAID, _LONG = 3, 40


def problem_from(data: bytes | str, name: str) -> PatrolProblem:
    """The problem that a JSON text holds; `name` is what errors call it.

    Raises
    ------
    GeoError
        When it is no such problem; the message names the field, the value and what was expected.

    Examples
    --------
    >>> problem_from('{"on": "2026-06-01", "sides": ["a", "b"], "places": [], "travel_min": []}', "it").visits
    ()
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        _refuse_unknown(json.loads(text), _schema(), name, "")
        return _READER.validate_json(text, strict=True)
    except RecursionError as error:
        raise GeoError(f"{name} is nested too deep: a JSON object as in docs/examples was expected") from error
    except json.JSONDecodeError as error:
        raise GeoError(f"{name} is no JSON at line {error.lineno}: {error.msg}. A JSON object was expected") from error
    except ValidationError as error:
        faults = [_fault(one) for one in error.errors()]
        more = f"; and {len(faults) - _MOST_SAID} more" if len(faults) > _MOST_SAID else ""
        raise GeoError(f"{name} is no patrol problem: {'; '.join(faults[:_MOST_SAID])}{more}") from error


def _fault(one: ErrorDetails) -> str:
    """What is wrong, where, and what was expected."""
    own = one.get("ctx", {}).get("error")
    if isinstance(own, GeoError):
        return str(own)
    where = ".".join(str(part) for part in one["loc"]) or "the whole"
    if one["type"] == "missing":
        return f"{where} is missing"
    said = json.dumps(one["input"], ensure_ascii=False, default=str)
    return f"{where} is {said if len(said) <= _LONG else said[:_LONG] + '…'}: {one['msg'].lower()}"


def read_problem(file: Path) -> PatrolProblem:
    """The problem in a JSON file.

    Raises
    ------
    GeoError
        When the file cannot be read or holds no such problem.
    """
    try:
        return problem_from(file.read_bytes(), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise GeoError(f"{file} cannot be read: {error}. A JSON file in UTF-8 was expected") from error


def problem_schema() -> dict[str, Any]:
    """The JSON Schema of a problem, as docs/patrol_problem.schema.json has it."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Lianfang patrol problem"}
    return head | {name: value for name, value in _schema().items() if name != "title"}


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan, as docs/patrol_plan.schema.json has it."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Lianfang patrol plan"}
    return head | {name: value for name, value in TypeAdapter(Plan).json_schema().items() if name != "title"}


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan as what JSON can hold."""
    data: dict[str, Any] = json.loads(json.dumps(asdict(plan)))
    return data


def _schema() -> dict[str, Any]:
    """The schema of the words; a field nobody knows is refused."""
    schema = _READER.json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        part["additionalProperties"] = False
    return schema


def _refuse_unknown(data: Any, schema: dict[str, Any], name: str, path: str) -> None:
    """Nothing, when no object of the file has a field that the schema does not know: a slip would go unseen."""
    root = _schema() if not path else schema
    _walk(data, root, root, name, path)


def _walk(data: Any, schema: dict[str, Any], root: dict[str, Any], name: str, path: str) -> None:
    """Compare one value with its part of the schema, and what it holds with theirs."""
    for one in schema.get("anyOf", [schema]):
        part = root["$defs"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        if isinstance(data, dict) and "properties" in part:
            for field, value in data.items():
                if field not in part["properties"]:
                    known = ", ".join(part["properties"])
                    raise GeoError(f"{name}: {path}{field} is unknown; one of {known} was expected")
                _walk(value, part["properties"][field], root, name, f"{path}{field}.")
        elif isinstance(data, list) and isinstance(part.get("items"), dict):
            for k, value in enumerate(data):
                _walk(value, part["items"], root, name, f"{path}{k}.")
