"""The plan at work, as the page keeps it and sends it back: it may be anything by then."""

from dataclasses import dataclass, replace
from typing import Any

from casework.plan import Plan
from casework.planning import packed, unpacked


@dataclass(frozen=True)
class Work:
    """A plan on a page, whether it was changed since it was kept, and what the change was.

    `base` is the version that was opened or kept last, without its problem; None where nothing was changed since.
    """

    plan: Plan
    changed: bool = False
    told: str = ""
    base: Plan | None = None

    @property
    def origin(self) -> Plan:
        """The version that the work began with."""
        return self.base or replace(self.plan, problem={})

    def plain(self) -> dict[str, Any]:
        """As the page keeps it."""
        plain = {"plan": packed(self.plan), "changed": self.changed, "told": self.told}
        return plain if self.base is None else {**plain, "base": packed(self.base)}


def read_work(plain: Any) -> Work | None:
    """What a page sends back; None where it has no plan.

    Raises
    ------
    RefusedError
        When that is no plan.
    """
    if not plain:
        return None
    parts = plain if isinstance(plain, dict) else {}
    base = parts.get("base")
    return Work(
        unpacked(parts.get("plan", {})),
        bool(parts.get("changed")),
        str(parts.get("told") or ""),
        unpacked(base) if base else None,
    )
