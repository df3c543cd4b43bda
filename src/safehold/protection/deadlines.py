"""What is due: the list, one deadline and why it is due then, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.domain import access
from safehold.domain.access import Permission
from safehold.protection import deadline_words
from safehold.protection.deadline_forms import (
    ChangedForm,
    ExtendForm,
    HandOnForm,
    KnownForm,
    SeenForm,
    StopForm,
)
from safehold.protection.forms import LookForm
from safehold.records.cases import queries as cases
from safehold.records.conflicts import recusals
from safehold.records.deadlines import changing, extending, operations, queries
from safehold.records.staff.queries import member_of

HERE = "/staff/deadlines/"
_FRAME = {"here": HERE, "back": HERE, "back_to": "What is due"}
_WORKS = "Works on the case"
_REFUSED = (
    operations.Over,
    operations.NotAStart,
    operations.NotForThem,
    operations.NotThatLong,
    extending.NotFurther,
    changing.NotChanged,
)


@require_GET
@recusals.read_once()
def listing(request: HttpRequest) -> HttpResponse:
    """List what is due: a member's own, or for whoever watches over the unit all of it."""
    member, now = member_of(request), timezone.now()
    watches = member.may(Permission.DECIDE_DEADLINES)
    own = not (watches and request.GET.get("of") == "all")
    rows, following = queries.due(by=member, own=own, after=_after(request))
    undated = [] if "after" in request.GET else queries.without_date(by=member, own=own)
    page = {
        "title": "What is due",
        "here": HERE,
        "own": own,
        "watches": watches,
        "undated": deadline_words.rows_of(undated, at=now),
        "undated_more": len(undated) == queries.PER_PAGE,
        "rows": deadline_words.rows_of(rows, at=now),
        "later": "after" in request.GET,
        "following": f"?{'' if own else 'of=all&'}after={following}" if following else "",
        "changed": len(queries.changed(by=member)) if watches else 0,
    }
    return render(request, "protection/deadlines.html", page)


