"""Who a browser belongs to, as its cookie says: sessions of people, which end, and their clock."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user

from casework.gate import Gate
from casework.people import Actor, Device, Person, Role
from settings import Settings

# Who has not shown who they are: nothing is theirs, and they see what is published.
NOBODY = Actor("nobody", Role.SCREEN)
# A page says by it that somebody touched it of late: its own ticks keep no session alive.
TOUCHED = "X-Lianfang-Touched"
# A cookie that changed with every answer would make a browser fetch the map again and again.
_NOTED_AFTER = 1 / 32


@dataclass(frozen=True)
class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login names no types
    """A person who has signed in, or a screen with its token."""

    known: Person | Device

    @property
    def actor(self) -> Actor:
        """Who it is to the desk."""
        return self.known.actor

    @property
    def person(self) -> Person | None:
        """The person; None for a screen."""
        return self.known if isinstance(self.known, Person) else None

    def get_id(self) -> str:
        """What the cookie holds: the id and the epoch in which they signed in."""
        return f"{self.known.id} {self.known.epoch}" if isinstance(self.known, Person) else ""


class _Stranger(AnonymousUserMixin):  # type: ignore[misc]  # Flask-Login names no types
    """Who has not shown who they are."""

    actor = NOBODY
    person = None


class _Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies, sent over TLS alone where people come by TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether all people do, or this one."""
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def register(server: Flask, settings: Settings, gate: Gate, key: str) -> LoginManager:
    """Let `server` know people by their cookies; gives the manager, which may know others by something else."""
    server.secret_key = key
    server.session_interface = _Cookies()
    server.config |= {
        "SESSION_COOKIE_NAME": "lianfang",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.tls == "on",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=settings.session_days),
    }
    manager = LoginManager()
    # Not by `init_app`, which looks into the cookie after every answer for a second one that remembers people: then no
    # browser would keep a script from one session to the next.
    server.login_manager = manager  # type: ignore[attr-defined]
    manager.anonymous_user = _Stranger
    # It would sign people out who go from one network to another, and keeps no thief out who sits in the same one.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login names no types
    def load(told: str) -> Visitor | None:
        now_s, signed_in_s, touched_s = gate.now().timestamp(), session.get("at", 0), session.get("touched", 0)
        if now_s - signed_in_s > settings.session_days * 86400 or now_s - touched_s > settings.session_idle_h * 3600:
            return None
        person_id, _, epoch = told.rpartition(" ")
        person = gate.person(person_id, int(epoch))
        return None if person is None else Visitor(person)

    return manager


def begin(person: Person, now_s: float) -> None:
    """Begin a session: whatever the cookie held before is gone."""
    session.clear()
    login_user(Visitor(person))
    session.permanent = True
    session["at"] = session["touched"] = int(now_s)


def end() -> None:
    """End the session of this browser."""
    logout_user()
    session.clear()


def touch(now_s: float, idle_h: float) -> None:
    """Note that somebody is there, now and then."""
    if now_s - session.get("touched", now_s) > idle_h * 3600 * _NOTED_AFTER:
        session["touched"] = int(now_s)


def visitor() -> Any:
    """Who asks, as Flask-Login found out for this request."""
    return current_user
