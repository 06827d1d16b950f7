"""English message of each value of the domain, as the screen says it."""

from casework.changes import Change
from casework.findings import Reason
from casework.model import Category, Ends, PatrolState, Severity, Source, Standing

CATEGORIES = {
    Category.WATER: "water",
    Category.AIR: "air",
    Category.SOIL: "soil",
    Category.WASTE: "waste",
    Category.NOISE: "noise",
    Category.ECOLOGY: "ecology",
    Category.OTHER: "other",
}
SOURCES = {
    Source.MONITORING: "online monitoring",
    Source.TOTALS: "totals",
    Source.HAZARDOUS_WASTE: "hazardous waste",
    Source.OPERATION: "operating conditions",
    Source.COMPLAINT: "complaint",
    Source.INSPECTION: "inspection",
    Source.RANDOM: "random visit",
    Source.OTHER: "other",
}
SEVERITIES = {
    Severity.MINOR: "minor",
    Severity.ORDINARY: "ordinary",
    Severity.SERIOUS: "serious",
    Severity.CRITICAL: "critical",
}
PATROL_STATES = {
    PatrolState.DRAFT: "draft",
    PatrolState.PROPOSED: "proposed",
    PatrolState.CANCELLED: "cancelled",
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
}
# What the engine says beside a result, any number in it as {n}.
CAVEATS = (
    "{n} cases without a time were left out.",
    "{n} cases outside the study period were left out.",
    "There are no cases in the study, so there is no cluster.",
    "There is one case in the study; a cluster needs more.",
    "All cases lie at one place, so no place can stand out.",
    "All cases fall into one period, so no time can stand out.",
    "The study has one period; places are compared, not times.",
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
}
