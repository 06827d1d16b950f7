"""English message of each value of the domain, as the screen says it."""

from collections.abc import Mapping

from casework.changes import Change
from casework.findings import Reason
from casework.model import Ends, PatrolState, Standing
from casework.people import Role
from casework.sites import Goal
from geo.station_models import Model

PATROL_STATES = {
    PatrolState.DRAFT: "draft",
    PatrolState.PROPOSED: "proposed",
    PatrolState.CANCELLED: "cancelled",
}
ROLES: Mapping[str, str] = {
    Role.VIEWER: "viewer",
    Role.OFFICER: "officer",
    Role.COORDINATOR: "coordinator",
    Role.COMMANDER: "commander",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
    Role.SCREEN: "screen",
    Role.OPERATOR: "operator",
}
STANDINGS = {
    Standing.IN_FORCE: "in force",
    Standing.NOT_YET: "not yet in force",
    Standing.ENDED: "ended",
}
ENDS = {Ends.FLAT: "flat", Ends.ROUND: "round"}
CHANGES = {
    Change.SAVED: "saved",
    Change.REDRAWN: "drawn by new boundaries",
    Change.STALE: "new boundaries could not draw it",
    Change.REMOVED: "removed",
    Change.RESTORED: "restored",
    Change.CONSENTED: "a side consented",
    Change.WITHDRAWN: "a side took its word back",
}
# What the engine says beside a result, the numbers in it as {n}, {n1}, {n2} and so on.
CAVEATS = (
    "{n} cases without a time were left out.",
    "{n} cases outside the study period were left out.",
    "There are no cases in the study, so there is no cluster.",
    "There is one case in the study; a cluster needs more.",
    "All cases lie at one place, so no place can stand out.",
    "All cases fall into one period, so no time can stand out.",
    "The study has one period; places are compared, not times.",
    "Circles are also about {n} points along the shared border, at most {n1} m apart.",
    "Places are crowded: circles of up to {n} m are about each of {n1} centres, wider ones about fewer, those of {n2} m about {n3}; none left out lies farther than {n4} m from one of these.",
)
REASONS = {
    Reason.SIGNIFICANT: "more than chance",
    Reason.CHANCE: "chance explains it",
    Reason.EFFORT: "only shows where people looked",
    Reason.NEW: "new",
    Reason.ONGOING: "still going on",
    Reason.STRADDLES: "across the line",
    Reason.NEITHER: "neither side alone sees it",
    Reason.ONE: "only one side alone sees it",
    Reason.GROWING: "growing",
    Reason.SERIOUS: "serious",
}
TEST_METHODS = {
    "permutation": "other times and places",
    "effort": "where inspections were",
}
TERMS = {
    "title": "title",
    "a": "side A",
    "b": "side B",
    "depth_a_m": "depth A",
    "depth_b_m": "depth B",
    "valid_from": "valid from",
    "valid_to": "valid to",
    "from_m": "start of the stretch",
    "to_m": "end of the stretch",
    "categories": "categories",
    "memorandum": "memorandum",
    "others": "further strips",
    "ends": "ends of the strip",
    "beyond": "beyond the parties",
    "powers": "powers",
    "shares": "what is shared",
    "consents": "consents",
    "removed": "the agreement",
}
# Terms that are so, or are not.
FLAGS = {
    ("beyond", False): "no",
    ("beyond", True): "yes",
    ("removed", False): "brought back",
    ("removed", True): "removed",
}
MODELS = {
    Model.RESIDENT: "resident: one station a district",
    Model.DISTRICT: "by district: each side its own",
    Model.POOLED: "pooled: whoever is nearest",
}
GOALS = {
    Goal.COVER: "most risk in time",
    Goal.MEDIAN: "least travel",
    Goal.CENTRE: "nobody too far",
}
# What travel times come from, by the provider's own word.
PROVIDERS = {
    "straight-line": "straight line, no roads",
    "roads": "own road graph",
    "roads (simulated)": "own road graph",
    "valhalla": "roads by Valhalla",
}
