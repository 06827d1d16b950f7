"""The command line's verbs: each thin, each with `--json`; they read options, call one method and say what came out."""

from verbs.loading import load, quarantine
from verbs.serving import demo, serve
from verbs.zones import measure_zone

VERBS = (serve, demo, load, quarantine, measure_zone)
