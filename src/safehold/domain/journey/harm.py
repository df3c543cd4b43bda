"""A report of what was done to somebody, ready to be sealed into its envelopes.

Pure: answers and the time in, plain values out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.made import (
    SAFEGUARDING,
    MadeReport,
    NotWhole,
    answered,
    cell_of,
    said_of_party,
)
from safehold.domain.journey.reporter_questions import (
    IDENTITY_KEYS,
    OTHERS,
    REACHABLE,
    RULES,
    WITH_A_NAME,
)
from safehold.domain.journey.signs import prompts
from safehold.domain.journey.specification import Journey
from safehold.domain.journey.times import when_it_was
from safehold.domain.journey.walk import cleared, reachable, still_needed
from safehold.domain.journey.whereabouts import whereabouts
from safehold.domain.triage_slip import Cause, DangerPrompt, Said, TriageSlip

AN_HOUR = timedelta(hours=1)
KINDS: tuple[str, ...] = tuple(RULES.tables["kinds"]["order"])
UNSURE = "unsure"
_PROMPTS: tuple[Mapping[str, str], ...] = tuple(RULES.tables["danger"]["prompts"])


def harm_report(answers: Answers, *, at: datetime, zone: tzinfo) -> MadeReport:
    """Build a report of answers sent at an aware moment; `zone` is where the force is.

    Every question may be skipped; one that a choice of hers makes necessary raises NotWhole. Times
    in the account go no finer than the hour in which it was sent. Who she is and how to reach her
    is in the account where she gave her name, and in an envelope of its own where she wants it
    hidden.
    """
    kept = cleared(HARM, answers)
    if missing := still_needed(HARM, kept):
        raise NotWhole(f"The report needs {missing[0].key}.")
    place = whereabouts(kept)
    hour = at.replace(minute=0, second=0, microsecond=0)
    slip = TriageSlip(
        kind=kind_of(kept),
        danger=danger_prompts(kept),
        cell=cell_of(place),
        child_present=child_present(kept),
        party_is_police=said_of_party(kept),
        wants_reply=_wants_reply(kept),
    )
    hidden = kept.one("identity", "how") == "hidden"
    journey = {"key": HARM.key, "version": HARM.version}
    account = {
        "kind": kind_of(kept),
        "journey": journey,
        "sent_in_hour": hour.isoformat(),
        "place": place.to_plain(),
        "when": when_it_was(kept, at=hour + AN_HOUR, zone=zone).to_plain(),
        "roles": roles(kept),
        "answers": [
            answered(each, kept)
            for each in reachable(HARM, kept)
            if not (hidden and each.key in IDENTITY_KEYS)
        ],
    }
    return MadeReport(slip.as_mapping(), account, _identity(kept) if hidden else None)


def kind_of(answers: Answers) -> str:
    """Give the one kind that a report is sorted by, of all that were chosen."""
    chosen = answers.chosen("about", "about")
    return next((kind for kind in KINDS if kind in chosen), UNSURE)


def danger_prompts(answers: Answers, journey: Journey = HARM) -> tuple[DangerPrompt, ...]:
    """Give the prompts of what was answered and written, each once, in the order of the rules."""
    return prompts(_PROMPTS, journey, answers)


def releases_name(answers: Answers) -> tuple[Cause, ...]:
    """Say why those who answer will see a hidden name, as its slip will; empty where they do not.

    Answers to questions that are no longer put count for nothing, as when they are sent.
    """
    kept = cleared(HARM, answers)
    slip = TriageSlip(
        kind=kind_of(kept),
        danger=danger_prompts(kept),
        child_present=child_present(kept),
        party_is_police=said_of_party(kept),
    )
    return slip.releases_name


def child_present(answers: Answers) -> Said:
    """Say whether a child is in it: who tells, whom it was done to, or one who saw it.

    One yes is enough. Otherwise what was asked and not answered stays not said.
    """
    asked = [
        answers.one(question, "answer")
        for question in ("young", "young_other", "children")
        if answers.has(question)
    ]
    hurt = "child_hurt" in answers.chosen("risk", "risk")
    if "yes" in asked or hurt or answers.one("you_age", "answer") == "under_18":
        return Said.YES
    if "not_sure" in asked:
        return Said.NOT_SURE
    if not asked:
        return Said.NOT_ASKED
    return Said.NO if set(asked) == {"no"} else Said.NOT_SAID


def roles(answers: Answers) -> list[dict[str, str]]:
    """List the parts that people have in what was told, nobody by name.

    A child has a role with a prompt, whether or not anybody was sure.
    """
    who_for = answers.one("who_for", "who")
    victim = {"role": "victim", **_if_child(answers, others=who_for in OTHERS)}
    listed = [victim, {"role": "suspect"}]
    if who_for in OTHERS:
        listed.append({"role": "witness" if who_for == "witness" else "reporter"})
    present = answers.one("children", "answer")
    hurt = "child_hurt" in answers.chosen("risk", "risk")
    if present in {"yes", "not_sure"} or hurt:
        sure = "yes" if present == "yes" or hurt else "not_sure"
        listed.append({"role": "child", "child": sure, "prompt": SAFEGUARDING})
    return listed


def _if_child(answers: Answers, *, others: bool) -> dict[str, str]:
    young = answers.one("young_other" if others else "young", "answer")
    if young not in {"yes", "not_sure"}:
        return {}
    return {"child": young, "prompt": SAFEGUARDING}


def _identity(answers: Answers) -> dict[str, Any]:
    # What she allows a support service to be told is of use to whoever can see who she is.
    apart = {*IDENTITY_KEYS, "share"}
    asked = [each for each in reachable(HARM, answers) if each.key in apart]
    return {
        "kind": "identity",
        "journey": {"key": HARM.key, "version": HARM.version},
        "answers": [answered(each, answers) for each in asked],
    }


def _wants_reply(answers: Answers) -> Said:
    # Without a name nobody can be reached, and the page has said so.
    if answers.one("identity", "how") not in WITH_A_NAME:
        return Said.NO
    method = answers.one("contact", "method")
    if method in REACHABLE:
        return Said.YES
    return Said.NO if method else Said.NOT_SAID
