"""Incidents with a cluster that is known, for tests of the scan."""

import numpy as np
import pandas as pd

from geo.scan_settings import ScanSettings

TERMS = ScanSettings(max_radius_m=3000, max_length=7, replications=199)


def planted():
    """Thirty days, noise everywhere, and a cluster of a dozen about (120.2, 30.2) in three of them."""
    rng = np.random.default_rng(3)
    lon, lat = np.r_[rng.uniform(120, 120.4, 150), rng.normal(120.2, 0.004, 12)], rng.uniform(30, 30.4, 162)
    lat[150:] = rng.normal(30.2, 0.004, 12)
    day = np.r_[rng.integers(0, 30, 150), rng.integers(20, 23, 12)]
    at = pd.Timestamp("2026-03-01", tz="UTC") + pd.to_timedelta(day * 24 + 3, unit="h")
    ids = [f"i{k:03d}" for k in range(162)]
    return pd.DataFrame({"site": ids, "at": at}), pd.DataFrame({"id": ids, "x": lon, "y": lat})
