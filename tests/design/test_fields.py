"""A bound field becomes the component that its widget asks for, and nothing typed is lost."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

from django import forms
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from safehold.design.fields import DayWidget, Fields


def _fields() -> Fields:
    env = engines["jinja2"].env
    return Fields(env.globals["govuk"])


class _Found(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.boxes: list[str] = []
        self._in_box = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "textarea":
            self._in_box = True
            self.boxes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_box = self._in_box and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if self._in_box:
            self.boxes[-1] += data
        self.words.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def _read(html: str) -> _Found:
    found = _Found()
    found.feed(html)
    found.close()
    return found


class Asked(forms.Form):
    """One field of each kind."""

    kind = forms.ChoiceField(
        choices=[("a", "Dark"), ("b", "Empty"), ("no", "Rather not say")],
        widget=forms.RadioSelect,
        label="What made it unsafe?",
        help_text="Choose one.",
    )
    changed = forms.MultipleChoiceField(
        choices=[("w", "Way"), ("t", "Time")], widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(widget=forms.Textarea, required=False)
    line = forms.CharField(max_length=5, required=False)
    on = forms.Field(widget=DayWidget)
    agreed = forms.BooleanField(label="I have read it")
    one_of = forms.ChoiceField(choices=[("x", "X"), ("y", "Y")])
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_on(self) -> date:
        try:
            return date(*(int(part) for part in reversed(self.cleaned_data["on"])))
        except ValueError:
            raise forms.ValidationError("That is not a date we know.") from None


GOOD = {
    "kind": "b",
    "changed": ["t"],
    "words": "two\nlines",
    "line": "abc",
    "on_day": "29",
    "on_month": "2",
    "on_year": "2024",
    "agreed": "on",
    "one_of": "y",
    "password": "never shown again",
}


def _draw(name: str, data: dict[str, Any] | None = None, **options: Any) -> _Found:
    return _read(_fields().field(Asked(data)[name], **options))


def test_radios_carry_choice_hint_and_legend() -> None:
    found = _draw("kind", GOOD, heading=True)

    checked = [box["value"] for box in found.all("input") if "checked" in box]
    assert checked == ["b"]
    assert "What made it unsafe?" in found.words
    assert "Choose one." in found.words
    assert found.all("h1")
    assert found.all("fieldset")[0]["aria-describedby"] == "id_kind-hint"


def test_a_list_may_have_hints_and_a_divider() -> None:
    form = Asked()
    form.fields["kind"].choice_hints = {"a": "Lamps broken"}  # type: ignore[attr-defined]  # as forms set it
    form.fields["kind"].divider_before = "no"  # type: ignore[attr-defined]  # as forms set it

    found = _read(_fields().field(form["kind"]))

    assert "Lamps broken" in found.words
    assert found.words.index("or") < found.words.index("Rather not say")


def test_checkboxes_select_day_and_single_box_show_what_was_chosen() -> None:
    boxes = _draw("changed", GOOD).all("input")
    assert [box["value"] for box in boxes if "checked" in box] == ["t"]
    assert [o["value"] for o in _draw("one_of", GOOD).all("option") if "selected" in o] == ["y"]
    assert [box["value"] for box in _draw("on", GOOD).all("input")] == ["29", "2", "2024"]
    assert "checked" in _draw("agreed", GOOD).all("input")[0]
    assert "checked" not in _draw("agreed").all("input")[0]


def test_a_password_is_never_sent_back() -> None:
    assert not _draw("password", GOOD).all("input")[0].get("value")
    assert _draw("password", GOOD).all("input")[0]["type"] == "password"


def test_a_hidden_field_is_left_to_django() -> None:
    assert _draw("hidden", GOOD).all("input")[0]["type"] == "hidden"


def test_nothing_stays_in_a_form_history_or_goes_to_a_spelling_service() -> None:
    for name, tag in (("words", "textarea"), ("line", "input")):
        control = _draw(name).all(tag)[0]
        assert control["autocomplete"] == "off"
        assert control["spellcheck"] == "false"
        assert "maxlength" not in control


def test_a_form_may_allow_autocomplete() -> None:
    form = Asked()
    form.fields["line"].widget.attrs["autocomplete"] = "username"

    assert _read(_fields().field(form["line"])).all("input")[0]["autocomplete"] == "username"


# A browser drops one newline at the start of a text area, as HTML says; html.parser does not.
@given(words=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=80))
def test_whatever_was_written_comes_back_as_it_was(words: str) -> None:
    drawn = _draw("words", {**GOOD, "words": words}).boxes[0]
    assert (drawn[1:] if drawn.startswith("\n") else drawn) == words

    (line,) = _draw("line", {**GOOD, "line": words.replace("\n", "")}).all("input")
    assert (line.get("value") or "") == words.replace("\n", "")


def test_the_summary_links_each_problem_to_the_first_box_of_its_field() -> None:
    form = Asked({"on_day": "31", "on_month": "2", "on_year": "2026", "line": "too long"})
    form.add_error(None, "These do not fit together.")

    summary = _read(_fields().error_summary(form))
    ids = {
        attrs.get("id")
        for name in form.fields
        for _, attrs in _read(_fields().field(form[name])).tags
    }

    targets = [str(link["href"]).removeprefix("#") for link in summary.all("a")]
    assert targets == ["id_kind", "id_changed", "id_line", "id_on-day", "id_agreed", "id_one_of"]
    assert set(targets) <= ids
    assert "These do not fit together." in summary.words


def test_a_form_without_problems_has_no_summary() -> None:
    assert _fields().error_summary(Asked(), Asked(GOOD)) == Markup("")


def test_an_error_stands_beside_its_field_and_is_read_with_it() -> None:
    found = _draw("on", {"on_day": "31", "on_month": "2", "on_year": "2026"})

    assert "id_on-error" in str(found.all("fieldset")[0]["aria-describedby"])
    assert all("govuk-input--error" in str(box["class"]) for box in found.all("input"))
