"""The editor of agreements, event by event: terms, versions, conflicts, removal and what new boundaries did."""

import logging
import re
from dataclasses import replace
from datetime import date

import pytest
import shapely

from callbacks.planner.fields import base_of, strips_of
from callbacks.view import read
from casework.model import Category, Ends, Kind, Strip
from casework.people import Person, Role
from layers.choice import drafted
from layers.editor import kept_back_by
from layers.view import View, strips_text
from tests import world
from tests.callbacks.test_planner import CONTROLS, pulse, settle
from tests.world import FUTURE, IN_FORCE, SHORT, TODAY, E, N, W

VIEW = View(lang="en", a=E, b=W, agreement=IN_FORCE)
QUERY = VIEW.query()
LI = Person("li", "李 <b>", Role.COMMANDER, (E,), world.NOW)
THIRD = Strip(N, W, 800.0, 1000.0, None, 4000.0)


def written(desk, agreement=IN_FORCE, **changes):
    """What the fields hold after an agreement, or a draft, was loaded into them."""
    one = desk.agreements.get(agreement) if agreement else desk.agreements.draft(E, W)
    return {
        "agreement-base.data": base_of(one),
        "agreement-title.value": one.title,
        "valid-from.value": one.valid_from.isoformat(),
        "valid-to.value": one.valid_to and one.valid_to.isoformat(),
        "agreed-categories.value": [str(category) for category in one.categories],
        "memorandum.value": one.memorandum,
        "powers.value": one.powers,
    } | {name.replace("_", "-") + ".value": value for name, value in changes.items()}


def keep(web, desk, view=VIEW, button="save-agreement", agreement=IN_FORCE, base=None, **changes):
    values = {"view.data": view.query(), **(base or written(desk, agreement, **changes))}
    return web.fire("keep_agreement", values, f"{button}.n_clicks", page="/?lang=en")


def turn(web, desk, triggered, view=QUERY, base=None, **values):
    """What the controls become when one select turned."""
    controls = {"agreement.value": IN_FORCE, "side-a.value": E, "side-b.value": W, "view.data": view}
    changed = {name.replace("_", "-") + ".value": value for name, value in values.items()}
    return web.fire("settle", controls | (base or written(desk)) | changed, triggered)


def compose(web, desk, triggered, base=None, **values):
    changed = {name.replace("_", "-") + ".value": value for name, value in values.items()}
    terms = {"agreement-base.data": base or base_of(desk.agreements.get(IN_FORCE)), "strip-ends.value": "flat"}
    terms |= {"agreed-categories.value": list(Category), "view.data": QUERY}
    return read(web.fire("compose", CONTROLS | terms | changed, triggered)["view.data"])


def boundaries_moved(desk, edge=120.32):
    """East's edge moves: the zones between East and West are others."""
    moved = world.boundaries()
    shapes = {E: shapely.box(edge, 30.8, 120.5, 30.98), W: shapely.box(120.1, 30.8, edge, 30.98)}
    moved = moved.set_geometry([shapes.get(one, world.SQUARES[one]) for one in moved["id"]], crs=4326)
    desk.records.add(world.load(Kind.BOUNDARIES, "moved.csv"), moved)
    return desk.records.boundaries_changed()


# terms


def test_a_draft_is_kept_with_a_title_of_its_own(web, desk):
    answer = keep(web, desk, VIEW.but(agreement=None, depth_a_m=1500.0), agreement=None)
    assert (answer["agreement.value"], answer["agreement-title.value"]) == ("e-w-3", "East – West")
    assert answer.notice == "Kept: East – West, version 1."
    assert desk.agreements.get("e-w-3").depth_a_m == 1500.0
    assert answer["pulse.data"] == pulse(web)
    assert answer["agreement-base.data"] == base_of(desk.agreements.get("e-w-3"))


