"""The shifts that Chinese map services apply, and their inverse by iteration."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271  # where GCJ-02 differs from WGS 84
_A, _E2 = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940, on which GCJ-02 is built
_BD_DX, _BD_DY, _BD_PI = 0.0065, 0.006, math.pi * 3000 / 180
_ROUNDS = 7  # both shifts contract by 50 or more a round: seven leave less than 1e-8 m of 700 m


def gcj_of_wgs(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 of WGS 84, the identity outside the box."""
    dx, dy = _gcj_shift(lon, lat)
    inside = _inside(lon, lat)
    return np.where(inside, lon + dx, lon), np.where(inside, lat + dy, lat)


def wgs_of_gcj(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """WGS 84 of GCJ-02; the origin, not the image, decides about the box, so that a round trip from inside closes."""
    lon, lat = _inverse(x, y, _gcj_shift)
    inside = _inside(lon, lat)
    return np.where(inside, lon, x), np.where(inside, lat, y)


def bd_of_gcj(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02, everywhere."""
    dx, dy = _bd_shift(x, y)
    return x + dx, y + dy


def gcj_of_bd(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 of BD-09."""
    return _inverse(x, y, _bd_shift)


def _inside(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Which points lie in the box where GCJ-02 differs."""
    return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def _inverse(x: Floats, y: Floats, shift: _Shift) -> tuple[Floats, Floats]:
    """The points that `shift` moves onto x, y, by fixed-point iteration."""
    lon, lat = x, y
    for _ in range(_ROUNDS):
        dx, dy = shift(lon, lat)
        lon, lat = x - dx, y - dy
    return lon, lat


def _gcj_shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees by which GCJ-02 moves a point."""
    x, y = lon - 105.0, lat - 35.0
    root, mixed = np.sqrt(np.abs(x)), x * y
    common = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * mixed + 0.2 * root
    north += (common + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * (2 / 3)
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * (2 / 3)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * mixed + 0.1 * root
    east += (common + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * (2 / 3)
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * (2 / 3)
    phi = np.radians(lat)
    magic = 1 - _E2 * np.sin(phi) ** 2
    to_lat = np.degrees(magic * np.sqrt(magic) / (_A * (1 - _E2)))
    to_lon = np.degrees(np.sqrt(magic) / (_A * np.cos(phi)))
    return east * to_lon, north * to_lat


def _bd_shift(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Degrees by which BD-09 moves a GCJ-02 point."""
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BD_PI)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BD_PI)
    return radius * np.cos(angle) + _BD_DX - x, radius * np.sin(angle) + _BD_DY - y
