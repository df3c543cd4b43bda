"""Where a place is, as exact as the person showed us and no more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from safehold.domain.journey.answers import Answers

# The most exact way first: a point on the map refines the street or town found before it.
_SOURCES = (("point", "map"), ("which", "search"), ("where", "search"))
# How a point that is near nothing is named: no name of a place.
A_POINT = "A point on the map"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A resolved place. `metres` is how far off the point may be; all None for words alone.

    `how` is `map`, `search` or `words`; `kind` is what was found (postcode, street, town, point);
    `typed` is what was searched for and `words` what was said about the exact spot.
    """

    how: str
    kind: str
    label: str
    lon: float | None
    lat: float | None
    metres: int | None
    typed: str
    words: str

    def to_plain(self) -> dict[str, Any]:
        """Give what JSON can hold."""
        return asdict(self)


def whereabouts(answers: Answers) -> Whereabouts:
    """Give the place that cleared answers describe: a point, a search result, or words."""
    typed, words = answers.one("where", "find"), answers.one("words", "text")
    for question, how in _SOURCES:
        lon, lat = (_number(answers.one(question, name)) for name in ("lon", "lat"))
        if lon is None or lat is None:
            continue
        return Whereabouts(
            how=how,
            kind=answers.one(question, "kind"),
            label=answers.one(question, "label"),
            lon=lon,
            lat=lat,
            metres=round(_number(answers.one(question, "metres")) or 0),
            typed=typed,
            words=words,
        )
    return Whereabouts("words", "", "", None, None, None, typed, words)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
