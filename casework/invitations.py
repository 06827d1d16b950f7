"""Invitations: a link by which somebody sets their password themselves, once."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

from casework.errors import RefusedError

_PURPOSE = b"lianfang invitation "


@dataclass(frozen=True)
class Invitation:
    """Who may set a password until when. It counts for one `epoch`: once the password is set, it is worth nothing."""

    person_id: str
    epoch: int
    until: datetime


def sealed(invitation: Invitation, key: str) -> str:
    """An invitation as a text for an address, which nobody makes without the key.

    Examples
    --------
    >>> one = Invitation("li", 0, datetime(2026, 6, 1, tzinfo=UTC))
    >>> unsealed(sealed(one, "key"), "key", datetime(2026, 5, 31, tzinfo=UTC)) == one
    True
    """
    said = json.dumps([invitation.person_id, invitation.epoch, int(invitation.until.timestamp())])
    return f"{_text(said.encode())}.{_text(_seal(said.encode(), key))}"


def unsealed(text: str, key: str, now: datetime) -> Invitation:
    """The invitation that a text is.

    Raises
    ------
    RefusedError
        When it was not made with the key, or its time is over.

    Examples
    --------
    >>> unsealed("", "key", datetime(2026, 5, 31, tzinfo=UTC))
    Traceback (most recent call last):
    ...
    casework.errors.RefusedError: This invitation is not valid any more: ask an administrator for a new one.
    """
    said, _, seal = text.partition(".")
    try:
        told, given = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (said, seal))
    except ValueError:
        told = given = b""
    if hmac.compare_digest(given, _seal(told, key)):
        person_id, epoch, until_s = json.loads(told)
        until = datetime.fromtimestamp(until_s, UTC)
        if now < until:
            return Invitation(person_id, epoch, until)
    raise RefusedError("This invitation is not valid any more: ask an administrator for a new one.")


def _seal(said: bytes, key: str) -> bytes:
    return hmac.digest(key.encode(), _PURPOSE + said, hashlib.sha256)


def _text(some: bytes) -> str:
    return urlsafe_b64encode(some).decode().rstrip("=")
