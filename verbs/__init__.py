"""The command line's verbs: each thin, each with `--json`; they read options, call one method and say what came out."""

from verbs.analysing import analyse, work
from verbs.auditing import audit
from verbs.borders import find_borders
from verbs.briefing import brief
from verbs.clusters import find_significant
from verbs.devices import devices
from verbs.loading import load, quarantine
from verbs.migrating import migrate
from verbs.people import people
from verbs.planning import plan_day
from verbs.reach import measure_reach
from verbs.serving import demo, serve
from verbs.zones import measure_zone

VERBS = (
    *(serve, demo, load, quarantine, find_borders, measure_zone, find_significant, measure_reach),
    *(plan_day, brief, analyse, work, migrate, audit),
    *(people, devices),
)
