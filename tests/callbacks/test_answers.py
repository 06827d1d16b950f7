"""What the server's answers weigh, and how long a browser may keep them."""

from contextlib import closing
from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely

from callbacks.web import build
from casework.desk import Desk, SystemClock
from casework.model import Kind, Load
from casework.people import Actor
from casework.rules import Rules
from settings import Settings
from store import open_store


@pytest.fixture
def client(tmp_path):
    """A browser without a cache, and a store with one finely drawn outline."""
    settings = Settings(database=str(tmp_path / "store.sqlite"))
    outline = shapely.Point(120.1, 30.9).buffer(0.3, quad_segs=500)
    frame = gpd.GeoDataFrame({"id": ["1"], "name": ["One"]}, geometry=[outline], crs=4326)
    with closing(open_store(settings.database_url)) as store:
        store.add(Load(Kind.BOUNDARIES, "outlines", "test", "wgs84", datetime.now(UTC)), frame)
        desk = Desk(store, Actor(), SystemClock(), Rules())
        yield build(settings, lambda: desk).server.test_client()


def keeping(client, path):
    """What a browser is told about keeping an answer."""
    with client.get(path) as answer:
        return answer.headers["Cache-Control"]


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
def test_what_the_map_fetches_is_compressed(client, coding):
    plain = client.get("/map/jurisdictions.geojson?v=1")
    packed = client.get("/map/jurisdictions.geojson?v=1", headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert len(packed.data) < len(plain.data) / 2


@pytest.mark.parametrize("path", ["/assets/map.js?m=1", "/assets/fonts/noto-sans-sc-400.woff2"])
def test_what_does_not_change_under_its_address_is_kept(client, path):
    assert "immutable" in keeping(client, path)


def test_what_may_change_under_its_address_is_asked_for_again(client):
    assert keeping(client, "/assets/map.js") == "no-cache"
    assert keeping(client, "/map/jurisdictions.geojson") == "no-cache"