@require_GET
@recusals.read_once()
def changed(request: HttpRequest) -> HttpResponse:
    """List what runs by a rule that gives another time now, and that nobody has decided about."""
    member, now = member_of(request), timezone.now()
    found = queries.changed(by=member)
    lines = deadline_words.rows_of([each.deadline for each in found], at=now)
    page = _FRAME | {
        "title": "Rules that changed",
        "lines": [
            (row, *deadline_words.dates(each, at=now), _decide_path(each.deadline))
            for row, each in zip(lines, found, strict=True)
        ],
    }
    return render(request, "protection/deadlines_changed.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def deadline(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Show why something is due when it is; ask whoever does not work on the case why they look."""
    member, now = member_of(request), timezone.now()
    found = _found(request, deadline_id)
    form = LookForm(request.POST if request.method == "POST" else None)
    reason = form.cleaned_data["look_reason"] if form.is_bound and form.is_valid() else ""
    if not reason and request.method == "GET":
        since = now - access.table().shift
        reason = _WORKS if cases.works_on(found.case, member) else ""
        reason = reason or queries.opened_for(deadline_id=deadline_id, by=member, since=since)
    if not reason:
        page = _FRAME | {"title": "Deadline", "form": form}
        return render(request, "protection/incident_reason.html", page)
    row = operations.look_at(deadline_id=deadline_id, reason=reason, by=member, at=now)
    keeps = row.runs and member.may(Permission.KEEP_DEADLINES)
    rule = row.rule.rule
    page = _FRAME | {
        "title": "Deadline",
        "reason": reason,
        "row": deadline_words.rows_of([row], at=now)[0],
        "deadline": row,
        "rule": rule,
        "length": row.length.words,
        "about": deadline_words.about(row, member=member),
        "order": deadline_words.order_path(row, member=member),
        "told": deadline_words.told(row),
        "keeps": keeps,
        "extends": keeps and member.may(Permission.EXTEND_BAIL) and rule.next_rung(row.rung),
        "changed": queries.is_changed(row),
        "decides": member.may(Permission.DECIDE_DEADLINES),
    }
    return render(request, "protection/deadline.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def start(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Ask when something was of which nobody knew when."""
    found = _found(request, deadline_id)
    form = KnownForm(request.POST or None, rule=found.rule.rule)

    def act() -> object:
        return operations.set_start(
            deadline_id=deadline_id,
            starts_at=form.cleaned_data["starts_at"],
            how=form.cleaned_data["how"],
            by=member_of(request),
            at=timezone.now(),
        )

    return _act(request, found, form, act, title="It is known when it started", button="Reckon it")


@require_http_methods(["GET", "POST"])
@never_cache
def extend(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Ask who extended it, by which authority, and what the victim thinks of it."""
    found = _found(request, deadline_id)
    rule = found.rule.rule
    shown = _shown_rung(request, found)
    step = rule.next_rung(shown)
    if step is None:
        return redirect("protection:deadline", deadline_id=deadline_id)
    form = ExtendForm(request.POST or None, rule=rule, step=step, initial={"shown_rung": shown})

    def act() -> object:
        return extending.extend(
            deadline_id=deadline_id,
            shown_rung=form.cleaned_data["shown_rung"],
            authority=form.authority(),
            by=member_of(request),
            at=timezone.now(),
        )

    unit = found.length.words.split(" ")[1].rstrip("s")
    title = f"Extended to {step.number} {unit}s"
    return _act(request, found, form, act, title=title, button="Record it")


@require_http_methods(["GET", "POST"])
@never_cache
def stop(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Ask what was done, when, and what proves it."""
    found = _found(request, deadline_id)
    form = StopForm(request.POST or None)

    def act() -> object:
        return operations.stop(
            deadline_id=deadline_id,
            **form.cleaned_data,
            by=member_of(request),
            at=timezone.now(),
        )

    return _act(request, found, form, act, title="Done, or no longer needed", button="Stop it")


@require_http_methods(["GET", "POST"])
@never_cache
def hand_on(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Ask who of the case sees to it."""
    found = _found(request, deadline_id)
    working = {each.row.member_id: each.row.member.name for each in cases.members_of(found.case)}
    members = [(str(key), name) for key, name in working.items()]
    form = HandOnForm(
        request.POST or None, members=members, initial={"member": str(found.owner_id or "")}
    )

    def act() -> object:
        chosen = form.cleaned_data["member"]
        return operations.hand_on(
            deadline_id=deadline_id,
            member_id=int(chosen) if chosen else None,
            why=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )

    return _act(request, found, form, act, title="Hand it on", button="Hand it on")


@require_http_methods(["GET", "POST"])
@never_cache
def seen(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Ask what somebody does about a deadline of which they were told."""
    found = _found(request, deadline_id)
    form = SeenForm(request.POST or None)

    def act() -> object:
        words = form.cleaned_data["words"]
        return operations.see_to(
            deadline_id=deadline_id, words=words, by=member_of(request), at=timezone.now()
        )

    return _act(request, found, form, act, title="I see to it", button="Record it")


@require_http_methods(["GET", "POST"])
@never_cache
def decide_rule(request: HttpRequest, deadline_id: UUID) -> HttpResponse:
    """Ask whether one whose rule has changed is kept as it was, or reckoned anew."""
    found = _found(request, deadline_id)
    change = queries.change_of(found)
    form = ChangedForm(request.POST or None, initial={"shown": change.digest})

    def act() -> object:
        return changing.decide_rule(
            deadline_id=deadline_id,
            keep=form.cleaned_data["keep"] == "yes",
            shown=form.cleaned_data["shown"],
            why=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )

    was, anew = deadline_words.dates(change, at=timezone.now())
    said = [f"As it was: {was}.", f"By the rule as it is now: {anew}."]
    if not queries.is_changed(found):
        said = ["Its rule has not changed, or somebody has decided about it."]
    return _act(request, found, form, act, title="Its rule has changed", button="Decide", said=said)


def _act(
    request: HttpRequest,
    found: Any,
    form: Form,
    act: Callable[[], object],
    *,
    title: str,
    button: str,
    said: list[str] | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except queries.DeadlineNotFound as error:
            raise Http404(str(error)) from None
        except _REFUSED as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:deadline", deadline_id=getattr(made, "pk", found.pk))
    page = {
        "title": title,
        "here": HERE,
        "back": reverse("protection:deadline", args=[found.pk]),
        "back_to": "The deadline",
        "row": deadline_words.rows_of([found], at=timezone.now())[0],
        "said": said or [],
        "form": form,
        "button": button,
    }
    return render(request, "protection/deadline_act.html", page)


def _shown_rung(request: HttpRequest, found: Any) -> int:
    """Return the step that a form was for: somebody may have taken it since."""
    sent = request.POST.get("shown_rung", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 3 else int(found.rung)


def _found(request: HttpRequest, deadline_id: UUID) -> Any:
    try:
        return queries.get(deadline_id=deadline_id, by=member_of(request))
    except queries.DeadlineNotFound as error:
        raise Http404(str(error)) from None


def _after(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _decide_path(row: Any) -> str:
    return reverse("protection:deadline_rule", args=[row.pk])
