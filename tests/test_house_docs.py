"""Documents say what the code does: layers, routes, settings, verbs, columns, words and links."""

import re
import shlex
import tomllib
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import click
import dash
import pytest

import intake.values
from casework.model import Kind
from cli import cli
from intake.fields import FIELDS
from intake.mapping import mapping_of
from layers import LAYERS, PLANNER_LAYERS, WALL_LAYERS
from layers.view import View
from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HAN = re.compile(r"[\u4e00-\u9fff]")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name, heading=None):
    """Cells of every table row in a document, or in the part below a heading."""
    content = text(name)
    if heading:
        content = re.split(rf"^#+ {re.escape(heading)}$", content, maxsplit=1, flags=re.MULTILINE)[1]
        content = re.split(r"^#+ ", content, maxsplit=1, flags=re.MULTILINE)[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in content.splitlines() if line.startswith("|")
    ]


def verbs(group=cli, path=()):
    """Every verb of the command line, as one types it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, (*path, name))
        else:
            yield " ".join((*path, name))


def command_of(words):
    """The command that words after `app.py` call, and the words left for it."""
    command, rest = cli, list(words)
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    return command, rest


# settings


def default_of(field):
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


@pytest.mark.parametrize("name", READMES)
def test_readme_lists_every_setting_with_its_default(name):
    listed = [(cells[0], cells[1]) for cells in rows(name) if cells[0].startswith("`LIANFANG_")]
    told = [(f"`LIANFANG_{key.upper()}`", f"`{default_of(field)}`") for key, field in Settings.model_fields.items()]
    assert listed == told


def test_readme_says_of_a_setting_what_the_code_says():
    meanings = [cells[2] for cells in rows("README.md") if cells[0].startswith("`LIANFANG_")]
    assert meanings == [field.description for field in Settings.model_fields.values()]


def test_documents_name_no_setting_that_is_not_there():
    known = {f"LIANFANG_{key.upper()}" for key in Settings.model_fields} | {"LIANFANG_NO_SKIP"}
    named = {name for path in DOCUMENTS for name in re.findall(r"LIANFANG_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert named <= known


# verbs


@pytest.mark.parametrize("name", READMES)
def test_readme_lists_every_verb(name):
    listed = chain.from_iterable(re.findall(r"`([a-z ]+)`", cells[0]) for cells in rows(name))
    assert set(verbs()) <= set(listed)


def shell_lines():
    """Every call of app.py in the documents' shell blocks."""
    for path in DOCUMENTS:
        for block in re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                if "app.py " in line:
                    words = shlex.split(line.split("app.py ", maxsplit=1)[1], comments=True)
                    yield pytest.param(words, id=f"{path.name}: {' '.join(words)}")


@pytest.mark.parametrize("words", list(shell_lines()))
def test_commands_in_documents_can_be_typed(words):
    command, rest = command_of(words)
    known = {name for option in command.params if isinstance(option, click.Option) for name in option.opts}
    used = {word.strip("[]") for word in rest if word.strip("[").startswith("--")}
    assert used <= known | {"--help"}
    assert command is not cli or used == {"--help"}


