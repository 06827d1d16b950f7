"""SQL in every field: it is looked for, not run; nothing is lost, nothing else is found, and no answer tells a table."""

from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest

from casework.errors import NotFoundError
from layers import LAYERS
from layers.view import View
from tests.attacks.words import QUERIES, WAYS, told_inside
from tests.world import IN_FORCE, E, W

PARTS = [name for name in View.__dataclass_fields__ if name not in {"lang", "theme"}]
# The others take no words.
WORDS = ("a", "b", "agreement", "analysis", "plan", "selected", "whatif", "others")
ANSWERS = {200, 204, 400, 404, 409, 422}


@pytest.fixture
def nothing_lost(victim):
    before = victim.counts()
    yield
    assert victim.counts() == before


@pytest.mark.usefixtures("nothing_lost")
@pytest.mark.parametrize("attack", QUERIES)
def test_in_every_part_of_a_view(victim, attack):
    plain = {"lang": "en", "a": E, "b": W, "agreement": IN_FORCE}
    views = [dict.fromkeys(PARTS, attack) | {"lang": "en"}, *(plain | {part: attack} for part in WORDS)]
    for view in [*views, plain | {"selected": f"firm:{attack}"}]:
        answer = victim.web.page("/", **view)
        assert answer.notice is None, view
        assert told_inside(answer.text) == [], view


@pytest.mark.usefixtures("nothing_lost")
@pytest.mark.parametrize("attack", QUERIES)
def test_in_every_layer(victim, attack):
    for key, layer in LAYERS.items():
        plain = victim.client.get(f"/map/{key}.geojson?lang=en&a={E}&b={W}")
        for part in set(layer.fields) & set(WORDS):
            view = {"lang": "en", "a": E, "b": W, part: f"incident:{attack}" if part == "selected" else attack}
            answer = victim.client.get(f"/map/{key}.geojson?{urlencode(view)}")
            assert answer.status_code in ANSWERS, (key, part)
            assert told_inside(answer.get_data(as_text=True)) == []
            # A condition that is always true would find more than there is to see.
            assert answer.status_code != 200 or len(answer.json["features"]) <= max(len(plain.json["features"]), 200)


@pytest.mark.usefixtures("nothing_lost")
@pytest.mark.parametrize("attack", [*QUERIES, *WAYS])
def test_in_every_address(victim, attack):
    word = quote(attack, safe="")
    for path in (
        f"/map/{word}.geojson", f"/tiles/{word}/1/1/1.pbf", f"/tiles/incidents/{word}/1/1.pbf", f"/plans/{word}/1.html",
        f"/plans/p-1/{word}.xlsx", f"/plans/p-1/1.{word}", f"/assets/{word}", f"/{word}", f"/_dash-component-suites/{word}/{word}",
    ):  # fmt: skip
        answer = victim.client.get(path)
        assert answer.status_code in {400, 404, 308}, path
        assert told_inside(answer.get_data(as_text=True)) == []


@pytest.mark.usefixtures("nothing_lost")
@pytest.mark.parametrize("attack", QUERIES)
def test_in_every_id_that_the_desk_takes(victim, attack):
    desk = victim.desk
    agreements, plans = desk.agreements, desk.plans
    for ask, *more in (
        (agreements.get,),
        (agreements.restore, 1),
        (agreements.remove, 1),
        (plans.get,),
        (desk.briefings.of,),
    ):
        with pytest.raises(NotFoundError):
            ask(attack, *more)
    assert desk._store.incident(attack) is None
    assert desk._store.jurisdictions([attack]).empty
    assert desk._store.findings(attack).empty


def test_words_that_are_kept_come_back_as_they_are(victim):
    kept = victim.desk.agreements.get(IN_FORCE)
    for attack in QUERIES:
        told = replace(kept, title=attack, memorandum=attack, powers=attack)
        answer = victim.desk.agreements.save(replace(told, version=victim.desk.agreements.get(IN_FORCE).version))
        found = victim.desk.agreements.get(IN_FORCE)
        assert (found.title, found.memorandum, found.powers) == (attack, attack, attack)
        assert answer.title == attack
