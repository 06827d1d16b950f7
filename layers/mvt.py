"""Mapbox vector tiles of points, written with arrays instead of one object per point.

A tile of points needs little of the format: points that share all properties become one MultiPoint feature, and
everything else in the file is variable-length integers that numpy lays out at once. Tiles of several layers are their
bytes one after the other.

References
----------
Mapbox (2016). Vector Tile Specification, version 2.1.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError

EXTENT = 4096

Value = str | bool | int | float

# Protocol buffer keys: field number times 8, plus 0 for an integer, 1 for eight bytes, 2 for what states its length.
_LAYER, _NAME, _FEATURE, _KEY, _VALUE, _EXTENT, _VERSION = 0x1A, 0x0A, 0x12, 0x1A, 0x22, 0x28, 0x78
_TAGS, _TYPE, _GEOMETRY = 0x12, 0x18, 0x22
_TEXT, _DOUBLE, _UNSIGNED, _SIGNED, _BOOLEAN = 0x0A, 0x19, 0x28, 0x30, 0x38
_POINT, _MOVE_TO = 1, 1
_SEVEN_BITS = 0x7F
_LONGER_FROM = np.int64(1) << np.arange(7, 63, 7)


def encode_points(
    layer: str,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    groups: npt.ArrayLike,
    properties: Sequence[Mapping[str, Value]],
    extent: int = EXTENT,
) -> bytes:
    """Tile of one layer with one MultiPoint feature per group that has points.

    Parameters
    ----------
    layer
        Name of the layer.
    x, y
        Position of each point in tile units, from the west and north edges, shape (n,).
    groups
        Which entry of `properties` each point has, shape (n,).
    properties
        What all points of a group share; the groups' order is the features' order.
    extent
        Units along one edge of the tile.

    Returns
    -------
    bytes
        Empty when there is no point, which every reader takes for an empty tile.

    Raises
    ------
    GeoError
        When the arrays differ in length or a group has no properties.

    Examples
    --------
    >>> encode_points("incidents", [10, 20], [5, 5], [0, 0], [{"category": "water"}]).hex(" ", -8)
    '1a3278022880200a 09696e636964656e 7473120d12020000 1801220511140a14 001a086361746567 6f727922070a0577 61746572'
    >>> encode_points("incidents", [], [], [], [])
    b''
    """
    x, y = _positions(x, y)
    groups = np.asarray(groups, np.int64)
    if groups.shape != x.shape:
        raise GeoError(f"{len(x)} points need {len(x)} groups, not {groups.size}.")
    if not len(x):
        return b""
    if groups.min() < 0 or groups.max() >= len(properties):
        raise GeoError(f"Groups {groups.min()} to {groups.max()} do not fit {len(properties)} sets of properties.")

    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    keys: dict[str, int] = {}
    values: dict[bytes, int] = {}
    features = []
    for rows in np.split(order, starts[1:]):
        shared = properties[int(groups[rows[0]])]
        tags = [
            number
            for key, value in shared.items()
            for number in (keys.setdefault(key, len(keys)), values.setdefault(_value(value), len(values)))
        ]
        steps = np.stack([np.diff(x[rows], prepend=0), np.diff(y[rows], prepend=0)], axis=1).ravel()
        geometry = np.concatenate([[_MOVE_TO | len(rows) << 3], _zigzag(steps)])
        features.append(_sized(_TAGS, _varints(tags)) + bytes((_TYPE, _POINT)) + _sized(_GEOMETRY, _varints(geometry)))
    return _layer(layer, b"".join(_sized(_FEATURE, feature) for feature in features), keys, values, extent)


def encode_counts(
    layer: str,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    n: npt.ArrayLike,
    max_severity: npt.ArrayLike,
    extent: int = EXTENT,
) -> bytes:
    """Tile of one layer with one Point feature per cell, with the integer properties `n` and `max_severity`.

    Parameters
    ----------
    layer
        Name of the layer.
    x, y
        Position of each cell in tile units, from the west and north edges, shape (cells,).
    n
        How many points each cell stands for, from 0, shape (cells,).
    max_severity
        The worst among them, from 0, shape (cells,).
    extent
        Units along one edge of the tile.

    Returns
    -------
    bytes
        Empty when there is no cell.

    Raises
    ------
    GeoError
        When the arrays differ in length or a count is negative.

    Examples
    --------
    >>> len(encode_counts("cells", [10, 20], [5, 5], [7, 7], [1, 4]))
    73
    >>> encode_counts("cells", [], [], [], [])
    b''
    """
    x, y = _positions(x, y)
    counts = [np.asarray(column, np.int64) for column in (n, max_severity)]
    if any(column.shape != x.shape for column in counts):
        raise GeoError(f"{len(x)} cells need {len(x)} counts and severities.")
    if not len(x):
        return b""
    if min(column.min() for column in counts) < 0:
        raise GeoError("Counts and severities begin at 0.")
    distinct, which = np.unique(np.concatenate(counts), return_inverse=True)
    values = {_value(number): index for index, number in enumerate(distinct.tolist())}
    which_n, which_severity = which.reshape(2, -1)
    zero, one = np.zeros_like(x), np.ones_like(x)
    tags = [zero, which_n, one, which_severity]
    geometry = [one * (_MOVE_TO | 1 << 3), _zigzag(x), _zigzag(y)]
    tags_size, geometry_size = (np.sum([_size(part) for part in parts], axis=0) for parts in (tags, geometry))
    body = [one * _TAGS, tags_size, *tags, one * _TYPE, one * _POINT, one * _GEOMETRY, geometry_size, *geometry]
    body_size = np.sum([_size(part) for part in body], axis=0)
    features = _varints(np.stack([one * _FEATURE, body_size, *body], axis=1).ravel())
    return _layer(layer, features, {"n": 0, "max_severity": 1}, values, extent)


def _positions(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Both as flat integer arrays of one length."""
    x, y = np.asarray(x, np.int64), np.asarray(y, np.int64)
    if x.ndim != 1 or x.shape != y.shape:
        raise GeoError(f"x and y are two lists of one length, not of shapes {x.shape} and {y.shape}.")
    return x, y


