"""A request sent again, as it was: it changes nothing twice, or is told that somebody was there before."""

from callbacks.planner.fields import base_of
from layers.view import View
from tests.world import IN_FORCE, E, W

QUERY = View(lang="en", a=E, b=W, agreement=IN_FORCE).query()


def written(desk):
    one = desk.agreements.get(IN_FORCE)
    return {
        "view.data": QUERY,
        "agreement-base.data": base_of(one),
        "agreement-title.value": "Replayed",
        "valid-from.value": one.valid_from.isoformat(),
        "agreed-categories.value": [str(category) for category in one.categories],
        "memorandum.value": "once",
        "powers.value": one.powers,
    }


def test_an_agreement_is_kept_once(victim):
    values = written(victim.desk)
    first = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    assert first.notice.startswith("Kept: Replayed")
    kept, rows = victim.desk.agreements.get(IN_FORCE), victim.counts()
    again = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    assert (again.notice, again["conflict.hidden"]) == (first.notice, True)
    assert victim.desk.agreements.get(IN_FORCE) == kept
    assert victim.counts() == rows


def test_a_new_agreement_is_kept_once(victim):
    view = View(lang="en", a=E, b=W, depth_a_m=1300.0).query()
    values = written(victim.desk) | {
        "agreement-base.data": base_of(victim.desk.agreements.draft(E, W)),
        "view.data": view,
    }
    first = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    rows = victim.counts()
    again = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    assert again["agreement.value"] == first["agreement.value"]
    assert victim.counts() == rows
    victim.desk.agreements.remove(first["agreement.value"])


def test_an_agreement_is_removed_and_restored_once(victim):
    remove = (
        "remove_agreement",
        {"agreement.value": IN_FORCE, "view.data": QUERY},
        "remove-agreement-sure.submit_n_clicks",
    )
    assert victim.web.fire(*remove).notice
    rows = victim.counts()
    assert "no agreement" in victim.web.fire(*remove, page="/?lang=en").notice
    assert victim.counts() == rows
    restore = ("restore_agreement", {"undo.data": {"agreement": IN_FORCE}, "view.data": QUERY}, "undo.data")
    assert "Restored" in victim.web.fire(*restore).notice
    rows = victim.counts()
    assert "already" in victim.web.fire(*restore, page="/?lang=en").notice
    assert victim.counts() == rows


def test_an_answer_is_never_a_right_to_ask_again(victim):
    """Whatever is asked by GET changes nothing, however often; the log tells what went out."""
    rows = victim.counts() | {"audit": 0}
    for rule in victim.web.app.server.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            for _ in range(2):
                victim.client.get(rule.rule)
    assert victim.counts() | {"audit": 0} == rows
    assert {rule.rule for rule in victim.web.app.server.url_map.iter_rules() if "POST" in rule.methods} == {
        "/_dash-update-component"
    }
