"""The house keeps its own rules: who imports what, what is locked, and what must not lie around."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["importlinter"]["root_packages"]


def tracked(*patterns):
    """Files under version control, or, in a copy without it, all that look like ours."""
    git = shutil.which("git")
    listed = (
        subprocess.run([git, "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
        if git
        else None
    )
    if listed is None or listed.returncode:
        pytest.skip("the list of our files comes from git, and this is no clone")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources():
    """Every Python file of ours outside the tests."""
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] != "tests"]


def imports(path):
    """Names of the modules a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(path):
    """Names of the functions a file calls."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


def importers(name):
    """Files that import the module or package `name`."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(module.split(".")[0] == name for module in imports(path))
    }


def named(requirement):
    """Name of a requirement such as ``dash==4.4.1``."""
    return re.split(r"[\s<>=!~\[;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_the_import_contracts_are_kept():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_every_room_is_under_the_contracts():
    packages = {path.parent.name for path in tracked("*/__init__.py") if path.parent.parent == ROOT}
    assert packages - {"tests", "tools"} == set(ROOMS)


def test_nobody_imports_app():
    assert importers("app") == set()


def test_only_app_and_the_verbs_open_the_store():
    from_outside = {path for path in importers("store") if not path.startswith(("store/", "tools/", "verbs/"))}
    assert from_outside == {"app.py"}


def test_only_app_imports_the_command_line():
    assert importers("cli") == {"app.py"}


def test_the_engine_reads_no_clock_and_opens_no_file():
    """It gets time and data as arguments; the people's side gets the time through a port, whose clock is in one file."""
    forbidden = {"open", "datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic"}
    clock = ROOT / "casework" / "desk.py"
    files = [path for room in ("geo", "casework") for path in (ROOT / room).rglob("*.py") if path != clock]
    assert {path.name: found for path in files if (found := calls(path) & forbidden)} == {}


def test_no_vague_module_names():
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler"}
    assert [path for path in tracked("*.py") if path.stem in vague] == []


def test_no_file_is_longer_than_three_hundred_lines_by_much():
    """A few tables may be longer; a program may not."""
    long = {
        path.relative_to(ROOT).as_posix(): n
        for path in sources()
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 330
    }
    assert long == {}


def test_no_conflict_markers():
    marks = re.compile(rb"^(<{7} |={7}$|>{7} )", re.MULTILINE)
    assert [path for path in tracked() if not path.is_symlink() and marks.search(path.read_bytes())] == []


def test_no_machine_paths():
    mine = re.compile(r"(?<![\w.])/(?:home|work|root|Users)/")
    texts = tracked("*.py", "*.md", "*.toml", "*.yml", "*.sh", "Makefile", "*.js", "*.css", "*.lock")
    assert [path for path in texts if mine.search(path.read_text(encoding="utf-8"))] == []


def test_the_lock_holds_every_dependency_and_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "http" not in lock
    locked = {match.lower() for match in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = [*PROJECT["project"]["dependencies"], *(one for extra in extras for one in extra)]
    wanted += PROJECT["dependency-groups"]["dev"]
    assert {named(one) for one in wanted} - locked == set()


def test_the_lock_holds_the_exact_versions_of_the_project():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = [one for one in PROJECT["project"]["dependencies"] if "==" in one]
    assert [one for one in pinned if not re.search(rf"^{re.escape(one)}\b", lock, re.MULTILINE)] == []


def test_the_conda_environment_equals_the_project():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    conda = re.findall(r"^  - (.+[^:])$", text.partition("dependencies:")[2], re.MULTILINE)
    pip = re.findall(r"^      - (.+)$", text, re.MULTILINE)
    other_name = {"tzdata": "python-tzdata"}
    told = PROJECT["project"]["dependencies"]
    by_conda = [other_name.get(named(one), named(one)) + one[len(named(one)) :] for one in told if one not in pip]
    assert sorted(conda) == sorted([*by_conda, "python" + PROJECT["project"]["requires-python"], "pip"])
    assert sorted(pip) == sorted(one for one in told if one in pip)


def test_the_makefile_names_files_that_are_there():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"tools/[\w.]+", text) if not (ROOT / name).is_file()] == []
