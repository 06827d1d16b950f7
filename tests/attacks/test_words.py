"""Scripts and formulas in every name and word: shown as they were written, in pages, charts, tips and files."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import openpyxl
import pytest

from exports.briefing import briefing_page
from exports.workbook import workbook
from intake.corrections import export_rejects
from intake.files import open_table
from layers import LAYERS
from tests.attacks.words import FORMULAS, SCRIPTS
from tests.outings import plan
from tests.world import IN_FORCE, E, W

# Whatever of Dash's would take a text for a page or a program.
INTERPRETING = {"Markdown", "Iframe", "Script", "DangerouslySetInnerHTML", "Embed", "ObjectEl", "Base", "Style"}
TAG = re.compile(r"<(?!br>|/?b>|extra>|/extra>)")


def parts(whole):
    """Every part of a JSON value."""
    yield whole
    for one in whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ():
        yield from parts(one)


class Elements(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def answers(tagged):
    """What the planner, the plans and the wall answer where every word is hostile."""
    web = tagged.web
    view = {"lang": "en", "a": E, "b": W, "agreement": IN_FORCE, "selected": "firm:f-e-red"}
    found = [web.page(path, **view).changed for path in ("/", "/plans", "/wall")]
    query = "&".join(f"{name}={value}" for name, value in view.items())
    for known in web.app.callback_map.values():
        if "callback" in known and not known.get("background"):
            values = {
                "view.data": query,
                "pulse.data": {},
                "side-a.value": E,
                "side-b.value": W,
                "agreement.value": IN_FORCE,
            }
            asked = {f"{one['id']}.{one['property']}" for one in [*known["inputs"], *known["state"]]}
            found.append(web.fire(known["callback"].__name__, {k: v for k, v in values.items() if k in asked}).changed)
    return found


def test_the_attack_is_on_the_pages(answers):
    told = json.dumps(answers, ensure_ascii=False)
    assert sum(json.dumps(one, ensure_ascii=False)[1:-1] in told for one in SCRIPTS) >= 3


def test_nothing_on_a_page_interprets_words(answers):
    kinds = {part["type"] for part in parts(answers) if isinstance(part, dict) and "namespace" in part}
    assert kinds
    assert kinds & INTERPRETING == set()


def test_tables_show_text_and_no_program(answers):
    tables = [part["props"] for part in parts(answers) if isinstance(part, dict) and part.get("type") == "AgGrid"]
    assert tables
    for table in tables:
        assert not table.get("dangerously_allow_code")
        assert not any("function" in column or "cellRenderer" in column for column in table["columnDefs"])


def test_links_lead_nowhere_but_here(answers):
    links = {
        part["props"]["href"] for part in parts(answers) if isinstance(part, dict) and "href" in part.get("props", {})
    }
    assert links
    assert [one for one in links if not re.match(r"/(?!/)|#|\?", one)] == []


def test_charts_hold_no_tag_of_others(answers):
    figures = [part for part in parts(answers) if isinstance(part, dict) and {"data", "layout"} <= part.keys()]
    assert figures
    for figure in figures:
        texts = [one for one in parts(figure) if isinstance(one, str)]
        assert [one for one in texts if TAG.search(one)] == []
        templates = [one["hovertemplate"] for one in parts(figure) if isinstance(one, dict) and "hovertemplate" in one]
        assert [one for one in templates if "fullData" in one or "script" in one] == []


@pytest.mark.parametrize("key", LAYERS)
def test_the_map_is_told_words_as_data(tagged, key):
    answer = tagged.client.get(f"/map/{key}.geojson?lang=en&a={E}&b={W}&agreement={IN_FORCE}")
    assert answer.mimetype == "application/geo+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.get_json()["type"] == "FeatureCollection"


def hostile(words):
    """A plan, every text of it hostile, for a kept agreement and firms that are as hostile."""
    base = plan()
    return replace(
        base,
        title=words,
        crews=tuple(
            replace(
                crew, station_name=words, vehicle_id=words,
                members=tuple(replace(one, name=words, agency=words) for one in crew.members),
                stops=tuple(replace(one, title=words, reason=words, agencies=(words,)) for one in crew.stops),
            )
            for crew in base.crews
        ),
    )  # fmt: skip


@pytest.mark.parametrize("words", SCRIPTS)
def test_a_briefing_has_the_elements_it_has_without(tagged, words):
    quiet, loud = (
        # A firm that is called like its stop is named once.
        briefing_page(tagged.desk.briefings.about(hostile(f"{one} here")), "k1", "en")
        for one in ("quiet", words)
    )
    found, wanted = Elements(), Elements()
    found.feed(loud)
    wanted.feed(quiet)
    assert [tag for tag, _ in found.seen] == [tag for tag, _ in wanted.seen]
    assert not any(name.startswith("on") for _, attributes in found.seen for name in attributes)
    assert loud.count("</script>") == quiet.count("</script>")


@pytest.mark.parametrize("words", FORMULAS)
def test_a_workbook_has_no_formula(tagged, words):
    book = openpyxl.load_workbook(BytesIO(workbook(tagged.desk.briefings.about(hostile(words)), "en")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == words for cell in cells) or words.startswith("\t")
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert all(cell.quotePrefix for cell in cells if isinstance(cell.value, str))


def test_a_table_of_what_was_turned_away_has_no_formula_and_comes_back_as_it_was(tmp_path):
    from casework.model import Kind, Reject  # noqa: PLC0415

    odd = (*FORMULAS, "'=quoted", "''=twice", "-3.5", "+86 512", "'tis", "plain")
    rejects = [
        Reject(Kind.INCIDENTS, "f.csv", n, "编号", one, "an id", {"编号": one, "=x": one}, id=n)
        for n, one in enumerate(odd)
    ]
    file = tmp_path / "out.csv"
    export_rejects(rejects, file)
    table = open_table(file)
    (batch,) = table.batches()
    written = [cell for column in batch.cells for cell in batch.cells[column]]
    assert [one for one in written if re.match(r"[=@\t]|[+-](?![0-9.]+$)", one)] == []
    assert "-3.5" in written
