"""The boxes with which somebody narrows the list of services; every one may stay empty."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext

from safehold.domain.services import Wanted, words
from safehold.public.report.posted import Posted
from safehold.public.support import where
from safehold.public.support.choice import MOST_TYPED, Choice, only_known
from safehold.public.support.where import Where

CLEAR: Final = "clear"


class FinderForm(forms.Form):
    """What it is about, where, who she is as far as she says, a language, and whether now."""

    def __init__(self, choice: Choice) -> None:
        wanted = choice.wanted
        shown = {
            "harm": wanted.harm,
            "where": choice.where,
            "needs": sorted(wanted.needs),
            "language": wanted.language,
            "open_now": "on" if wanted.open_now else "",
        }
        super().__init__(data=shown, auto_id="%s")
        self.fields["harm"] = _one(gettext("What it is about"), "harms", gettext("Anything"))
        if where.can_look_up():
            self.fields["where"] = forms.CharField(
                required=False,
                label=gettext("Where you are"),
                help_text=gettext(
                    "A town, or the first half of a postcode. Once we know it, only its district "
                    "is kept; until then, what you typed. Leaving drops both."
                ),
            )
        self.fields["needs"] = forms.MultipleChoiceField(
            required=False,
            label=gettext("Does any of this matter to you?"),
            help_text=gettext("You can leave this empty."),
            widget=forms.CheckboxSelectMultiple(),
            choices=[(key, gettext(label)) for key, label in words("needs").items()],
        )
        self.fields["language"] = _one(
            gettext("Language"), "languages", gettext("English, or any language")
        )
        self.fields["open_now"] = forms.BooleanField(
            required=False, label=gettext("Only who answers now")
        )
        if choice.problem and "where" in self.fields:
            self.add_error("where", where.sentence(choice.problem))


def read(posted: Posted, kept: Choice) -> Choice:
    """Read what was sent. Nothing in it can fail but the place, which is then kept as typed.

    A place that was left as the page showed it stays what it was: it may be several districts.
    """
    typed = posted.first("where").strip()[:MOST_TYPED]
    if typed and typed == kept.where and not kept.problem:
        place = Where(kept.wanted.districts)
    else:
        place = where.look_up(typed) if where.can_look_up() else Where()
    wanted = Wanted(
        harm=posted.first("harm"),
        needs=frozenset(posted.values.get("needs", ())),
        districts=place.districts,
        language=posted.first("language"),
        open_now=bool(posted.first("open_now")),
    )
    return Choice(
        wanted=only_known(wanted),
        typed=typed if place.problem else "",
        problem=place.problem,
    )


def _one(label: str, table: str, anything: str) -> forms.ChoiceField:
    offered = [(key, gettext(said)) for key, said in words(table).items()]
    return forms.ChoiceField(required=False, label=label, choices=[("", anything), *offered])
