"""The window of a map: what of the ground a square picture shows, and what a press on it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians
from typing import Final

METRES_PER_DEGREE: Final = 111_195
# The ground that the picture may show from side to side, in metres.
STEPS: Final = (500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000)
# A fixed size in CSS pixels: a browser sends where it was pressed in these, and a picture that
# was scaled to fit would send something else. 280 fits a screen 320 wide.
PIXELS: Final = 280
_TOWARDS: Final = {"north": (0, 1), "south": (0, -1), "west": (-1, 0), "east": (1, 0)}
_MOVES_BY = 0.4


@dataclass(frozen=True, slots=True)
class MapView:
    """A square of ground around a centre in degrees; `across` is one of STEPS."""

    lon: float
    lat: float
    across: int

    @property
    def degrees(self) -> tuple[float, float]:
        """Give the width and height of the ground shown, in degrees."""
        height = self.across / METRES_PER_DEGREE
        return height / max(cos(radians(self.lat)), 0.01), height

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Give the west, south, east and north edges, in degrees."""
        width, height = self.degrees
        west, south = self.lon - width / 2, self.lat - height / 2
        return west, south, west + width, south + height

    def to_lonlat(self, x: int, y: int) -> tuple[float, float]:
        """Give the point under a pixel, counted from the left and from the top."""
        west, _, _, north = self.bounds
        width, height = self.degrees
        return west + width * x / PIXELS, north - height * y / PIXELS

    def to_pixels(self, lon: float, lat: float) -> tuple[float, float]:
        """Give the pixel over a point, which may lie outside the picture."""
        west, _, _, north = self.bounds
        width, height = self.degrees
        return (lon - west) / width * PIXELS, (north - lat) / height * PIXELS

    def moved(self, towards: str) -> MapView:
        """Give the view moved towards north, south, west or east."""
        east, north = _TOWARDS[towards]
        width, height = self.degrees
        return replace(
            self,
            lon=self.lon + east * width * _MOVES_BY,
            lat=self.lat + north * height * _MOVES_BY,
        )

    def zoomed(self, steps: int) -> MapView:
        """Give the view closer in (below zero) or further out, as far as STEPS go."""
        place = STEPS.index(self.across) + steps
        return replace(self, across=STEPS[min(max(place, 0), len(STEPS) - 1)])


def step_over(metres: float) -> int:
    """Give the smallest of STEPS that shows this many metres."""
    return next((step for step in STEPS if step >= metres), STEPS[-1])
