"""What is made once for each language that pages are drawn in."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings

from safehold.design import languages

Made = TypeVar("Made")


class MadeOnce(Generic[Made]):
    """Things made once for each key and language, and again where the force's profile is another.

    There are as many keys as our own pages have, and no more.
    """

    def __init__(self) -> None:
        self._held: tuple[tuple[object, ...], dict[Hashable, Made]] = ((), {})

    def of(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Give what stands under a key, made now if nothing does."""
        ground = (settings.FORCE, settings.DEMONSTRATION, settings.LANGUAGES_OFFERED)
        spoken = languages.now()
        before, made = self._held
        if len(before) != len(ground) or any(
            a is not b for a, b in zip(before, ground, strict=True)
        ):
            made = {}
            self._held = (ground, made)
        wanted = spoken.wanted.code if spoken.wanted else ""
        whole = (key, spoken.language.code, wanted)
        if whole not in made:
            made[whole] = make()
        return made[whole]
