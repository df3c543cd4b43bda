"""What somebody looks for, between the page that asks and the page that answers.

It lies in one cookie, locked under a key of ours: nothing of it stands in an address, a store or a
log, and whoever reads the cookies of the device reads nothing. A place is kept as its district.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safehold.crypto.at_rest import SecretUnreadable, lock_text, unlock_text
from safehold.domain.services import Wanted, words
from safehold.public import cookies
from safehold.public.report.drafts import idle_minutes

PURPOSE: Final = "support-choice"
LONGEST: Final = 2_000  # characters of a cookie that is looked at
PADDED_TO: Final = 1_024  # bytes, more than any choice: its length does not tell what was chosen
MOST_TYPED: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was wanted; `typed` and `problem` only while a place waits to be mended."""

    wanted: Wanted = field(default_factory=Wanted)
    typed: str = ""
    problem: str = ""

    @property
    def where(self) -> str:
        """Give what the box of the place shows."""
        return self.typed or ", ".join(sorted(self.wanted.districts))


def kept(request: HttpRequest, *, at: datetime) -> Choice:
    """Read what this browser holds; nothing where it is old, changed, or not ours."""
    locked = cookies.read(request, cookies.SUPPORT_COOKIE)
    if not locked or len(locked) > LONGEST:
        return Choice()
    try:
        plain = json.loads(unlock_text(locked, secret=settings.SECRET_KEY, purpose=PURPOSE))
        age = at - datetime.fromisoformat(plain["at"])
        if not timedelta() <= age < timedelta(minutes=idle_minutes()):
            return Choice()
        return _from_plain(plain)
    except (SecretUnreadable, ValueError, TypeError, KeyError):
        return Choice()


def keep(response: HttpResponse, choice: Choice, *, at: datetime) -> HttpResponse:
    """Have the browser hold a choice until it is closed; it opens for as long as an idle draft."""
    if choice == Choice():
        return forget(response)
    told = _to_plain(choice) | {"at": at.isoformat(timespec="seconds")}
    plain = json.dumps(told, ensure_ascii=False)
    padded = plain + " " * (-len(plain.encode()) % PADDED_TO)
    locked = lock_text(padded, secret=settings.SECRET_KEY, purpose=PURPOSE)
    cookies.give(response, cookies.SUPPORT_COOKIE, locked, httponly=False)
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Have the browser drop its cookie."""
    cookies.take_back(response, cookies.SUPPORT_COOKIE)
    return response


def only_known(wanted: Wanted) -> Wanted:
    """Leave out what no list of ours holds: it means nothing, and needs no sentence."""
    return replace(
        wanted,
        harm=wanted.harm if wanted.harm in words("harms") else "",
        needs=wanted.needs & words("needs").keys(),
        language=wanted.language if wanted.language in words("languages") else "",
    )


def _to_plain(choice: Choice) -> dict[str, Any]:
    wanted = choice.wanted
    return {
        "harm": wanted.harm,
        "needs": sorted(wanted.needs),
        "districts": sorted(wanted.districts),
        "language": wanted.language,
        "open_now": wanted.open_now,
        "typed": choice.typed[:MOST_TYPED],
        "problem": choice.problem,
    }


def _from_plain(plain: dict[str, Any]) -> Choice:
    wanted = Wanted(
        harm=str(plain["harm"]),
        needs=frozenset(map(str, plain["needs"])),
        districts=frozenset(map(str, plain["districts"])),
        language=str(plain["language"]),
        open_now=bool(plain["open_now"]),
    )
    return Choice(
        wanted=only_known(wanted), typed=str(plain["typed"]), problem=str(plain["problem"])
    )
