"""What the engine says when it cannot answer."""


class GeoError(ValueError):
    """The engine was asked something that has no answer; the message says what was wrong and what was expected."""


class FrameError(GeoError):
    """A frame breaks its column contract."""


class DatumError(GeoError):
    """A coordinate reference system or datum is missing, unknown, or unfit for measuring."""


class BorderError(GeoError):
    """Two jurisdictions share no border, or the stretch asked for does not lie on it."""
