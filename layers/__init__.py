"""One map layer, one file: what to show and how it looks. Listed in drawing order, the last on top."""

from layers.borders import BORDERS
from layers.clusters import CLUSTERS
from layers.firms import FIRMS
from layers.hotspots import HOTSPOTS
from layers.incidents import INCIDENTS
from layers.jurisdictions import JURISDICTIONS, NAMES
from layers.layer import Layer
from layers.parties import PARTIES
from layers.picked import PICKED
from layers.reach import REACH, RINGS
from layers.routes import ROUTES
from layers.shares import SHARES
from layers.slivers import SLIVERS
from layers.stations import STATIONS
from layers.tested import TESTED
from layers.urgent import URGENT
from layers.visits import VISITS
from layers.zones import DRAFT, WALL_ZONES, ZONES

PLANNER_LAYERS = (
    JURISDICTIONS,
    HOTSPOTS,
    VISITS,
    REACH,
    RINGS,
    ZONES,
    DRAFT,
    SLIVERS,
    BORDERS,
    FIRMS,
    INCIDENTS,
    STATIONS,
    CLUSTERS,
    TESTED,
    PICKED,
    NAMES,
)
# A plan is looked at where it is carried out: zones, stations, firms, and the way of each crew.
PLANS_LAYERS = (JURISDICTIONS, ZONES, BORDERS, FIRMS, STATIONS, CLUSTERS, NAMES, ROUTES)
# A wall says what needs a decision and nothing else: no single incidents, no stations.
WALL_LAYERS = (JURISDICTIONS, WALL_ZONES, BORDERS, SHARES, PARTIES, URGENT)
LAYERS: dict[str, Layer] = {layer.key: layer for layer in (*PLANNER_LAYERS, *PLANS_LAYERS, *WALL_LAYERS)}
