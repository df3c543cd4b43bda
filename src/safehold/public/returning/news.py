"""Asking to be told of news: off until she asks, after what it leaves behind was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from safehold import rules
from safehold.domain.journey.place_questions import RULES as PLACES
from safehold.public.report import drafts, in_words, posted
from safehold.public.report.addresses import see_other
from safehold.public.returning import session
from safehold.public.returning.session import Opened
from safehold.records.intake import nudges
from safehold.records.intake.nudges import NotForNudges
from safehold.records.intake.tickets import DraftGone

ASK, STOP = "ask", "stop"
_FIELDS = ("channel", "address", "own_text", "days", "parts")
_LONGEST_KEPT = 300  # characters of each field that are shown again


@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """Say what a message leaves behind, then take where and when; or take it back."""
    opened = session.read(request, at=now())
    if not isinstance(opened, Opened) or not may_ask(opened):
        return see_other(reverse("public:return"))
    if request.method != "POST":
        return _page(request, opened)
    try:
        return _pressed(opened, posted.read(request))
    except (posted.TooMuchSent, DraftGone):
        return see_other(reverse("public:news"))


def may_ask(opened: Opened) -> bool:
    """Tell whether messages are offered: never where whom it is about may work for the police.

    A computer of the police opens the address to send one.
    """
    return bool(nudges.offered()) and not opened.place.for_standards


def _pressed(opened: Opened, given: posted.Posted) -> HttpResponse:
    if given.do == STOP:
        nudges.stop_nudges(opened.place.report_id)
        session.keep(opened, at=now())
        return see_other(reverse("public:news"))
    typed = {
        name: [value[:_LONGEST_KEPT] for value in given.values.get(name, ())] for name in _FIELDS
    }
    try:
        nudges.ask_for_nudges(
            report_id=opened.place.report_id,
            channel=given.first("channel"),
            address=given.first("address"),
            own_text=given.first("own_text"),
            days=given.values.get("days", ()),
            parts=given.values.get("parts", ()),
            at=now(),
        )
    except NotForNudges as error:
        problem = {error.field: str(error.sentence)}
        session.keep(opened, news={"typed": typed, "problem": problem}, at=now())
    else:
        session.keep(opened, at=now())
    return see_other(reverse("public:news"))


def _page(request: HttpRequest, opened: Opened) -> HttpResponse:
    kept = opened.news
    form = _form(kept.get("typed"), kept.get("problem", {}))
    context = {
        "force": settings.FORCE,
        "form": form,
        "asked": nudges.has_nudges(opened.place.report_id),
        "days": rules.load("nudges").tables["sending"]["least_days"],
        "idle_minutes": drafts.idle_minutes(),
    }
    session.used(opened, at=now())
    return session.that_closes(render(request, "public/returning/news.html", context))


class NewsForm(forms.Form):
    """Where, when, and in which words."""

    def __init__(self, typed: Mapping[str, Sequence[str]] | None) -> None:
        data = None if typed is None else MultiValueDict({k: list(v) for k, v in typed.items()})
        super().__init__(data=data, auto_id="%s")
        ways = {"text": gettext("A text message"), "email": gettext("An email")}
        self.fields["channel"] = forms.ChoiceField(
            label=gettext("How?"),
            choices=[(key, words) for key, words in ways.items() if key in nudges.offered()],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["address"] = forms.CharField(
            label=gettext("The number or the address"), required=False
        )
        self.fields["parts"] = _several(gettext("When is it safe?"), "parts_of_day")
        self.fields["days"] = _several(gettext("Days, if not every day"), "days")
        self.fields["own_text"] = forms.CharField(
            label=gettext("Words of your own, if you like"),
            help_text=gettext("One line, no link. Nothing that could make anyone ask."),
            required=False,
        )


def _several(label: str, table: str) -> forms.MultipleChoiceField:
    rows = PLACES.tables[table]["options"]
    choices = [(row["key"], in_words.words(row["label"])) for row in rows]
    made = forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    hints = {row["key"]: in_words.words(row["hint"]) for row in rows if row.get("hint")}
    made.choice_hints = hints  # type: ignore[attr-defined]  # drawn beside each
    return made


def _form(typed: Mapping[str, Sequence[str]] | None, problems: Mapping[str, str]) -> NewsForm:
    form = NewsForm(typed)
    for name, sentence in problems.items():
        form.add_error("parts" if name == "times" else name, in_words.words(sentence))
    return form
