"""The view a page keeps, as text, and back."""

from urllib.parse import parse_qsl

from layers.view import View


def read(query: str | None) -> View:
    """The view of an address's query."""
    return View.read(dict(parse_qsl(query or "")))