def _layer(name: str, features: bytes, keys: Mapping[str, int], values: Mapping[bytes, int], extent: int) -> bytes:
    """A layer around its features; keys and values are in the order of their numbers."""
    head = bytes((_VERSION, 2)) + bytes((_EXTENT,)) + _varint(extent) + _sized(_NAME, name.encode())
    table = b"".join(_sized(_KEY, key.encode()) for key in keys) + b"".join(_sized(_VALUE, value) for value in values)
    return _sized(_LAYER, head + features + table)


def _value(value: Value) -> bytes:
    """A property's value with its type; a bool is an int to Python, so it comes first."""
    if isinstance(value, bool):
        return bytes((_BOOLEAN, value))
    if isinstance(value, int):
        return bytes((_UNSIGNED,)) + _varint(value) if value >= 0 else bytes((_SIGNED,)) + _varint(-2 * value - 1)
    if isinstance(value, float):
        return bytes((_DOUBLE,)) + np.array(value, "<f8").tobytes()
    return _sized(_TEXT, value.encode())


def _sized(key: int, content: bytes) -> bytes:
    """A field that states its length."""
    return bytes((key,)) + _varint(len(content)) + content


def _zigzag(number: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0, -1, 1, -2, ... as 0, 1, 2, 3, ...: small numbers of either sign stay short."""
    return (number << 1) ^ (number >> 63)


def _size(number: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Bytes of each variable-length integer: 7 bits each."""
    return np.searchsorted(_LONGER_FROM, number, side="right") + 1


def _varint(number: int) -> bytes:
    """One number from 0 as a variable-length integer: lowest bits first, the top bit saying that more follow."""
    out = bytearray()
    while number > _SEVEN_BITS:
        out.append(number & _SEVEN_BITS | 1 << 7)
        number >>= 7
    out.append(number)
    return bytes(out)


def _varints(numbers: npt.ArrayLike) -> bytes:
    """Many numbers from 0 as variable-length integers, one after the other."""
    number = np.asarray(numbers, np.int64)
    size = _size(number)
    starts = np.cumsum(size) - size
    out = np.zeros(int(size.sum()), np.uint8)
    for place in range(int(size.max(initial=0))):
        has = size > place
        more = (size[has] > place + 1).astype(np.int64) << 7
        out[starts[has] + place] = number[has] >> (7 * place) & _SEVEN_BITS | more
    return out.tobytes()
