"""One visual language: the colours of both themes, the same as in ``assets/theme.css``, and the shapes beside them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; A blue and B amber keep their hue everywhere, and a third party's part of a zone is green.

    The three are told apart by colour-blind eyes; a disputed part is told by its hatch.
    """

    ground: str
    land: str
    chosen: str
    outline: str
    ink: str
    quiet: str
    halo: str
    side_a: str
    side_b: str
    side_c: str
    joint: str
    disputed: str
    incident: str
    red: str
    yellow: str
    green: str

    def side(self, expression: str = "side") -> list[object]:
        """MapLibre expression: the hue of the feature's side."""
        return ["match", ["get", expression], "a", self.side_a, "b", self.side_b, self.joint]


DARK = Palette(
    ground="#0B1620",
    land="#13222E",
    chosen="#1B3242",
    outline="#44586A",
    ink="#F2F6F9",
    quiet="#A9BAC8",
    halo="#0B1620",
    side_a="#4EA1F3",
    side_b="#F0A63A",
    side_c="#66FFA3",
    joint="#FFFFFF",
    disputed="#D38CF0",
    incident="#FF8A80",
    red="#FF6B5E",
    yellow="#F2D64B",
    green="#3FC796",
)
LIGHT = Palette(
    ground="#DDE5EA",
    land="#F7F9FA",
    chosen="#FFFFFF",
    outline="#9AA9B5",
    ink="#14212B",
    quiet="#4B5D6B",
    halo="#FFFFFF",
    side_a="#1565B8",
    side_b="#955500",
    side_c="#095327",
    joint="#14212B",
    disputed="#8B3FB0",
    incident="#B3261E",
    red="#B3261E",
    yellow="#7A6200",
    green="#1B7A55",
)
PALETTES = {"dark": DARK, "light": LIGHT}

STATION_SHAPES = {"team": "■", "squad": "▲", "joint": "★"}
FIRM_SHAPES = {"red": "◆", "yellow": "▲", "green": "●"}
