"""The law on who may do what, case by case, and as a whole."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casework.model import Agreement, Category
from casework.people import Actor, Role
from casework.policy import (
    OPERATES,
    OWN,
    PUBLISHED,
    REFUSALS,
    SHARED,
    TO_ALL,
    TOLD,
    Action,
    Allow,
    Facts,
    Matter,
    Thing,
    decide,
    visible_fields,
)
from casework.sharing import Consent, Field, Share

ON = date(2026, 6, 11)
ABOVE = {"a": "P", "b": "P", "c": "Q", "d": "Q", "P": None}
CONSENTS = tuple(Consent(one, "x", datetime(2026, 1, 1, tzinfo=UTC)) for one in ("a", "c"))
SHARES = (Share("c", ("water",), (Field.DESCRIPTION, Field.RISK, Field.PHONE)),)
AGREED = Agreement(
    "a-c", "", "a", "c", 1.0, 1.0, ON, ON, categories=(Category.WATER, Category.AIR), consents=CONSENTS, shares=SHARES
)
FACTS = Facts((AGREED,), ON, ABOVE)
IN_ZONE = frozenset({"a-c"})


def person(role, *regions):
    return Actor("li", role, regions)


def incident(region, category="water", zones=IN_ZONE):
    return Thing(Matter.INCIDENT, (region,) if region else (), category, zones)


@pytest.mark.parametrize(
    ("actor", "thing", "facts", "answer"),
    [
        (person(Role.VIEWER, "a"), incident("a", zones=frozenset()), FACTS, OWN),
        (person(Role.VIEWER, "P"), incident("b", zones=frozenset()), FACTS, OWN),
        (person(Role.VIEWER, "a"), incident("c"), FACTS, SHARED),
        (person(Role.OFFICER, "P"), incident("c"), FACTS, SHARED),
        (person(Role.VIEWER, "a"), incident("c", "air"), FACTS, REFUSALS["foreign"]),
        (person(Role.VIEWER, "a"), incident("c", zones=frozenset()), FACTS, REFUSALS["foreign"]),
        (person(Role.VIEWER, "a"), incident("d"), FACTS, REFUSALS["foreign"]),
        (person(Role.VIEWER, "b"), incident("c"), FACTS, REFUSALS["foreign"]),
        (person(Role.VIEWER, "a"), incident("c"), replace(FACTS, on=date(2026, 6, 10)), REFUSALS["foreign"]),
        (person(Role.VIEWER, "a"), incident("c"), replace(FACTS, on=date(2026, 6, 12)), REFUSALS["foreign"]),
        (
            person(Role.VIEWER, "a"),
            incident("c"),
            replace(FACTS, agreements=(replace(AGREED, consents=CONSENTS[:1]),)),
            REFUSALS["foreign"],
        ),
        (person(Role.VIEWER, "a"), incident(None), FACTS, REFUSALS["nobody"]),
        (person(Role.SCREEN, "a"), incident("a"), FACTS, SHARED),
        (person(Role.SCREEN, "a"), incident("a", zones=frozenset()), FACTS, REFUSALS["foreign"]),
        (person(Role.SCREEN, "a"), incident("c", "air"), FACTS, REFUSALS["foreign"]),
        (person(Role.AUDITOR, "a"), incident("a"), FACTS, REFUSALS["role"]),
        (person(Role.ADMINISTRATOR, "a"), incident("a"), FACTS, REFUSALS["role"]),
        (None, incident("a"), FACTS, REFUSALS["stranger"]),
        (Actor(), incident(None), FACTS, OPERATES),
        (person(Role.VIEWER, "a"), Thing(Matter.FIRM, ("c",), zones=IN_ZONE), FACTS, SHARED),
    ],
)  # fmt: skip
def test_rows(actor, thing, facts, answer):
    assert decide(actor, Action.SEE, thing, facts) == answer


A, B, BOTH, NONE = ("a",), ("b",), ("a", "c"), ()
LAW = [
    (Matter.TERRITORY, Action.SEE, NONE, dict.fromkeys(Role, PUBLISHED) | {Role.OPERATOR: OPERATES}),
    (Matter.PAPERS, Action.SEE, BOTH, {Role.VIEWER: OWN, Role.AUDITOR: OWN, Role.SCREEN: REFUSALS["screen"]}),
    (Matter.PAPERS, Action.SEE, B, {Role.VIEWER: REFUSALS["parties"]}),
    (Matter.PLAN, Action.SEE, BOTH, {Role.VIEWER: OWN, Role.SCREEN: REFUSALS["screen"]}),
    (Matter.PATROL, Action.SEE, B, {Role.OFFICER: REFUSALS["sides"]}),
    (Matter.PLAN, Action.WRITE, BOTH, {Role.OFFICER: REFUSALS["writer"], Role.COORDINATOR: OWN, Role.COMMANDER: OWN}),
    (Matter.PATROL, Action.WRITE, B, {Role.COORDINATOR: REFUSALS["not_party"]}),
    (Matter.PLAN, Action.ACCEPT, A, {Role.COORDINATOR: REFUSALS["commander"], Role.COMMANDER: OWN}),
    (Matter.PLAN, Action.ACCEPT, B, {Role.COMMANDER: REFUSALS["commander"]}),
    (Matter.AGREEMENT, Action.SEE, B, {Role.VIEWER: TO_ALL, Role.SCREEN: TO_ALL}),
    (Matter.AGREEMENT, Action.REMOVE, BOTH, {Role.VIEWER: REFUSALS["writer"], Role.COMMANDER: OWN}),
    (Matter.AGREEMENT, Action.CONSENT, A, {Role.COORDINATOR: REFUSALS["commander"], Role.COMMANDER: OWN}),
    (Matter.ANALYSIS, Action.SEE, A, {Role.VIEWER: OWN, Role.SCREEN: OWN}),
    (Matter.ANALYSIS, Action.SEE, BOTH, {Role.COMMANDER: REFUSALS["scope"]}),
    (Matter.ANALYSIS, Action.SEE, NONE, {Role.COMMANDER: REFUSALS["scope"], Role.OPERATOR: OPERATES}),
    (Matter.ANALYSIS, Action.WRITE, A, {Role.OFFICER: REFUSALS["writer"], Role.COORDINATOR: OWN}),
    (Matter.PERSON, Action.SEE, B, {Role.SCREEN: TO_ALL}),
    (Matter.PERSON, Action.WRITE, A, {Role.COMMANDER: REFUSALS["administrator"], Role.ADMINISTRATOR: OWN}),
    (Matter.PERSON, Action.WRITE, BOTH, {Role.ADMINISTRATOR: REFUSALS["administrator"]}),
    (Matter.DEVICE, Action.SEE, A, {Role.ADMINISTRATOR: OWN, Role.VIEWER: REFUSALS["administrator"]}),
    (Matter.LOG, Action.SEE, BOTH, {Role.AUDITOR: OWN, Role.COMMANDER: REFUSALS["auditor"]}),
    (Matter.LOG, Action.SEE, NONE, {Role.AUDITOR: OWN}),
    (Matter.LOG, Action.SEE, B, {Role.AUDITOR: REFUSALS["auditor"]}),
    (Matter.LOG, Action.WRITE, NONE, dict.fromkeys(Role, TOLD)),
    (Matter.LOG, Action.REMOVE, NONE, dict.fromkeys(Role, REFUSALS["log"])),
    (Matter.LOADS, Action.WRITE, NONE, {Role.COMMANDER: REFUSALS["operator"], Role.OPERATOR: OPERATES}),
    (Matter.STATION, Action.WRITE, A, {Role.COMMANDER: REFUSALS["operator"]}),
]


@pytest.mark.parametrize(("matter", "action", "regions", "answers"), LAW)
def test_the_law(matter, action, regions, answers):
    for role, answer in answers.items():
        assert decide(person(role, "a"), action, Thing(matter, regions), FACTS) == answer, role


def test_every_actor_action_and_thing():
    """What is whose, in numbers: whoever changes the law sees here how much of it changed."""
    table = [
        isinstance(decide(actor, action, Thing(matter, regions, "water", zones), FACTS), Allow)
        for actor in (None, *(person(role, one) for role in Role for one in ("a", "b", "c", "P", "Q")))
        for action, matter in itertools.product(Action, Matter)
        for regions in (NONE, A, B, BOTH)
        for zones in (frozenset(), IN_ZONE)
    ]
    assert (len(table), sum(table)) == (21_320, 4_674)


def test_fields():
    every = visible_fields(person(Role.VIEWER, "a"), incident("a"), FACTS)
    assert every == {Field.DESCRIPTION, Field.ACCURACY_M, Field.REPORTED_JURISDICTION, Field.SOURCE_FILE}
    assert visible_fields(Actor(), incident(None), FACTS) == every
    viewer = person(Role.VIEWER, "a")
    assert visible_fields(viewer, incident("c"), FACTS) == {Field.DESCRIPTION}
    assert visible_fields(viewer, incident("c", "air"), FACTS) == frozenset()
    assert visible_fields(viewer, Thing(Matter.FIRM, ("c",), zones=IN_ZONE), FACTS) == {Field.RISK}
    assert visible_fields(viewer, Thing(Matter.STATION, ("c",)), FACTS) == {Field.PHONE}
    assert visible_fields(viewer, Thing(Matter.STATION, ("d",)), FACTS) == frozenset()
    assert visible_fields(viewer, Thing(Matter.STATION), FACTS) == frozenset()
    assert visible_fields(person(Role.AUDITOR, "a"), Thing(Matter.STATION, ("a",)), FACTS) == frozenset()
    assert visible_fields(person(Role.SCREEN, "a"), incident("a"), FACTS) == frozenset()
    assert visible_fields(None, incident("a"), FACTS) == frozenset()


def test_regions_above_that_name_each_other():
    facts = replace(FACTS, above={"x": "y", "y": "x"})
    assert facts.chain("x") == ("x", "y")
    assert not facts.own(person(Role.VIEWER, "a"), "x")
