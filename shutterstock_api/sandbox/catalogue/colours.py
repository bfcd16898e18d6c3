"""Groups of colours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """A colour group with the colour that stands for it."""

    name: str
    rgb: tuple[int, int, int]

    @property
    def words(self) -> frozenset[str]:
        """Every word by which a search finds this colour."""
        return frozenset((self.name,))


COLOURS = (
    Colour("red", (200, 40, 45)),
    Colour("orange", (235, 130, 35)),
    Colour("yellow", (240, 210, 60)),
    Colour("green", (60, 150, 70)),
    Colour("turquoise", (50, 180, 175)),
    Colour("blue", (45, 95, 190)),
    Colour("purple", (120, 65, 165)),
    Colour("pink", (235, 130, 170)),
    Colour("brown", (120, 80, 50)),
    Colour("beige", (220, 200, 165)),
    Colour("white", (240, 240, 240)),
    Colour("gray", (130, 130, 130)),
    Colour("black", (30, 30, 30)),
)
GRAYSCALE = frozenset(("white", "gray", "black"))


def nearest_colour(rgb: tuple[int, int, int]) -> Colour:
    """The colour group that `rgb` (each 0-255) belongs to."""
    return min(COLOURS, key=lambda colour: sum((a - b) ** 2 for a, b in zip(colour.rgb, rgb, strict=True)))
