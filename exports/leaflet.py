"""Leaflet as text to put into a page, so that the page asks nobody for it."""

import json
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

_VENDOR = Path(__file__).with_name("vendor")
_PINS = {"icon": "marker-icon.png", "iconRetina": "marker-icon-2x.png", "shadow": "marker-shadow.png"}
_PICTURE = re.compile(r"url\(images/([\w-]+\.png)\)")


@cache
def leaflet_script() -> str:
    """Leaflet 1.9.4 with its licence before it, as a script."""
    licence = (_VENDOR / "LICENSE-leaflet.txt").read_text(encoding="utf-8")
    script = (_VENDOR / "leaflet.js").read_text(encoding="utf-8")
    pins = {f"{name}Url": _picture(file) for name, file in _PINS.items()}
    # The map of its sources is a file beside it, which a browser would look for; and so would it for the pins, which
    # every marker has for a moment before it gets its own sign.
    return (
        f"/*\n{licence}*/\n{script.partition('//# sourceMappingURL')[0]}\n"
        f"delete L.Icon.Default.prototype._getIconUrl;\nL.Icon.Default.mergeOptions({json.dumps(pins)});\n"
    )


@cache
def leaflet_style() -> str:
    """Leaflet's style sheet, its pictures inside."""
    style = (_VENDOR / "leaflet.css").read_text(encoding="utf-8")
    return _PICTURE.sub(lambda found: f"url({_picture(found[1])})", style)


def _picture(name: str) -> str:
    """A picture as an address that holds it."""
    return "data:image/png;base64," + b64encode((_VENDOR / name).read_bytes()).decode("ascii")
