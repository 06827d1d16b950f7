"""Random inspection (双随机): firms and officers drawn so that anyone can repeat it from what is recorded."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.errors import GeoError

ALGORITHM = "sha256-efraimidis-spirakis-1"
WEIGHTS: Mapping[str, float] = {"red": 4.0, "yellow": 2.0, "green": 1.0}
_DIGITS = 2**64


@dataclass(frozen=True)
class DrawRecord:
    """What an auditor needs to repeat a draw: the seed, what was in the urns with which weight, and what came out.

    `firms` and `officers` are in the order of text. `pairs`: each drawn firm with its officers, in the order drawn.
    """

    algorithm: str
    seed: str
    firms: tuple[tuple[str, float], ...]
    officers: tuple[str, ...]
    n_firms: int
    n_officers: int
    pairs: tuple[tuple[str, tuple[str, ...]], ...]


def key(seed: str, name: str, weight: float) -> float:
    """The key of one name: of those in an urn the names with the least keys are drawn.

    The first 8 bytes of SHA-256 of seed, line feed, name in UTF-8, as a big-endian number plus one half, by 2^64, is a u
    between 0 and 1; the key is -ln(u) / weight. The chance to come first is in proportion to the weight.

    Parameters
    ----------
    seed
        Any text that was fixed before, such as a day's published lottery number.
    name
        Kind and id, such as ``firm:913300001``.
    weight
        Above 0.

    References
    ----------
    Efraimidis, Spirakis (2006), Weighted random sampling with a reservoir.

    Examples
    --------
    >>> round(key("2026-06-01", "firm:f1", 1.0), 6) == round(2 * key("2026-06-01", "firm:f1", 2.0), 6)
    True
    """
    digest = hashlib.sha256(f"{seed}\n{name}".encode()).digest()[:8]
    return -math.log((int.from_bytes(digest, "big") + 0.5) / _DIGITS) / weight


def draw(
    seed: str,
    colours: Mapping[str, str],
    officers: Sequence[str],
    n_firms: int,
    n_officers: int = 2,
    weights: Mapping[str, float] = WEIGHTS,
) -> DrawRecord:
    """Firms drawn by their colour's weight, and for each of them officers, without any choice of a person.

    Officers are drawn anew for each firm, by keys of the firm's own: the least keys of ``officer:<firm>:<id>``.

    Parameters
    ----------
    seed
        Any text that was fixed before the draw.
    colours
        Ids of the firms with their colour codes.
    officers
        Ids of the officers who may be sent.
    n_firms
        How many firms, up to as many as there are.
    n_officers
        How many officers each, 2 or more by law.
    weights
        Chance of each colour; every colour that occurs needs one above 0.

    Raises
    ------
    GeoError
        When there are too few firms or officers, an officer stands twice, or a colour has no weight.

    Examples
    --------
    >>> record = draw("2026-06-01", {"f1": "red", "f2": "green"}, ["o1", "o2", "o3"], 1)
    >>> record == repeat(record)
    True
    >>> draw("2026-06-01", {}, ["o1", "o2"], 0).pairs
    ()
    """
    for firm, colour in sorted(colours.items()):
        weight = weights.get(colour, 0.0)
        if not 0 < weight < math.inf:
            raise GeoError(f"firm {firm!r} is {colour!r} with weight {weight:g}: a weight above 0 was expected")
    return _drawn(seed, {firm: weights[colour] for firm, colour in colours.items()}, officers, n_firms, n_officers)


def repeat(record: DrawRecord) -> DrawRecord:
    """The draw made again from the seed and the urns of a record: equal to it, unless somebody changed it.

    Raises
    ------
    GeoError
        When the record's algorithm is not the one of this version, or its urns are too small.

    Examples
    --------
    >>> repeat(draw("s", {}, ["o1", "o2"], 0)).n_firms
    0
    """
    if record.algorithm != ALGORITHM:
        raise GeoError(f"algorithm {record.algorithm!r}: {ALGORITHM!r} was expected")
    return _drawn(record.seed, dict(record.firms), record.officers, record.n_firms, record.n_officers)


def _drawn(seed: str, firms: Mapping[str, float], officers: Sequence[str], n_firms: int, n_officers: int) -> DrawRecord:
    """The draw itself; its urns in the order of text, so that the order of a file decides nothing."""
    if not 0 <= n_firms <= len(firms):
        raise GeoError(f"n_firms is {n_firms}: 0 to {len(firms)} were expected, as there are firms")
    if len(set(officers)) != len(officers):
        raise GeoError("officers name somebody more than once: each once was expected")
    if not 2 <= n_officers <= len(officers):  # noqa: PLR2004  # two by law
        raise GeoError(
            f"n_officers is {n_officers}: 2, by law, to {len(officers)} were expected, as there are officers"
        )
    chosen = sorted(firms, key=lambda one: (key(seed, f"firm:{one}", firms[one]), one))[:n_firms]
    pairs = []
    for firm in chosen:
        sent = sorted(officers, key=lambda one, firm=firm: (key(seed, f"officer:{firm}:{one}", 1.0), one))  # type: ignore[misc]
        pairs.append((firm, tuple(sent[:n_officers])))
    urn = tuple(sorted((one, float(weight)) for one, weight in firms.items()))
    return DrawRecord(ALGORITHM, seed, urn, tuple(sorted(officers)), n_firms, n_officers, tuple(pairs))
