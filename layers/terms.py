"""English message of each value of the domain that both screens and files say."""

from casework.approvals import PlanState
from casework.model import Category, Severity, Source
from casework.plan import Duty
from casework.sharing import Field

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
FIELDS = {
    Field.DESCRIPTION: "description of incidents",
    Field.ACCURACY_M: "accuracy of places",
    Field.REPORTED_JURISDICTION: "place as reported",
    Field.SOURCE_FILE: "file of incidents",
    Field.RISK: "risk of firms",
    Field.EMISSIONS: "emissions of firms",
    Field.HISTORY: "enforcement history of firms",
    Field.SAFETY: "environmental safety of firms",
    Field.OVERSIGHT: "public oversight of firms",
    Field.N_OFFICERS: "officers of stations",
    Field.PHONE: "telephones of stations",
}
SEVERITIES = {
    Severity.MINOR: "minor",
    Severity.ORDINARY: "ordinary",
    Severity.SERIOUS: "serious",
    Severity.CRITICAL: "critical",
}
DUTIES = {Duty.FIRM: "firm", Duty.CLUSTER: "cluster", Duty.PLACE: "place"}
PLAN_STATES = {
    PlanState.DRAFT: "draft",
    PlanState.PROPOSED: "proposed",
    PlanState.ACCEPTED_A: "accepted by side A",
    PlanState.ACCEPTED_B: "accepted by side B",
    PlanState.IN_FORCE: "in force",
    PlanState.DONE: "done",
    PlanState.CANCELLED: "cancelled",
}
