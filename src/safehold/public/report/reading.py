"""What one posted page adds to the answers: an entry, sentences to mend, or a stay on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.timezone import localdate

from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.checking import check
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Question, holds
from safehold.public.report.posted import Posted

STAY = "stay"
SKIP = "skip"
FINISH = "finish"
SAVE = "save"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `stay` keeps the entry and shows the same page again."""

    entry: Entry = field(default_factory=dict)
    problems: Mapping[str, Sentence] = field(default_factory=dict)
    stay: bool = False


def plainly(question: Question, posted: Posted, answers: Answers) -> Reading:
    """Read a question as its specification says."""
    needed = holds(question.needed, answers)
    if posted.do == SKIP and not needed:
        return Reading()
    checked = check(question, posted.values, today=localdate())
    problems = dict(checked.problems)
    stay = posted.do == STAY
    absent = [name for name in question.needs if name not in {*checked.entry, *problems}]
    if absent and needed and not stay:
        # One sentence says all that is missing: it stands once, at the first of them.
        problems[absent[0]] = Sentence(question.missing)
    return Reading(checked.entry, problems, stay)