def test_all_terms_are_kept(web, desk):
    view = VIEW.but(from_m=0.0, to_m=19_950.0, ends=Ends.ROUND, beyond=False)
    answer = keep(
        web, desk, view, agreement_title="Renamed", valid_from="2026-02-01", valid_to="2026-12-31",
        agreed_categories=["air", "water"], memorandum="No. 13", powers="sampling",
    )  # fmt: skip
    assert answer.notice == "Kept: Renamed, version 2."
    kept = desk.agreements.get(IN_FORCE)
    assert (kept.from_m, kept.to_m, kept.ends, kept.beyond) == (None, None, Ends.ROUND, False)
    assert (kept.valid_from, kept.valid_to) == (date(2026, 2, 1), date(2026, 12, 31))
    assert kept.categories == (Category.WATER, Category.AIR)
    assert (kept.memorandum, kept.powers) == ("No. 13", "sampling")


def test_a_zone_of_nothing_is_not_kept(web, desk):
    answer = keep(web, desk, VIEW.but(depth_a_m=0.0, depth_b_m=0.0))
    assert answer.changed == {"notice.children": "A zone needs a depth above 0 m on at least one side."}
    none = keep(web, desk, agreed_categories=[])
    assert none.notice == "The agreement covers no category: choose at least one."
    assert desk.agreements.get(IN_FORCE).version == 1


def test_what_is_not_saved_is_told(web, desk):
    def told(view=VIEW, **changes):
        return web.fire("tell_unsaved", {"view.data": view.query(), **written(desk, **changes)}, "view.data")

    assert told()["unsaved.children"] == ""
    words = told(VIEW.but(depth_a_m=2000.0), memorandum="No. 14", valid_to="2027-01-01")["unsaved.children"]
    assert words == "Not saved: depth A, valid to, memorandum"
    assert web.fire("tell_unsaved", {"view.data": QUERY}, "view.data")["unsaved.children"] == ""
    draft = VIEW.but(agreement=None, depth_a_m=2000.0)
    tried = web.fire("tell_unsaved", {"view.data": draft.query(), **written(desk, None)}, "view.data")
    assert tried["unsaved.children"] == ""


# the view


def test_terms_that_are_the_agreements_own_are_not_in_the_address(web, desk):
    view = compose(web, desk, "severity.value", severity="2")
    assert (view.ends, view.beyond, view.agreed, view.others) == (None, None, None, None)


def test_terms_that_are_not_are(web, desk):
    values = {"strip_ends": "round", "agreed_categories": ["air"], "third_party": N, "third_along": ["b"]}
    values |= {"depth_c": 800, "third_along_b_to": 4}
    view = compose(web, desk, "third-party.value", **values)
    assert (view.ends, view.agreed, view.others) == (Ends.ROUND, (Category.AIR,), (THIRD,))
    terms = drafted(desk, view)
    assert (terms.ends, terms.categories, terms.parties) == (Ends.ROUND, (Category.AIR,), (E, N, W))


def test_strips_the_fields_cannot_say_stay(web, desk):
    values = CONTROLS | {"agreement-base.data": base_of(desk.agreements.get(IN_FORCE)), "third-party.disabled": True}
    answer = web.fire("compose", values | {"third-party.value": N, "severity.value": "2"}, "severity.value")
    assert read(answer["view.data"]).others is None


def test_terms_of_another_pair_are_not_told(web, desk):
    view = compose(web, desk, "side-a.value", agreement=None, side_a=N, strip_ends="round")
    assert (view.pair, view.ends) == ((N, W), None)


@pytest.mark.parametrize(
    ("party", "along", "expected"),
    [
        (None, ["a"], ()),
        (E, ["a"], ()),
        (N, [], ()),
        (N, ["b"], (THIRD,)),
        (N, ["a", "b"], (Strip(E, N, 1000.0, 800.0, 500.0), THIRD)),
    ],
)
def test_a_third_party_brings_its_strips(party, along, expected):
    assert strips_of((E, W), (1000.0, 1000.0), party, 800, along, (0.5, "", None, 4)) == expected


