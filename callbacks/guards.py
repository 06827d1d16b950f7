"""What is refused before anything looks at it: other hosts' names, other sites, what is too long."""

import socket
from urllib.parse import urlsplit

import dash
from flask import Flask, request

from callbacks.failures import Refusal
from settings import Settings

MOST_BODY_BYTES = 4 * 1024 * 1024
MOST_ADDRESS_LETTERS = 8_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PORTS = {"http": 80, "https": 443}
# Dash's own doors that only those who develop use.
_SHUT = frozenset({"/_reload-hash"})


def names_of(settings: Settings) -> frozenset[str] | None:
    """Names by which the server answers; None: by any.

    A page of a stranger can have a name of its own point at 127.0.0.1, and would then be of the same site as a server
    that listens there. Its requests name the stranger's host.

    Examples
    --------
    >>> sorted(names_of(Settings(hosts="Lianfang.example, 10.0.0.5")))
    ['10.0.0.5', 'lianfang.example']
    >>> names_of(Settings(host="0.0.0.0", hosts="default")) is None
    True
    """
    if settings.hosts != "default":
        return frozenset(name for one in settings.hosts.split(",") if (name := one.strip().strip("[]").lower()))
    if settings.host not in _LOOPBACK and not settings.host.startswith("127."):
        return None
    return _LOOPBACK | {settings.host, socket.gethostname().lower()}


def register(server: Flask, settings: Settings) -> None:
    """Refuse them on `server`, in words, before any route."""
    names = names_of(settings)
    server.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES

    @server.before_request
    def guard() -> None:
        asked = request.query_string.decode(errors="replace")
        if len(request.path) + len(asked) > MOST_ADDRESS_LETTERS:
            raise Refusal("The address is too long.", 414)
        if not request.path.isprintable() or request.path in _SHUT:
            raise Refusal("There is nothing at this address.", 404)
        if names is not None and _host(request.host) not in names:
            raise Refusal(
                "This server is not called by that name; its operator can add the name to LIANFANG_HOSTS.", 421
            )
        _same_site(tls=settings.tls == "on" or request.is_secure)
        _known_page()


def _host(netloc: str) -> str:
    """The name in "name:port", in lower case and without brackets; empty where it is none."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def _same_site(*, tls: bool) -> None:
    """Refuse what a page of another site sends, and what it embeds; a link from there may open a page."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    opens = request.method in _SAFE and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if site not in {"same-origin", "none"} and not opens:
        raise Refusal("This came from a page of another site and was refused; nothing was changed.", 403)
    origin = request.headers.get("Origin")
    # Programs name no origin; browsers always do where they send something.
    if origin is not None and request.method not in _SAFE and not _ours(origin, tls=tls):
        raise Refusal("This came from a page of another site and was refused; nothing was changed.", 403)


def _ours(origin: str, *, tls: bool) -> bool:
    """Whether an origin is the host that was called, over TLS where people use that."""
    scheme = origin.partition("://")[0]
    if scheme not in _PORTS or (tls and scheme != "https"):
        return False
    try:
        there, here = urlsplit(origin), urlsplit(f"//{request.host}")
        same = (there.hostname, there.port or _PORTS[scheme]) == (here.hostname, here.port or _PORTS[scheme])
    except ValueError:
        return False
    return same


def _known_page() -> None:
    """Refuse an address that no page and no route has: Dash would answer it with an empty frame."""
    rule = request.url_rule
    if rule is not None and rule.rule == "/<path:path>":
        pages = {page["path"].strip("/") for page in dash.page_registry.values()}
        if request.path.strip("/") not in pages:
            raise Refusal("There is nothing at this address.", 404)
