"""Every English message the screen can say, read from the code."""

import ast
from pathlib import Path

from callbacks.plans.solving import READY
from casework.approvals import REFUSALS
from casework.plans import TOO_MANY
from casework.policy import REFUSALS as REFUSED
from exports.briefing_cards import SCORES
from layers import LAYERS
from layers.firms import CODE_TITLES
from layers.stations import LEVEL_TITLES, PLANNED_TITLES
from layers.terms import CATEGORIES, DUTIES, FIELDS, PLAN_STATES, SEVERITIES, SOURCES
from pages.agreements import SHARED
from pages.audit import DEEDS, FACTS, FLAWS, KINDS, VALUES
from pages.plans.gantt import DOINGS
from pages.plans.merging import LOCKED, PLAN_CHANGES, UNLOCKED
from pages.plans.result import EVENTS
from pages.plans.said import LIFTS, RULES, UNDONE, UNLAWFUL
from pages.terms import (
    CAVEATS,
    CHANGES,
    ENDS,
    FLAGS,
    GOALS,
    MODELS,
    PATROL_STATES,
    PROVIDERS,
    REASONS,
    ROLES,
    STANDINGS,
    TERMS,
    TEST_METHODS,
)

ROOT = Path(__file__).resolve().parents[2]
_ROOMS = ("casework", "exports", "layers", "pages", "callbacks", "store")
_ERRORS = (
    "CaseError",
    "NotFoundError",
    "RefusedError",
    "BusyError",
    "UnreachableError",
    "OutdatedError",
    "Refusal",
    "TooManyError",
    "DoubtError",
    "FullError",
    "SlowError",
)


def literals(source: str) -> set[str]:
    """First arguments, where literal, of calls to the translator and to the desk's errors."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    found = set()
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        first = call.args[0]
        if (name == "_" or name in _ERRORS) and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.add(first.value)
        if isinstance(call.func, ast.Call) and getattr(call.func.func, "id", "") == "translator":
            found.add(first.value)
    return found


def all_messages() -> set[str]:
    found = set()
    for room in _ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            found |= literals(path.read_text(encoding="utf-8"))
    tables = (
        CATEGORIES,
        CHANGES,
        CODE_TITLES,
        DEEDS,
        DOINGS,
        DUTIES,
        ENDS,
        EVENTS,
        FACTS,
        FIELDS,
        FLAGS,
        FLAWS,
        GOALS,
        KINDS,
        LEVEL_TITLES,
        LIFTS,
        MODELS,
        PATROL_STATES,
        PLANNED_TITLES,
        PLAN_CHANGES,
        PLAN_STATES,
        PROVIDERS,
        REASONS,
        REFUSALS,
        ROLES,
        RULES,
        SCORES,
        SEVERITIES,
        SHARED,
        SOURCES,
        STANDINGS,
        TERMS,
        TEST_METHODS,
        TOO_MANY,
        UNLAWFUL,
        dict(enumerate(CAVEATS)),
        *VALUES.values(),
    )
    for table in tables:
        found |= set(table.values())
    found |= {words for pair in UNDONE.values() for words in pair}
    found |= {refusal.reason for refusal in REFUSED.values()}
    return found | {READY, LOCKED, UNLOCKED} | {layer.title for layer in LAYERS.values()}