def test_a_third_party_meets_the_sides_it_borders_on(web):
    def meet(third, along):
        values = {"third-party.value": third, "third-along.value": along, "side-a.value": E, "side-b.value": W}
        return web.fire("meet", values, "third-party.value")

    assert meet(N, [])["third-along.value"] == ["b"]
    assert meet(N, ["a"])["third-along.value"] == ["b"]
    assert "third-along.value" not in meet(N, ["b"])
    assert "third-along.value" not in meet(None, [])
    assert (meet(N, [])["third-along-a.disabled"], meet(N, [])["third-along-b.disabled"]) == (True, False)
    assert (meet(N, [])["third-terms.hidden"], meet(None, [])["third-terms.hidden"]) == (False, True)


# filling the fields


def test_an_agreement_fills_the_fields(web, desk):
    answer = settle(web, "agreement.value", agreement=SHORT)
    assert (answer["valid-from.value"], answer["valid-to.value"]) == ("2026-06-11", "2026-12-31")
    assert answer["agreed-categories.value"] == list(Category)
    assert (answer["strip-ends.value"], answer["strip-beyond.checked"]) == ("flat", False)
    assert [one["value"] for one in answer["third-party.data"]] == [N]
    assert (answer["third-party.value"], answer["third-party.disabled"]) == (None, False)
    assert answer["agreement-base.data"] == base_of(desk.agreements.get(SHORT))


def test_a_link_with_terms_fills_the_fields_with_them(web, desk):
    view = VIEW.but(ends=Ends.ROUND, others=(THIRD,))
    answer = settle(web, None, view.query())
    assert (answer["strip-ends.value"], answer["third-party.value"], answer["depth-c.value"]) == ("round", N, 800.0)
    assert (answer["third-along.value"], answer["third-along-b-to.value"]) == (["b"], 4.0)
    assert answer["agreement-base.data"]["others"] == strips_text(())
    strange = settle(web, None, VIEW.but(others=(replace(THIRD, depth_b_m=77.0),)).query())
    assert (strange["third-party.value"], strange["third-party.disabled"]) == (None, True)


def test_words_half_written_stay_when_others_save(web, desk):
    desk.agreements.save(replace(desk.agreements.get(SHORT), title="Other"))
    answer = turn(web, desk, "version-agreements.data", memorandum="half wr")
    assert "memorandum.value" not in answer
    assert answer["agreement.value"] == IN_FORCE


def test_fields_nobody_edited_follow_the_newest_version(web, desk):
    before = written(desk)
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), depth_a_m=3000.0, memorandum="No. 15"))
    answer = turn(web, desk, "version-agreements.data", base=before)
    assert (answer["depth-a.value"], answer["memorandum.value"]) == (3000.0, "No. 15")
    assert answer["agreement-base.data"]["version"] == 2
    view = VIEW.but(depth_a_m=1000.0).query()
    edited = turn(web, desk, "version-agreements.data", view, base=before, memorandum="mine")
    assert "memorandum.value" not in edited
    assert edited["depth-a.value"] == 1000.0
    asked = turn(web, desk, "load-newest.n_clicks", base=before, memorandum="mine")
    assert (asked["memorandum.value"], asked["conflict.hidden"]) == ("No. 15", True)


def test_words_half_written_stay_when_others_remove_what_they_are_about(web, desk):
    before = written(desk)
    desk.agreements.remove(IN_FORCE, 1)
    answer = turn(web, desk, "version-agreements.data", base=before, memorandum="half wr")
    assert "memorandum.value" not in answer
    assert "agreement-base.data" not in answer
    assert answer["agreement.value"] == IN_FORCE
    gone = turn(web, desk, "version-agreements.data", base=before)
    assert (gone["agreement.value"], gone["memorandum.value"]) == (None, "")
    asked = turn(web, desk, "load-newest.n_clicks", base=before, memorandum="half wr")
    assert (asked["agreement.value"], asked["memorandum.value"]) == (None, "")


# before terms are lost


