"""What is shown to be copied, where a page does not draw the form that was sent."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from safehold.design.unsaved import mark_as_drawn, not_drawn, words_of


class Asks(forms.Form):
    """A form with every kind of box that holds words, and some that hold none."""

    reason = forms.CharField(label="Why?", widget=forms.Textarea)
    until = forms.DateField(label="Until")
    mail = forms.EmailField(label="Mail", required=False)
    right = forms.ChoiceField(choices=[("yes", "Yes")], widget=forms.RadioSelect)
    seen = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(widget=forms.PasswordInput)
    code = forms.CharField()
    public = forms.CharField()


SENT = dict.fromkeys(Asks.base_fields, "yes") | {"reason": " He waited ", "mail": ""}


def test_what_was_typed_is_given_and_neither_choices_nor_secrets() -> None:
    lines = [(line.label, line.text) for line in not_drawn(Asks(SENT))]
    assert lines == [("Why?", " He waited "), ("Until", "yes")]


def test_a_box_that_is_drawn_is_not_shown_again_on_that_form_alone() -> None:
    form = Asks(SENT)
    mark_as_drawn(form["reason"])
    assert [line.label for line in not_drawn(form)] == ["Until"]
    assert [line.label for line in not_drawn(Asks(SENT))] == ["Why?", "Until"]


def test_a_form_that_nobody_sent_has_nothing() -> None:
    assert not_drawn(Asks(initial={"reason": "He waited"})) == []
    assert not_drawn(None) == []


def test_of_an_unknown_form_words_are_told_from_what_was_chosen() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"id": "6f2c", "right": "yes", "why": "He waited there", "7-how": "In the hall"})
    sent.update({"password": "a b c", "x-code": "1 2 3", "public": "AGE KEY", "empty": "  "})
    assert [line.text for line in words_of(sent)] == ["He waited there", "In the hall"]
