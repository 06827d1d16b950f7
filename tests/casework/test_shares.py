"""Each side's part in a plan."""

from casework.shares import shares
from tests import outings
from tests.world import E, W


def test_what_is_done_together_counts_for_both():
    east, west = shares(outings.plan())
    assert (east.jurisdiction_id, west.jurisdiction_id) == (E, W)
    assert (east.n_officers, east.n_crews, east.n_visits, east.n_joint) == (3, 2, 4, 3)
    assert (west.n_officers, west.n_crews, west.n_visits, west.n_joint) == (2, 1, 3, 3)
    assert west.work_min == 2 * 3 * 40
    assert east.work_min == 3 * 40 + 2 * 2 * 40
    first, second = outings.plan().crews
    assert west.road_min == 2 * first.travel_min
    assert east.road_min == first.travel_min + 2 * second.travel_min
    assert (east.risk, west.risk) == (10.0, 7.5)