def test_leaving_unsaved_terms_is_asked_about(web, desk):
    answer = turn(web, desk, "agreement.value", agreement=FUTURE, memorandum="half wr")
    assert (answer["agreement.value"], answer["side-a.value"], answer["side-b.value"]) == (IN_FORCE, E, W)
    assert (answer["wished.data"], answer["leave-sure.displayed"]) == ([FUTURE, E, W], True)
    base = written(desk, memorandum="half wr") | {"wished.data": answer["wished.data"]}
    gone = turn(web, desk, "leave-sure.submit_n_clicks", base=base)
    assert (gone["agreement.value"], gone["side-a.value"], gone["leave-sure.displayed"]) == (FUTURE, N, False)
    assert gone["memorandum.value"] == ""


def test_nothing_is_asked_where_nothing_is_lost(web, desk):
    assert turn(web, desk, "agreement.value", agreement=FUTURE)["agreement.value"] == FUTURE
    tried = VIEW.but(agreement=None, depth_a_m=3000.0)
    draft = turn(web, desk, "side-a.value", tried.query(), written(desk, None), agreement=None, side_a=N)
    assert draft["side-a.value"] == N
    desk.agreements.remove(IN_FORCE, 1)
    base = written(desk, SHORT) | {"agreement-base.data": base_of(world.agreements()[0]), "memorandum.value": "half"}
    assert turn(web, desk, "agreement.value", base=base, agreement=None)["agreement.value"] is None


# conflicts


def choose(web, desk, base, told, *mine):
    """The answer to whoever ticked `mine` under what was told, and keeps it."""
    more = {"keep-my-terms.value": list(mine), "others-version.data": told["others-version.data"]}
    return keep(web, desk, base=base | more, button="save-on-top")


def test_what_only_one_of_two_changed_is_put_together_unasked(web, desk):
    before = written(desk, memorandum="mine")
    desk._store.save_person(LI, None)
    desk.of(LI.actor).agreements.save(replace(desk.agreements.get(IN_FORCE), depth_a_m=3000.0, valid_to=TODAY))
    before["valid-to.value"] = None
    answer = keep(web, desk, base=before)
    assert answer.notice == "Kept: Whole border, version 3."
    kept = desk.agreements.get(IN_FORCE)
    assert (kept.memorandum, kept.depth_a_m, kept.valid_to) == ("mine", 3000.0, TODAY)
    assert "Version 3 has your changes on top of what others changed meanwhile" in answer.text
    assert re.search(r"version 2 · 20\d\d-\d\d-\d\d \d\d:\d\d · 李 <b> \(East\) · saved", answer.text)
    assert "depth A: 1,000 m → 3,000 m" in answer.text
    assert "valid to: until revoked → 2026-06-11" in answer.text
    assert answer["conflict.hidden"] is True
    # The fields follow, and what was told stays beside them.
    settled = turn(web, desk, "put-together.data", base=before | {"put-together.data": 3})
    assert (settled["depth-a.value"], settled["memorandum.value"]) == (3000.0, "mine")
    assert settled["agreement-base.data"]["version"] == 3
    assert "others-did.children" not in settled
    assert turn(web, desk, "agreement.value", agreement=SHORT)["others-did.children"] is None


