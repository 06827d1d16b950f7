"""The command line's verbs: each thin, each with `--json`; they read options, call one method and say what came out."""

from verbs.analysing import analyse, work
from verbs.borders import find_borders
from verbs.clusters import find_significant
from verbs.loading import load, quarantine
from verbs.serving import demo, serve
from verbs.zones import measure_zone

VERBS = (serve, demo, load, quarantine, find_borders, measure_zone, find_significant, analyse, work)