def test_make_targets_in_documents_are_there():
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8"))}
    named |= {
        name
        for path in DOCUMENTS
        for name in re.findall(r"^make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named <= targets


# the map


def begins(key):
    """How a layer begins in the planner."""
    layer = next((layer for layer in PLANNER_LAYERS if layer.key == key), None)
    if layer is None:
        return "–"
    return "always" if not layer.switch else "on" if layer.shown else "off"


def test_the_table_of_layers_is_that_of_the_code():
    on_wall = {layer.key for layer in WALL_LAYERS}
    told = {cells[0]: cells[1:] for cells in rows("docs/map.md") if len(cells) == 7 and cells[0].startswith("`")}
    assert told == {
        f"`{key}`": [
            layer.title,
            ", ".join(layer.topics),
            ", ".join(layer.fields),
            "tiles" if layer.tile else "GeoJSON",
            begins(key),
            "yes" if key in on_wall else "–",
        ]
        for key, layer in LAYERS.items()
    }


def test_the_table_of_layers_is_in_drawing_order():
    told = [cells[0].strip("`") for cells in rows("docs/map.md") if len(cells) == 7 and cells[0].startswith("`")]
    for layers in (PLANNER_LAYERS, WALL_LAYERS):
        order = [told.index(layer.key) for layer in layers]
        assert order == sorted(order)


def test_every_route_and_page_is_described(app):
    views = app.server.view_functions
    ours = {
        rule.rule for rule in app.server.url_map.iter_rules() if views[rule.endpoint].__module__.startswith("callbacks")
    }
    ours |= {page["path"] for page in dash.page_registry.values()}
    assert ours == {
        cells[0].strip("`") for cells in rows("docs/map.md", "Pages and routes") if cells[0].startswith("`/")
    }


def test_every_part_of_the_view_is_described():
    told = chain.from_iterable(re.findall(r"`(\w+)`", cells[0]) for cells in rows("docs/map.md", "The view"))
    assert sorted(told) == sorted(View.__dataclass_fields__)


def test_examples_of_the_view_can_be_read():
    for cells in rows("docs/map.md", "The view")[2:]:
        for part in re.findall(r"`(\w+)`", cells[0]):
            assert getattr(View.read({part: cells[2].strip("`")}), part) != getattr(View(), part), part


# files that come in


@pytest.mark.parametrize("kind", Kind)
def test_every_column_and_header_is_described(kind):
    told = [cells for cells in rows("docs/data.md", kind.value.capitalize()) if "`" in cells[0]]
    assert told == [
        [f"**`{field.name}`**" if field.needed else f"`{field.name}`", ", ".join(field.headers)]
        for field in FIELDS[kind]
    ]


def test_every_word_of_a_choice_is_described():
    told = chain.from_iterable(re.split(", ", cells[1]) for cells in rows("docs/data.md", "Words") if "`" in cells[0])
    words = {intake.values.plain(word) for word in told}
    assert words == set(chain.from_iterable(intake.values.CHOICES.values()))


def test_the_example_of_a_mapping_file_is_one():
    (example,) = re.findall(r"^```toml\n(.*?)^```", text("docs/data.md"), re.MULTILINE | re.DOTALL)
    mapping = mapping_of(tomllib.loads(example), Kind.INCIDENTS)
    assert mapping.words["category"] == {"黑臭水体": "water"}


def test_every_form_of_file_is_described():
    from intake import files  # noqa: PLC0415  its source is read, not only its names

    source = Path(files.__file__).read_text(encoding="utf-8")
    forms = set(re.findall(r'"(\.[a-z]+)"', source))
    assert forms
    told = set(chain.from_iterable(re.findall(r"`(\.[a-z]+)`", cells[0]) for cells in rows("docs/data.md", "Forms")))
    assert told == forms


# all documents


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    """Pictures are made by `make shots` and may not be there yet."""
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    missing = [link for link in inside if not (path.parent / unquote(link)).exists() and not link.endswith(".png")]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_code_named_in_documents_is_there(path):
    """A path in backticks is a file or a folder of ours."""
    rooms = "callbacks|casework|geo|intake|layers|pages|store|tests|tools|words|assets|docs|exports"
    named = re.findall(rf"`((?:{rooms})/[\w./-]*)`", path.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_methods_name_functions_that_are_there():
    for names, paths in re.findall(r"((?:`\w+`(?:, )?)+) \(((?:`[\w./]+\.py`(?:, )?)+)\)", text("docs/methods.md")):
        source = "".join(text(path) for path in re.findall(r"`([^`]+)`", paths))
        for name in re.findall(r"`(\w+)`", names):
            assert f"def {name}(" in source, (name, paths)


def test_glossary_names_code_that_is_there():
    code = "".join(
        path.read_text(encoding="utf-8") for path in ROOT.glob("[a-z]*/**/*.py") if "tests" not in path.parts
    )
    named = [cells[2].strip("`").split(".")[-1] for cells in rows("docs/glossary.md") if cells[2].startswith("`")]
    assert [name for name in named if not re.search(rf"\b{name}\b", code)] == []


def test_readmes_have_the_same_parts():
    one, other = (re.findall(r"^(#+) ", text(name), re.MULTILINE) for name in READMES)
    assert one == other
    blocks = [re.findall(r"^```sh\n(.*?)^```", text(name), re.MULTILINE | re.DOTALL) for name in READMES]
    bare = [[re.sub(r"\s*#.*", "", block) for block in those] for those in blocks]
    assert bare[0] == bare[1]
    links = [set(re.findall(r"\]\(([^)\s#]+)", text(name))) - set(READMES) for name in READMES]
    assert links[0] == links[1]


def test_the_chinese_readme_is_chinese():
    prose = [line for line in text("README.zh-CN.md").split("```")[::2] for line in line.splitlines() if len(line) > 40]
    assert [line for line in prose if not HAN.search(line)] == []


def test_every_decision_is_listed_and_numbered():
    files = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert all(f"decisions/{name}" in text("docs/house.md") for name in files)
    for name in files:
        assert re.findall(r"^\*\*(\w+)\.\*\*", text(f"docs/decisions/{name}"), re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]
