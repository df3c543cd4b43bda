"""Chance with a name: each part of the invented force draws from a stream of its own.

Adding a street must not change who lives there, so no two parts share a stream.
"""

from collections.abc import Sequence
from itertools import accumulate
from random import Random


def stream(seed: int, part: str) -> Random:
    """Return the stream of one part, the same for the same seed and part on every machine."""
    return Random(f"{seed}/{part}")  # noqa: S311 - invented events, not secrets


def shares(weights: Sequence[float], total: int) -> list[int]:
    """Split `total` into whole parts in proportion to `weights`, losing nothing to rounding."""
    running = list(accumulate(weights))
    edges = [round(total * at / running[-1]) for at in running]
    return [after - before for before, after in zip([0, *edges], edges, strict=False)]
