"""Nothing secret is in anything that anyone can fetch."""

import re
from pathlib import Path

import pytest

from callbacks.web import build
from settings import Settings
from tests.world import E, W

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Sesam-8731"  # noqa: S105  # looked for in everything
SECRETS = (SECRET, "lianfang_owner", "db.intern.example", "redis.intern.example", "postgresql", "psycopg2", str(ROOT))
PAGES = ("/", "/plans", "/wall")
# Names under which secrets are kept.
NAMES = re.compile(
    r"(?i)\b(passw(or)?d|secret[_-]?key|api[_-]?key|access[_-]?token|client[_-]?secret)\b[\"']?\s*[:=]\s*[\"'][^\"']+[\"']"
)


@pytest.fixture(scope="module")
def client(tagged, tmp_path_factory):
    """A browser of a dashboard whose operator has secrets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("secrets"))
        settings = Settings(
            database=f"postgresql+psycopg2://lianfang_owner:{SECRET}@db.intern.example/lianfang",
            dask=f"tcp://{SECRET}:8786",
            checklists=f"/etc/{SECRET}.toml",
        )
        yield build(settings, lambda: tagged.desk).server.test_client()


def tells(answer):
    """Which secrets an answer tells, in its words and in its headers."""
    said = answer.get_data().decode(errors="replace") + str(answer.headers)
    return [one for one in SECRETS if one in said]


@pytest.mark.parametrize(
    "path",
    [
        *PAGES, "/_dash-layout", "/_dash-dependencies", "/nowhere", "/map/nothing.geojson", "/map/zones.geojson",
        "/plans/none/1.html", "/tiles/incidents/0/0/0.pbf", "/_reload-hash", f"/map/clusters.geojson?a={E}&b={W}",
    ],
)  # fmt: skip
def test_no_answer_tells_one(client, path):
    answer = client.get(path)
    assert tells(answer) == []
    if answer.mimetype == "text/html":
        assert NAMES.search(answer.get_data(as_text=True)) is None


def test_no_event_tells_one(client, tagged):
    for path in PAGES:
        place = {"_pages_location.pathname": path, "_pages_location.search": "?lang=en"}
        known = tagged.web.app.callback_map
        output = next(one for one in known if one.startswith(".._pages_content.children"))
        body = {
            "output": output,
            "outputs": [
                dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in output[2:-2].split("...")
            ],
            "inputs": [
                {"id": one["id"], "property": one["property"], "value": place.get(f"{one['id']}.{one['property']}")}
                for one in known[output]["inputs"]
            ],
            "state": [],
            "changedPropIds": [],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200
        assert tells(answer) == []


def test_no_asset_holds_one():
    for path in (ROOT / "assets").rglob("*"):
        if path.suffix in {".js", ".css", ".svg"}:
            assert NAMES.search(path.read_text(encoding="utf-8")) is None, path
