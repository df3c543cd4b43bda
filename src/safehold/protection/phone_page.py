"""The page that an enrolled phone keeps, its worker and its questions; and what the phone sends.

Nothing here names anybody, a case or an assessment: what a phone keeps may be read by whoever finds
it. What it sends is taken by its own secret, so that answers come also after the sign-in has ended.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from safehold.domain import risk
from safehold.domain.instruments import Instrument, Item, Kind
from safehold.protection.risk_forms import SectionForm
from safehold.records.phones import operations, queries
from safehold.records.phones.queries import by_secret
from safehold.records.risk import instruments
from safehold.records.staff.queries import member_of

COOKIE: Final = "staffphone"
_STATUS: Final = {"phone": 403, "start": 404, "other": 409}
_WORKER: Final = Path(__file__).parent / "static" / "protection" / "phone-worker.js"


@require_GET
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Show the page that a phone keeps: without the name of whoever is signed in."""
    return render(request, "protection/phone.html", {"title": "Assessment on this phone"})


@require_GET
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """Give the worker of that page, which keeps the page and its questions and nothing else.

    Its scope is the folder that it lies in, so it sees no other page.
    """
    kept = [
        reverse("protection:phone"),
        reverse("protection:phone_questions"),
        *(static(name) for name in ("design/staff.css", "protection/desk.css")),
        *(static(name) for name in ("design/staff.js", "protection/phone.js")),
    ]
    body = f"const KEPT={json.dumps(kept)};\n{_worker()}"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


@require_GET
@never_cache
def questions(request: HttpRequest) -> HttpResponse:
    """Give every instrument in force, in the words that are asked."""
    made = [_instrument(each) for each in instruments.all_in_force()]
    return JsonResponse({"instruments": made, "longest": risk.LONGEST_WORDS})


@require_GET
@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """Tell a phone whose member is signed in where it stands: keys, and what it has begun."""
    phone = by_secret(request.COOKIES.get(COOKIE, ""))
    if phone is not None and phone.member_id != member_of(request).pk:
        phone = None
    open_here = queries.may_send(phone)
    return JsonResponse(
        {
            "phone": _word(phone),
            "keys": [
                {"id": key.key_id.hex(), "public": key.public.hex()}
                for key in (queries.keys_to_seal_to() if open_here else ())
            ],
            "starts": [
                {"id": str(each.pk), "instrument": each.instrument, "began": each.began_at}
                for each in (queries.open_on(phone) if phone and open_here else ())
            ],
        }
    )


@csrf_exempt  # a token would end with the sign-in; the browser's own word and a strict cookie do it
@require_POST
@never_cache
def send(request: HttpRequest) -> HttpResponse:
    """Take what a phone sends, by its own secret. It learns whether that is kept, and no more."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return JsonResponse({"kept": False, "why": "form"}, status=403)
    try:
        message = json.loads(request.body)
        operations.receive(
            phone=by_secret(request.COOKIES.get(COOKIE, "")), message=message, at=timezone.now()
        )
    except ValueError:
        return JsonResponse({"kept": False, "why": "form"}, status=400)
    except operations.NotKept as error:
        status = _STATUS.get(error.code, 400)
        return JsonResponse({"kept": False, "why": error.code}, status=status)
    return JsonResponse({"kept": True})


def _word(phone: Any) -> str:
    if phone is None:
        return "none"
    if phone.ended_at:
        return "ended"
    return "approved" if phone.approved_at else "waits"


@cache
def _worker() -> str:
    return _WORKER.read_text(encoding="utf-8")


def _instrument(made: Instrument) -> dict[str, Any]:
    return {
        "key": made.key,
        "label": made.label,
        "licensed": made.wording == "licensed",
        "sections": [
            {"title": section.title, "items": [_item(item) for item in section.items]}
            for section in made.sections
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    several = item.kind == Kind.CHOICES
    return {
        "key": item.key,
        "asked": f"{item.number}. {item.asked}",
        "options": [[each.key, each.label] for each in item.options] if several else [],
        "choices": SectionForm.choices(item),
    }