def test_what_both_changed_stands_side_by_side_and_is_chosen(web, desk):
    before = written(desk, memorandum="mine", powers="sampling")
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), depth_a_m=3000.0, memorandum="No. 15"))
    told = keep(web, desk, base=before)
    assert told["conflict.hidden"] is False
    assert "Somebody else saved version 2 after version 1, which you began with." in told.text
    assert "local · saved" in told.text
    rows = [[cell["props"]["children"] for cell in row] for row in cells(told)]
    assert [row[:4] for row in rows] == [["memorandum", "No. 12", "No. 15", "mine"]]
    assert rows[0][4]["props"] == {"value": "memorandum", "size": "xs", "aria-label": "mine stands: memorandum"}
    assert desk.agreements.get(IN_FORCE).version == 2

    theirs = choose(web, desk, before, told)
    assert theirs.notice == "Kept: Whole border, version 3."
    kept = desk.agreements.get(IN_FORCE)
    assert (kept.depth_a_m, kept.memorandum, kept.powers) == (3000.0, "No. 15", "sampling")

    # Another version came, of which nothing was told: what was ticked is no answer to it.
    stale = choose(web, desk, before, told, "memorandum")
    assert (stale["conflict.hidden"], stale["others-version.data"], stale["keep-my-terms.value"]) == (False, 3, [])
    assert desk.agreements.get(IN_FORCE).version == 3
    mine = choose(web, desk, before, stale, "memorandum")
    assert mine.notice == "Kept: Whole border, version 4."
    kept = desk.agreements.get(IN_FORCE)
    assert (kept.depth_a_m, kept.memorandum, kept.powers) == (3000.0, "mine", "sampling")


def cells(answer):
    """Cells of each row of the terms to choose between."""
    _head, *bodies = answer["keep-my-terms.children"]["props"]["children"]
    return [row["props"]["children"] for body in bodies for row in body["props"]["children"]]


def test_two_that_make_no_agreement_together_are_refused_in_words(web, desk):
    before = written(desk, valid_to="2026-04-01")
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), valid_from=date(2026, 5, 1)))
    answer = keep(web, desk, base=before)
    assert "would end on 2026-04-01, before it begins on 2026-05-01" in answer.notice
    assert desk.agreements.get(IN_FORCE).version == 2


def test_a_removed_agreement_is_not_brought_back_unasked(web, desk):
    before = written(desk, memorandum="mine")
    desk.agreements.remove(IN_FORCE, 1)
    told = keep(web, desk, base=before)
    assert "local · removed" in told.text
    rows = [[cell["props"]["children"] for cell in row[:4]] for row in cells(told)]
    assert rows == [["the agreement", "brought back", "removed", "brought back"]]
    unticked = choose(web, desk, before, told)
    assert unticked.changed == {
        "notice.children": "This agreement was removed while you worked on it; nothing was saved."
    }
    back = choose(web, desk, before, told, "removed")
    assert (back.notice, back["agreement.value"]) == ("Kept: Whole border, version 3.", IN_FORCE)
    assert desk.agreements.get(IN_FORCE).memorandum == "mine"


# removal


def test_an_agreement_is_removed_after_asking_and_brought_back(web, desk):
    kept, draft = (base_of(one) for one in (desk.agreements.get(IN_FORCE), desk.agreements.draft(E, W)))
    for base, asked in ((kept, True), (draft, False), (None, False)):
        answer = web.fire("ask_before_removing", {"agreement-base.data": base}, "remove-agreement.n_clicks")
        assert answer["remove-agreement-sure.displayed"] is asked
    values = {"agreement-base.data": kept, "view.data": QUERY}
    answer = web.fire("remove_agreement", values, "remove-agreement-sure.submit_n_clicks")
    assert answer["agreement.value"] is None
    assert answer.notice[0] == "Removed: Whole border."
    undo = answer.notice[1]["props"]
    assert (undo["data-undo"], undo["data-version"]) == (IN_FORCE, "2")
    again = web.fire("remove_agreement", values, "remove-agreement-sure.submit_n_clicks", page="/?lang=en")
    assert again.changed == {"notice.children": f"There is no agreement {IN_FORCE}."}
    # The page that still holds it shows its two sides.
    settled = settle(web, None)
    assert (settled["agreement.value"], settled["side-a.value"], settled["side-b.value"]) == (None, E, W)

    undo = {"undo.data": {"agreement": IN_FORCE, "version": 2, "n": 1}, "view.data": QUERY}
    back = web.fire("restore_agreement", undo, "undo.data")
    assert (back["agreement.value"], back.notice) == (IN_FORCE, "Restored: Whole border, version 3.")
    twice = web.fire("restore_agreement", undo, "undo.data", page="/?lang=en")
    assert twice.changed == {"notice.children": "The agreement is there already."}


