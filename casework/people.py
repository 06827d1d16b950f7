"""Who asks: people with a role in their regions, screens on walls, and whoever runs the program on a machine of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody is for.

    A viewer reads; an officer goes out and writes what was found; a coordinator draws up plans and agreements; a
    commander agrees on behalf of a side; an auditor reads who did what; an administrator says who is who. A screen is
    a device on a wall. The operator runs the program: the command line, and the single user where nobody signs in.
    """

    VIEWER = "viewer"
    OFFICER = "officer"
    COORDINATOR = "coordinator"
    COMMANDER = "commander"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SCREEN = "screen"
    OPERATOR = "operator"


# What a person can be; the others are no persons.
PERSONAL = tuple(role for role in Role if role not in (Role.SCREEN, Role.OPERATOR))


def chain(region: str, above: Mapping[str, str | None]) -> tuple[str, ...]:
    """A region and all above it, once each; `above` tells what is above each.

    Examples
    --------
    >>> chain("330502", {"330502": "3305", "3305": "33"}), chain("x", {})
    (('330502', '3305', '33'), ('x',))
    """
    found: list[str] = []
    one: str | None = region
    while one is not None and one not in found:
        found.append(one)
        one = above.get(one)
    return tuple(found)


@dataclass(frozen=True)
class Actor:
    """Who asks. `regions` are jurisdictions the actor answers for, each with all below it; an operator needs none.

    Examples
    --------
    >>> Actor().everywhere
    True
    >>> Actor("li", Role.VIEWER, ("330502",)).everywhere
    False
    """

    id: str = "local"
    role: Role = Role.OPERATOR
    regions: tuple[str, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether everything is theirs."""
        return self.role is Role.OPERATOR

    def answers_for(self, jurisdiction: str, parents: Mapping[str, str | None]) -> bool:
        """Whether a jurisdiction is one of the actor's regions or lies below one; `parents` tells what is above each.

        Examples
        --------
        >>> li = Actor("li", Role.COMMANDER, ("3305",))
        >>> li.answers_for("330502", {"330502": "3305"}), li.answers_for("320509", {"320509": "3205"})
        (True, False)
        """
        return self.everywhere or not set(self.regions).isdisjoint(chain(jurisdiction, parents))


@dataclass(frozen=True)
class Person:
    """Somebody who signs in.

    `id` is what they type to sign in. `subject` is who they are to an OpenID provider; empty without one. `epoch`
    counts what ends every session they have: a new password, a new role, a lock. `active` is false for one who left;
    nobody is ever deleted, because the audit names them.
    """

    id: str
    name: str
    role: Role
    regions: tuple[str, ...]
    made_at: datetime
    subject: str = ""
    active: bool = True
    epoch: int = 0

    @property
    def actor(self) -> Actor:
        """Who they are to the desk."""
        return Actor(self.id, self.role, self.regions)


@dataclass(frozen=True)
class Device:
    """A screen on a wall that shows published figures of its regions, without anybody signing in there."""

    id: str
    name: str
    regions: tuple[str, ...]
    made_at: datetime
    made_by: str
    revoked_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who it is to the desk."""
        return Actor(f"device:{self.id}", Role.SCREEN, self.regions)
