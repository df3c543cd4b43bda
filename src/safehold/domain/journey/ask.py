"""An application under Clare's Law, ready to be sealed into its envelopes.

Pure: answers and the time in, plain values out.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.ask_questions import ASK
from safehold.domain.journey.harm import child_present, danger_prompts
from safehold.domain.journey.made import SAFEGUARDING, MadeReport, NotWhole, answered, said_of_party
from safehold.domain.journey.walk import cleared, reachable, still_needed
from safehold.domain.triage_slip import Said, TriageSlip

KIND = "dvds"
ROUTES = {"self": "ask", "someone": "ask", "professional": "know"}


def ask_report(answers: Answers, *, at: datetime, zone: tzinfo) -> MadeReport:
    """Build an application of answers sent at an aware moment.

    A name, a way to be reached and the name of the person asked about are needed: without one of
    them it raises NotWhole. The account goes no finer in time than the hour in which it was sent.
    It says of the person asked about that he must not receive any of it.
    """
    kept = cleared(ASK, answers)
    if missing := still_needed(ASK, kept):
        raise NotWhole(f"The application needs {missing[0].key}.")
    hour = at.replace(minute=0, second=0, microsecond=0)
    slip = TriageSlip(
        kind=KIND,
        danger=danger_prompts(kept, ASK),
        child_present=child_present(kept),
        party_is_police=said_of_party(kept),
        wants_reply=Said.YES,
    )
    account = {
        "kind": KIND,
        "journey": {"key": ASK.key, "version": ASK.version},
        "sent_in_hour": hour.isoformat(),
        "route": route_of(kept),
        "must_not_receive": [{"who": "subject", "name": kept.one("subject", "name")}],
        "roles": _roles(kept),
        "answers": [answered(question, kept) for question in reachable(ASK, kept)],
    }
    return MadeReport(slip.as_mapping(), account)


def route_of(answers: Answers) -> str:
    """Give `ask` for Right to Ask, `know` for what a professional starts: Right to Know."""
    return ROUTES.get(answers.one("who_asks", "who"), "ask")


def _roles(answers: Answers) -> list[dict[str, str]]:
    listed = [{"role": "suspect"}, {"role": "reporter"}]
    present = answers.one("children", "answer")
    if present in {"yes", "not_sure"}:
        listed.append({"role": "child", "child": present, "prompt": SAFEGUARDING})
    return listed