def test_a_removal_or_an_undo_of_what_has_moved_on_says_so_and_changes_nothing(web, desk):
    shown = {"agreement-base.data": base_of(desk.agreements.get(IN_FORCE)), "view.data": QUERY}
    theirs = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), depth_a_m=3000.0))
    answer = web.fire("remove_agreement", shown, "remove-agreement-sure.submit_n_clicks", page="/?lang=en")
    assert answer.changed == {
        "notice.children": "Somebody saved version 2 while you looked at version 1; nothing was removed: read it first."
    }
    assert desk.agreements.get(IN_FORCE) == theirs

    first = desk.agreements.remove(IN_FORCE, 2)
    desk.agreements.restore(IN_FORCE, first.version)
    desk.agreements.remove(IN_FORCE, 4)
    undo = {"undo.data": {"agreement": IN_FORCE, "version": first.version, "n": 1}, "view.data": QUERY}
    answer = web.fire("restore_agreement", undo, "undo.data", page="/?lang=zh")
    assert answer.changed == {"notice.children": "该备忘录在第 3 版之后已恢复，又以第 5 版再次删除；本次未恢复。"}
    assert IN_FORCE not in {one.id for one in desk.agreements.all()}


@pytest.mark.parametrize("forged", [None, {}, [], "x", 1, {"agreement": IN_FORCE}, {"agreement": 1, "version": 1},
                                    {"agreement": IN_FORCE, "version": True}])  # fmt: skip
def test_what_names_no_version_of_an_agreement_is_refused_in_words(web, desk, caplog, forged):
    before = desk.agreements.all()
    events = {
        "remove_agreement": ("agreement-base.data", "remove-agreement-sure.submit_n_clicks"),
        "restore_agreement": ("undo.data", "undo.data"),
        "consent": ("agreement-base.data", None),
        "withdraw": ("agreement-base.data", None),
    }
    for name, (field, triggered) in events.items():
        answer = web.fire(name, {field: forged, "view.data": QUERY}, triggered, page="/?lang=en")
        assert answer.changed == {
            "notice.children": "This page does not fit the server, which may be newer: reload the page."
        }
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert desk.agreements.all() == before


def test_what_a_notice_tells_of_an_agreement_stays(web, desk):
    gone = web.fire(
        "compose", CONTROLS | {"agreement.value": None, "picked.data": None, "view.data": QUERY}, "agreement.value"
    )
    assert read(gone["view.data"]).agreement is None
    assert "notice.children" not in gone


# history


def test_the_history_says_what_each_version_changed(web, desk):
    desk.agreements.save(
        replace(desk.agreements.get(IN_FORCE), depth_a_m=3000.0, others=(), categories=(Category.AIR,))
    )
    desk.agreements.remove(IN_FORCE, 2)
    answer = web.fire("show_history", {"view.data": QUERY}, "view.data")
    assert answer.text.index("version 3") < answer.text.index("version 2") < answer.text.index("version 1")
    assert "depth A: 1,000 m → 3,000 m" in answer.text
    assert "categories: all → air" in answer.text
    assert "removed" in answer.text
    none = web.fire("show_history", {"view.data": VIEW.but(agreement=None).query()}, "view.data")
    assert "Nothing is kept yet." in none.text


# new boundaries


