"""What every answer tells the browser beside its content: what a page may load and do, and who may keep or embed it."""

from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from settings import Settings

_YEAR_S = 31_536_000
# MapLibre works in a worker that it makes of a blob. Styles stand in the page: Mantine, plotly and the tables write
# style elements and attributes as they go, and have no way to sign each. Icons of the tables are a font inside a style.
_PAGE = {
    "default-src": "'self'",
    "script-src": "'self'",
    "script-src-attr": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'none'",
    "media-src": "'none'",
    "manifest-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_UNUSED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation"),
    *("gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment"),
    *("publickey-credentials-get", "serial", "usb", "xr-spatial-tracking"),
)
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in _UNUSED),
    # What serves says its version otherwise.
    "Server": "Lianfang",
}


def page_policy(scripts: tuple[str, ...] = (), *, tls: bool = False) -> str:
    """The content security policy of a page.

    Parameters
    ----------
    scripts
        Scripts inside the page that may run, each as ``'sha256-...'``; no other may.
    tls
        Whether the page is read over TLS: then nothing is asked for without.

    Examples
    --------
    >>> page_policy().split("; ")[1]
    "script-src 'self'"
    >>> page_policy(("'sha256-x'",), tls=True).split("; ")[1::14]
    ["script-src 'self' 'sha256-x'", 'upgrade-insecure-requests']
    """
    parts = _PAGE | {"script-src": " ".join((_PAGE["script-src"], *scripts))}
    told = [f"{name} {value}" for name, value in parts.items()]
    return "; ".join([*told, "upgrade-insecure-requests"] if tls else told)


def register(server: Flask, settings: Settings, scripts: Callable[[], tuple[str, ...]]) -> None:
    """Tell these with every answer; `scripts` gives the hashes of scripts that stand in pages."""
    if settings.proxies:
        # The name people call stays in Host: a proxy passes it on as it is.
        server.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as its documentation does
            server.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0, x_prefix=0
        )

    @server.after_request
    def tell(response: Response) -> Response:
        tls = settings.tls == "on" or request.is_secure
        for name, value in _EVERYWHERE.items():
            response.headers[name] = value
        page = response.mimetype == "text/html" and "Content-Disposition" not in response.headers
        response.headers["Content-Security-Policy"] = page_policy(scripts(), tls=tls) if page else _NO_PAGE
        if tls:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
        _keeping(response)
        return response


def _keeping(response: Response) -> None:
    """Say who may keep the answer: assets as they say, what depends on who asks by nobody else."""
    if request.path.startswith(("/assets/", "/_dash-component-suites/")) or request.path.endswith("/_favicon.ico"):
        return
    # An answer to one person is not the answer to the next at the same machine.
    response.vary.add("Cookie")
    response.headers.setdefault("Cache-Control", "no-store")
