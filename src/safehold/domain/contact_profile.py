"""A safe-contact profile: how somebody may be reached, as they told it or as it was corrected.

Pure. What stands in clear is what a clock and a caller's first look need; who it is, where, and
what would give them away is sealed apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from safehold import rules
from safehold.domain.safe_contact import NOT_KNOWN, Week, week_of

METHODS = ("call", "text", "email", "post", "person")
UNKNOWN = ""
_SURE = ("yes", "no", "not_sure")
_YES_NO = ("yes", "no")
_OFFICERS = ("woman", "man", "either")
NEEDS: dict[str, str] = {
    option["key"]: option["label"]
    for option in rules.load("harm_reports").tables["needs"]["options"]
}
LONGEST = 2_000  # characters of one sealed detail, as the forms allow

Given = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What may stand in clear: by which way, when, and what not to do. Empty is not known."""

    method: str
    week: Week = NOT_KNOWN
    seen: str = UNKNOWN
    voicemail: str = UNKNOWN
    envelope: str = UNKNOWN
    officer: str = UNKNOWN
    interpreter: str = UNKNOWN
    # Whether the person it was done to may be contacted; not known where somebody told of herself.
    may_contact: str = UNKNOWN
    needs: tuple[str, ...] = ()
    # Whether they also told, in words that are sealed, times when nobody must.
    more_times: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What is sealed: each is words of theirs, or of the officer who wrote them down."""

    name: str = ""
    to: str = ""
    times: str = ""
    seen_by: str = ""
    code: str = ""
    language: str = ""
    other: str = ""
    never: str = ""
    know_first: str = ""
    needs_more: str = ""

    def as_mapping(self) -> dict[str, str]:
        """Return the details as plain values, to be sealed."""
        return asdict(self)

    def corrected(self, changes: Mapping[str, str], *, remove: Collection[str] = ()) -> Details:
        """Return the details with what was written down anew, and without what is to be removed.

        An empty change keeps what stood; what is written anew and removed too stands as written.
        """
        known = {field.name for field in fields(Details)}
        written = {name: text for name, text in changes.items() if name in known and text.strip()}
        kept = replace(self, **{name: "" for name in known if name in remove})
        return replace(kept, **{name: text.strip()[:LONGEST] for name, text in written.items()})


def details_from(content: Mapping[str, Any]) -> Details:
    """Read details tolerantly: what is no text of a known name is passed over."""
    known = {field.name for field in fields(Details)}
    return Details(
        **{
            name: value[:LONGEST]
            for name, value in content.items()
            if name in known and isinstance(value, str)
        }
    )


def told(answers: Given) -> tuple[Terms, Details] | None:
    """Read a profile from the answers of an account, by question and field; None without a way.

    Nothing passes into the terms but keys that this version knows.
    """
    method = _one(answers, "contact", "method", METHODS)
    if not method:
        return None
    terms = Terms(
        method=method,
        week=week_of(_all(answers, "contact_when", "days"), _all(answers, "contact_when", "parts")),
        seen=_one(answers, "contact_seen", "answer", _SURE),
        voicemail=_one(answers, "voicemail", "answer", _YES_NO),
        envelope=_one(answers, "letter", "answer", _YES_NO),
        officer=_one(answers, "officer", "answer", _OFFICERS),
        interpreter=_one(answers, "language", "interpreter", _YES_NO),
        may_contact=_one(answers, "may_contact", "answer", _SURE),
        needs=tuple(key for key in NEEDS if key in _all(answers, "needs", "needs")),
        more_times=bool(_words(answers, "contact_when", "more")),
    )
    details = Details(
        name=_words(answers, "name", "name"),
        to=_words(answers, "contact", "to"),
        times=_words(answers, "contact_when", "more"),
        seen_by=_words(answers, "contact_seen", "more"),
        code=_words(answers, "code", "word"),
        language=_words(answers, "language", "language"),
        other=_words(answers, "if_urgent", "other"),
        never=_words(answers, "if_urgent", "never"),
        know_first=_words(answers, "may_contact", "more"),
        needs_more=_words(answers, "needs", "more"),
    )
    return terms, details


def _all(answers: Given, question: str, field: str) -> Sequence[str]:
    return answers.get(question, {}).get(field, ())


def _one(answers: Given, question: str, field: str, known: Sequence[str]) -> str:
    return next((key for key in _all(answers, question, field) if key in known), UNKNOWN)


def _words(answers: Given, question: str, field: str) -> str:
    return " ".join(_all(answers, question, field))[:LONGEST]