def test_new_boundaries_are_told_until_dismissed(web, desk):
    def look(triggered, **values):
        return web.fire("show_redrawn", {"view.data": QUERY} | values, triggered)

    assert look(None)["redrawn.hidden"] is True
    report = boundaries_moved(desk)
    answer = look("version-agreements.data")
    assert answer["redrawn.hidden"] is False
    told = web.fire("announce", {"redrawn.hidden": False, "view.data": QUERY}, "redrawn.hidden")
    assert told.notice == f"Boundaries changed: {len(report.to_tell)} zones are different."
    assert web.fire("announce", {"redrawn.hidden": True, "view.data": QUERY}, "redrawn.hidden").changed == {}
    assert answer.text.index("Whole border") < answer.text.index("Next")
    at = web.fire("dismiss", {}, "dismiss-redrawn.n_clicks")["dismissed-redrawn.data"]
    assert look("dismissed-redrawn.data", **{"dismissed-redrawn.data": at})["redrawn.hidden"] is True
    boundaries_moved(desk, 120.33)
    desk.clock.at = world.NOW.replace(hour=21)
    boundaries_moved(desk, 120.31)
    assert look("version-agreements.data", **{"dismissed-redrawn.data": at})["redrawn.hidden"] is False


def test_a_zone_that_cannot_be_drawn_is_told_first_with_the_reason(web, desk):
    # The border between East and West gets too short for the stretch of the southern agreement.
    moved = world.boundaries()
    short = shapely.box(120.3, 30.9, 120.5, 30.98)
    moved = moved.set_geometry([short if one == E else world.SQUARES[one] for one in moved["id"]], crs=4326)
    desk.records.add(world.load(Kind.BOUNDARIES, "short.csv"), moved)
    assert [one.agreement_id for one in desk.records.boundaries_changed().to_tell][:1] == [SHORT]
    answer = web.fire("show_redrawn", {"view.data": QUERY}, None)
    assert answer.text.index("Southern stretch") < answer.text.index("stale") < answer.text.index("Whole border")
    labels = {one["value"]: one["label"] for one in settle(web, None)["agreement.data"]}
    assert labels[SHORT] == "East – West · in force, zone drawn by earlier boundaries · Southern stretch"


# sharing and consent


def test_what_a_side_keeps_back_is_kept(web, desk):
    keep(web, desk, kept_back_a=["air", "phone"], kept_back_b=[], agreed_categories=["water", "air"])
    terms = desk.agreements.get(IN_FORCE)
    assert [one.party for one in terms.shares] == [E]
    assert (terms.share_of(E).categories, "phone" in terms.share_of(E).fields) == (("water",), False)
    assert terms.share_of(W).categories == ("water", "air")
    assert kept_back_by(terms) == (("air", "phone"), (), ())


def consent(web, desk, name="consent", button="consent.n_clicks", party=E):
    values = {"agreement-base.data": base_of(desk.agreements.get(IN_FORCE)), "consent-for.value": party}
    return web.fire(name, values | {"view.data": QUERY}, button, page="/?lang=en")


def withdraw(web, desk, party):
    return consent(web, desk, "withdraw", "withdraw-consent-sure.submit_n_clicks", party)


def test_sides_take_their_word_back_and_consent(web, desk):
    assert desk.agreements.get(IN_FORCE).agreed
    for party in (E, W):
        assert withdraw(web, desk, party).notice == "Taken back: nothing is shared in this zone now."
    assert desk.agreements.get(IN_FORCE).consents == ()
    assert consent(web, desk).notice == "Consented; another side has still to."
    assert consent(web, desk, party=W).notice == "Every side has consented."
    assert desk.agreements.get(IN_FORCE).agreed


def test_who_has_consented_is_told(web, desk):
    withdraw(web, desk, E)
    told = consent(web, desk, "tell_consents", "agreement-base.data", party=None)
    words = str(told["consents.children"])
    assert "East: has not consented" in words
    assert "West: consented" in words
    assert "Nothing is shared" in words
    assert (told["consent-for.data"][0]["value"], told["consent-for.value"]) == (E, E)
    chosen = {"consent-for.value": E, "agreement-base.data": base_of(desk.agreements.get(IN_FORCE))}
    offered = web.fire("offer", chosen, "consent-for.value")
    assert (offered["consent.disabled"], offered["withdraw-consent.disabled"]) == (False, True)
    draft = web.fire("tell_consents", {"agreement-base.data": None, "view.data": QUERY}, "agreement-base.data")
    assert draft["consent-for.data"] == []
