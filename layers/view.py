"""What a person looks at, as an address holds it: a link reproduces the view."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from casework.desk import Desk
from casework.model import Category, Ends, Selection, Severity, Source, Strip
from casework.whatif import Step, read_steps, steps_text
from words import LANGUAGES, Language

Theme = Literal["dark", "light"]
_PICKED = re.compile(r"cluster:[0-9]{1,9}|tested:[0-9a-f]{12}:[0-9]{1,4}|(incident|firm|station|place):.+")
_MOST_LETTERS = 200
_DAYS = (date(1900, 1, 1), date(2999, 12, 31))
_MOST_DEPTH_M = 20_000.0
_MOST_STRIPS = 8
_MOST_STRIPS_LETTERS = 4_000


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read


def _word(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def _words(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    return lambda text: tuple(dict.fromkeys(read(word) for word in text.split(",") if word))


def _identifier(text: str) -> str:
    # Offices number things as they like, 浙环（2024）12号 too.
    if len(text) > _MOST_LETTERS or not text.isprintable():
        raise ValueError(text)
    return text


def _picked(text: str) -> str:
    if not _PICKED.fullmatch(text):
        raise ValueError(text)
    return _identifier(text)


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not _DAYS[0] <= day <= _DAYS[1]:
        raise ValueError(text)
    return day


def _strips(text: str) -> tuple[Strip, ...]:
    # A text of a thousand brackets is no list of strips, and JSON would follow every one of them down.
    rows = json.loads(text) if len(text) <= _MOST_STRIPS_LETTERS else None
    if not isinstance(rows, list) or len(rows) > _MOST_STRIPS:
        raise ValueError(text)
    return tuple(_strip(*row) for row in rows if isinstance(row, list) and len(row) == 6)  # noqa: PLR2004


def _strip(a: object, b: object, *metres: object) -> Strip:
    depths = [_number(0, _MOST_DEPTH_M)(str(one)) for one in metres[:2]]
    marks = [None if one is None else _number(0, 1e8)(str(one)) for one in metres[2:]]
    return Strip(_identifier(str(a)), _identifier(str(b)), depths[0], depths[1], marks[0], marks[1])


def _steps(text: str) -> tuple[Step, ...]:
    if len(text) > _MOST_STRIPS_LETTERS:
        raise ValueError(text)
    return read_steps(text)


def _yes(text: str) -> bool:
    return _word(("yes", "no"))(text) == "yes"


_READ: dict[str, Callable[[str], Any]] = {
    "lang": _word(LANGUAGES),
    "theme": _word(("dark", "light")),
    "a": _identifier,
    "b": _identifier,
    "agreement": _identifier,
    "from_m": _number(0, 1e8),
    "to_m": _number(0, 1e8),
    "depth_a_m": _number(0, _MOST_DEPTH_M),
    "depth_b_m": _number(0, _MOST_DEPTH_M),
    "ends": Ends,
    "beyond": _yes,
    "agreed": _words(Category),
    "others": _strips,
    "since": _day,
    "until": _day,
    "categories": _words(Category),
    "sources": _words(Source),
    "severity": lambda text: Severity(int(text)),
    "hide": _words(_identifier),
    "show": _words(_identifier),
    "analysis": _identifier,
    "bound": _yes,
    "whatif": _steps,
    "plan": _identifier,
    "selected": _picked,
    "lon": _number(-180, 180),
    "lat": _number(-90, 90),
    "zoom": _number(0, 22),
}


@dataclass(frozen=True)
class View:
    """Everything a link holds. `since` and `until` are days, both included; None means what the data suggests.

    `ends`, `beyond`, `agreed` and `others` are terms of the agreement on the desk, like stretch and depths: what the map
    and the figures follow. Its words and days are not here: a link would be too long, and nothing drawn depends on them.
    `hide` and `show` name layers that are not as they are by default; `analysis` is the test for chance that is shown; None: the
    latest. `plan` is the plan that is looked at. `bound`: reach ends at the border; `whatif`: what is planned with stations. `selected` is `cluster:3`,
    `tested:ANALYSIS:3`, or `incident:`, `firm:`, `station:` or `place:` (a township or square) and an id.
    """

    lang: Language = "zh"
    theme: Theme = "dark"
    a: str | None = None
    b: str | None = None
    agreement: str | None = None
    from_m: float | None = None
    to_m: float | None = None
    depth_a_m: float | None = None
    depth_b_m: float | None = None
    ends: Ends | None = None
    beyond: bool | None = None
    agreed: tuple[Category, ...] | None = None
    others: tuple[Strip, ...] | None = None
    since: date | None = None
    until: date | None = None
    categories: tuple[Category, ...] = ()
    sources: tuple[Source, ...] = ()
    severity: Severity = Severity.MINOR
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    analysis: str | None = None
    bound: bool = False
    whatif: tuple[Step, ...] = ()
    plan: str | None = None
    selected: str | None = None
    lon: float | None = None
    lat: float | None = None
    zoom: float | None = None

    @classmethod
    def read(cls, query: Mapping[str, object], language: Language = "zh") -> Self:
        """The view an address asks for; what cannot be read there, or stands there twice, is left at its default.

        Examples
        --------
        >>> View.read({"severity": "3", "since": "yesterday"}).severity.name
        'SERIOUS'
        >>> View.read({}) == View()
        True
        """
        found: dict[str, Any] = {"lang": language}
        for name, read in _READ.items():
            text = query.get(name)
            if text and isinstance(text, str):
                try:
                    found[name] = read(text)
                except ValueError:
                    continue
        return cls(**found)

    def query(self, *names: str) -> str:
        """The address's part after "?", with `names` only, or with all that is not at its default.

        The language is always told: which one is the default is the operator's choice.

        Examples
        --------
        >>> View(a="330502", b="320509", categories=(Category.AIR, Category.WATER)).query()
        'lang=zh&a=330502&b=320509&categories=air%2Cwater'
        >>> View().query("a", "b")
        ''
        """
        plain = {field.name: field.default for field in fields(self)} | {"lang": None}
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        pairs = {name: value for name, value in told.items() if value != plain[name] and value is not None}
        return urlencode({name: _text(value) for name, value in pairs.items() if not names or name in names})

    def but(self, **changes: Any) -> Self:
        """The same view with `changes`."""
        return replace(self, **changes)

    @property
    def pair(self) -> tuple[str, str] | None:
        """Ids of the two sides, a < b; None until two are chosen."""
        if self.a is None or self.b is None or self.a == self.b:
            return None
        return (self.a, self.b) if self.a < self.b else (self.b, self.a)


def chosen(desk: Desk, view: View) -> Selection:
    """Incidents of the view's period and filters; without a period, the latest the data has.

    Days are those of the operator's time zone, so that a link means the same on every machine.
    """
    zone = ZoneInfo(desk.rules.timezone)
    since = None if view.since is None else datetime.combine(view.since, time(), zone)
    until = None if view.until is None else datetime.combine(view.until + timedelta(days=1), time(), zone)
    if since is None and until is None and (latest := desk.incidents.latest_period()):
        since = latest[0]
    return Selection(since, until, view.categories, view.sources, view.severity)


def strips_text(strips: tuple[Strip, ...]) -> str:
    """Strips as an address holds them: JSON lists of a, b, both depths and both marks; ids may hold any letter.

    Examples
    --------
    >>> strips_text((Strip("n", "w", 1000.0, 500.0, None, 4000.0),))
    '[["n","w",1000.0,500.0,null,4000.0]]'
    >>> strips_text(())
    '[]'
    """
    rows = [list(asdict(strip).values()) for strip in strips]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and (not value or isinstance(value[0], Strip)):
        return strips_text(value)
    if isinstance(value, tuple) and isinstance(value[0], Step):
        return steps_text(value)
    if isinstance(value, tuple):
        return ",".join(str(one) for one in value)
    if isinstance(value, float):
        return f"{value:.5f}".rstrip("0").rstrip(".")
    return (
        value.isoformat() if isinstance(value, date) else str(int(value)) if isinstance(value, Severity) else str(value)
    )
