"""What someone says about this site, ready to be sealed: the slip and the account, as a report has.

Pure: what was written and the time in, plain values out. The words are searched here, once, before
anything is sealed; after that no program reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from safehold import rules
from safehold.domain import danger_words
from safehold.domain.journey.specification import Field, Kind, Option, Question
from safehold.domain.own_paths import page_of
from safehold.domain.triage_slip import Said, TriageSlip

KIND: Final = "feedback"
RULES: Final = rules.load("feedback")
KEPT: Final = timedelta(days=RULES.tables["kept"]["days"])
DANGER: Final = danger_words.parse(RULES.tables["danger"])
POLICE: Final[tuple[str, ...]] = tuple(RULES.tables["police"]["phrases"])
DOING, WRONG, EASE = "doing", "wrong", "ease"
_LIMITS = RULES.tables["limits"]
FIELDS: Final = (
    Field(DOING, Kind.LINE, "What were you trying to do?", limit=_LIMITS[DOING]),
    Field(WRONG, Kind.TEXT, "What went wrong, or could be better?", limit=_LIMITS[WRONG]),
    Field(
        EASE,
        Kind.ONE,
        "How easy was it?",
        options=tuple(Option(each["key"], each["label"]) for each in RULES.tables["ease"]),
    ),
)
QUESTION: Final = Question(
    key=KIND,
    heading="Feedback about this site",
    fields=FIELDS,
    needs=(WRONG,),
    missing="Write what went wrong, or what could be better. The other boxes can stay empty.",
)


class NothingSaid(ValueError):
    """Feedback without the one thing that it needs."""

    def __init__(self) -> None:
        super().__init__("Feedback needs words.")


@dataclass(frozen=True, slots=True)
class Feedback:
    """The two envelopes' contents, as plain values. There is no identity: none is asked for."""

    slip: dict[str, Any]
    account: dict[str, Any]


def feedback(entry: Mapping[str, Any], *, came_from: str, at: datetime) -> Feedback:
    """Build feedback of what was written, sent at an aware moment. Raises NothingSaid.

    `came_from` is a path of ours, or empty. It goes into the account alone: that a question was
    put at all can tell what was answered before it.
    """
    if not entry.get(WRONG):
        raise NothingSaid
    written = "\n".join(str(entry.get(name, "")) for name in (DOING, WRONG))
    slip = TriageSlip(
        kind=KIND,
        danger=danger_words.prompts_in(written, DANGER),
        party_is_police=(Said.YES if danger_words.contains(written, POLICE) else Said.NOT_ASKED),
        wants_reply=Said.NO,
    )
    page = page_of(came_from)
    account = {
        "kind": KIND,
        "journey": {"key": KIND, "version": RULES.version},
        "sent_in_hour": at.replace(minute=0, second=0, microsecond=0).isoformat(),
        "answers": [
            *(_answered(field, str(entry.get(field.name, ""))) for field in FIELDS),
            {"key": "page", "question": "Page they came from", "said": [page] if page else []},
        ],
    }
    return Feedback(slip.as_mapping(), account)


def _answered(field: Field, value: str) -> dict[str, Any]:
    said = field.label_of(value).split("\n") if value else []
    return {"key": field.name, "question": field.label, "said": said}
