"""What instant a text means."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from intake.errors import MappingError
from intake.tables import stripped

EARLIEST = datetime(1900, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  one name for both uses of the module
LONGEST_AHEAD = timedelta(days=1)
EXPECTED = "a date such as 2026-03-05 14:30, 2026年3月5日 14:30 or 2026/3/5"
_SERIAL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001  Excel counts days of no zone
_SERIALS = (20_000.0, 80_000.0)  # 1954 to 2119: smaller and larger numbers are something else
_FAST = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S")
_TEXT = re.compile(
    r"(?P<y>\d{4})\s*[年/.\-]\s*(?P<m>\d{1,2})\s*[月/.\-]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[T\s,]*(?:周.|星期.)?\s*(?P<half>上午|下午|晚上|凌晨|中午)?\s*(?P<H>\d{1,2})\s*[:时点]\s*(?P<M>\d{1,2})?\s*"
    r"(?:[:分]\s*(?:(?P<S>\d{1,2})(?P<f>\.\d+)?)?\s*秒?)?\s*(?P<ampm>am|pm)?)?"
    r"\s*(?P<zone>z|utc|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_CLOCK_DIGITS = re.compile(r"(\d{1,2})(\d{2})")
_MIDNIGHT = re.compile(r"[T\s]00:00(:00(\.0+)?)?$")
_NOON = 12


@dataclass(frozen=True)
class Instants:
    """UTC instants, NaT where the text is none; and what had to be assumed."""

    at: pd.DatetimeIndex
    naive: npt.NDArray[np.bool_]
    without_time: npt.NDArray[np.bool_]
    twice: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Read:
    at: datetime
    has_time: bool


def zone(name: str) -> ZoneInfo:
    """The time zone called `name`.

    Raises
    ------
    MappingError
        No such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MappingError(f"{name!r} is not a time zone; write it like Asia/Shanghai or UTC.") from error


def instants(texts: pd.Series, timezone_name: str, date_format: str | None = None) -> Instants:
    """Instants that `texts` mean.

    Parameters
    ----------
    texts
        ISO 8601, Chinese dates, slashes with the year first, eight or fourteen digits, Excel serial days.
    timezone_name
        Zone of those that name none. An hour the clock shows twice counts as the second, the skipped one moves forward.
    date_format
        strptime pattern tried before everything else.

    Raises
    ------
    MappingError
        No such zone.

    Examples
    --------
    >>> instants(pd.Series(["2026年3月5日 14:30", "2026-02-30"]), "Asia/Shanghai").at.strftime("%d %H:%M").tolist()
    ['05 06:30', nan]
    >>> len(instants(pd.Series([], dtype=object), "UTC").at)
    0
    """
    local = zone(timezone_name)
    n = len(texts)
    naive_at = np.full(n, "NaT", "datetime64[us]")
    aware = np.full(n, "NaT", "datetime64[us]")
    has_time = np.ones(n, bool)
    plain = stripped(texts)
    for pattern in (*([date_format] if date_format else []), *_FAST):
        todo = np.flatnonzero(np.isnat(naive_at))
        if not len(todo):
            break
        parsed = _strptime(plain.iloc[todo], pattern)
        naive_at[todo] = parsed
        if pattern == date_format and not re.search("%[HIXcT]", pattern):
            has_time[todo[~np.isnat(parsed)]] = False
    values = plain.to_numpy()
    for i in np.flatnonzero(np.isnat(naive_at)):
        read = _read(values[i])
        if read is None:
            continue
        has_time[i] = read.has_time
        if read.at.tzinfo is None:
            naive_at[i] = np.datetime64(read.at, "us")
        else:
            aware[i] = np.datetime64(read.at.astimezone(timezone.utc).replace(tzinfo=None), "us")  # noqa: UP017
    naive = ~np.isnat(naive_at)
    localised, twice = _localise(pd.DatetimeIndex(naive_at), local)
    at = np.where(naive, localised.tz_localize(None).to_numpy(), aware).astype("datetime64[us]")
    return Instants(pd.DatetimeIndex(at).tz_localize("UTC"), naive, ~has_time & ~np.isnat(at), twice)


def joined(dates: pd.Series, times: pd.Series) -> pd.Series:
    """Date and time of day from two columns as one text; a time of day that is missing stays missing."""
    day = stripped(dates).str.replace(_MIDNIGHT, "", regex=True)
    clock = stripped(times).map(_clock)
    return (day + " " + clock).str.strip()


def _strptime(texts: pd.Series, pattern: str) -> npt.NDArray[np.datetime64]:
    parsed = pd.to_datetime(texts, format=pattern, errors="coerce", utc=False)
    return np.asarray(parsed.to_numpy(), "datetime64[us]")


def _localise(at: pd.DatetimeIndex, local: tzinfo) -> tuple[pd.DatetimeIndex, npt.NDArray[np.bool_]]:
    second = at.tz_localize(local, ambiguous=np.zeros(len(at), bool), nonexistent="shift_forward")
    first = at.tz_localize(local, ambiguous=np.ones(len(at), bool), nonexistent="shift_forward")
    return second.tz_convert("UTC"), np.asarray(first < second)


def _read(text: str) -> _Read | None:
    narrow = unicodedata.normalize("NFKC", text).strip()
    try:
        if match := _TEXT.fullmatch(narrow):
            return _from_parts(match)
        if match := _COMPACT.fullmatch(narrow):
            y, m, d, hour, minute, second = (int(part or 0) for part in match.groups())
            return _Read(datetime(y, m, d, hour, minute, second), match.group(4) is not None)  # noqa: DTZ001
        return _from_serial(narrow)
    except ValueError:
        return None


def _from_parts(match: re.Match[str]) -> _Read:
    hour = int(match["H"] or 0)
    if match["half"] in ("下午", "晚上") or (match["ampm"] or "").lower() == "pm":
        hour += _NOON if hour < _NOON else 0
    elif (match["half"] in ("凌晨", "上午") or (match["ampm"] or "").lower() == "am") and hour == _NOON:
        hour = 0
    at = datetime(  # noqa: DTZ001  the zone follows, or is the caller's
        int(match["y"]), int(match["m"]), int(match["d"]), hour, int(match["M"] or 0), int(match["S"] or 0)
    ) + timedelta(seconds=float(match["f"] or 0))
    if match["zone"] is None:
        return _Read(at, match["H"] is not None)
    return _Read(at.replace(tzinfo=_offset(match["zone"])), match["H"] is not None)


def _offset(text: str) -> timezone:
    if text.lower() in ("z", "utc"):
        return timezone.utc  # noqa: UP017
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _from_serial(text: str) -> _Read | None:
    days = float(text)
    if not _SERIALS[0] <= days < _SERIALS[1]:
        return None
    seconds = round(days * 86_400)
    return _Read(_SERIAL_ORIGIN + timedelta(seconds=seconds), seconds % 86_400 != 0)


def _clock(text: str) -> str:
    """A time of day as hh:mm:ss, from a fraction of a day or bare digits too; anything else as it was."""
    if match := _CLOCK_DIGITS.fullmatch(text):
        return f"{match[1]}:{match[2]}"
    try:
        seconds = round(float(text) * 86_400)
    except ValueError:
        return text
    if not 0 <= seconds < 86_400:  # noqa: PLR2004  seconds of a day
        return text
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
