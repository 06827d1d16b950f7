"""English message of each value of the domain, as the screen says it."""

from casework.model import Category, PatrolState, Severity, Source

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
