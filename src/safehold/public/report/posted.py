"""What a form sent, read once, with a plain error where it is more than a form can hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest
from django.http.request import UnreadablePostError

CONTINUE = "continue"


class TooMuchSent(Exception):
    """More than a page of ours can send: nothing of it was read."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The values of each field, and the button that was pressed."""

    values: dict[str, list[str]] = field(default_factory=dict)
    do: str = CONTINUE

    def first(self, name: str) -> str:
        """Give the first value of a field, or an empty string."""
        return next(iter(self.values.get(name, ())), "")


def read(request: HttpRequest) -> Posted:
    """Read a POST. Raises TooMuchSent where it is too long, has too many fields, or broke off."""
    try:
        values = {name: list(given) for name, given in request.POST.lists()}
    except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError) as error:
        raise TooMuchSent from error
    do = next(iter(values.pop("do", ())), CONTINUE)
    return Posted(values, do)
