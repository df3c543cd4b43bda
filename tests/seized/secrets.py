"""What is looked for in every loot: the words of somebody, or a fact that follows from rows.

To add a row: say here how it is read and how it is known, have `people.py` make it, and run the
tests once with WRITE_THREAT_TABLE=1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from safehold.crypto import at_rest
from safehold.crypto.envelopes import recipient_ids
from safehold.domain import names
from safehold.records.intake.names import MARK_BYTES, mark
from tests.seized.acts import PURPOSE
from tests.seized.loot import identifier
from tests.seized.people import HERS, OFFICER, OURS, Told
from tests.seized.prying import Found
from tests.seized.table import Can

LOGIN_NAME = OFFICER.lower().replace(" ", ".")


@dataclass(frozen=True)
class Case:
    """One attacker's find, and what is true."""

    found: Found
    told: Told

    def id_of(self, name: str) -> str:
        """Return the id of a report as texts have it; one that nobody has where there is none."""
        found = self.told.ids.get(name)
        return found.hex if found else "no such report"

    @property
    def reference(self) -> str:
        """Return what a holder of the code calls her report."""
        return self.told.references.get("after", "no such report")


Test = Callable[[Case], bool]


@dataclass(frozen=True)
class Secret:
    """One row of the table."""

    name: str
    reads: Test
    knows: Test = field(default=lambda case: False)

    def of(self, case: Case) -> Can:
        """Say what an attacker can do with it."""
        if self.reads(case):
            return Can.READ
        return Can.KNOW if self.knows(case) else Can.NOTHING


def words(*needles: str) -> Test:
    """Read where one content holds all of these."""
    return lambda case: case.found.reads(needles)


def either(*tests: Test) -> Test:
    """Hold where one of these holds."""
    return lambda case: any(test(case) for test in tests)


def rows(*tables: str) -> Test:
    """Hold where one of these tables is held and not empty."""
    return lambda case: any(case.found.rows(table) for table in tables)


def shown(word: str) -> Test:
    """Hold where a page that is held says this."""
    return lambda case: case.found.said(word)


def about(report: str, *alternatives: str) -> Test:
    """Hold where a row, or what opened from it, says one of these of a report."""
    return lambda case: any(case.found.reads((case.id_of(report), each)) for each in alternatives)


def slips(key: str, value: str) -> Test:
    """Hold where a slip that can be read says this."""
    return lambda case: any(slip.get(key) == value for slip in case.found.slips())


def compared(case: Case) -> bool:
    """Tell whether a name that is guessed can be tried: against the marks, or on a list."""
    guess = HERS["compared"]
    forms = names.forms_in([guess])
    for row in case.found.rows("intake_namemarks"):
        held, key = bytes(row["marks"]), bytes(row["key"])
        marks = {held[at : at + MARK_BYTES] for at in range(0, len(held), MARK_BYTES)}
        if marks & {mark(form, key=key) for form in forms}:
            return True
    return case.found.reads((guess,))


def hides(case: Case) -> bool:
    """Tell whether it shows that somebody hid a name."""
    sealed = any(row["identity"] is not None for row in case.found.rows("intake_sealedreport"))
    return sealed or rows("contact_profile", "triage_identityopening")(case)


def sent_in_that_hour(case: Case) -> bool:
    """Tell whether a row says in which hour a report arrived."""
    return about("colleague", f"{case.told.sent_at:%Y-%m-%d %H:00:00}")(case)


def sent_in_that_minute(case: Case) -> bool:
    """Tell whether a row about a report that nobody opened has the time at which it came."""
    near = {case.told.sent_at + timedelta(seconds=10 * step) for step in range(-6, 7)}
    minutes = "|".join(sorted({f"{each:%Y-%m-%d[ T]%H:%M}" for each in near}))
    moment = re.compile(rf"(?:{minutes}):(?!00\b(?!\.))\d\d")
    of = case.id_of("colleague")
    return any(of in text and moment.search(text) for text in case.found.texts())


def alarmed_at(case: Case) -> bool:
    """Tell whether an alarm that is open has the time at which its report came."""
    of = case.told.ids.get("alarmed")
    return any(
        identifier(row["report_id"]) == of and _is_exact(row["raised_at"])
        for row in case.found.rows("duty_alarm")
    )


def sent_between_two_acts(case: Case) -> bool:
    """Tell whether the order of the audit puts an arrival between two acts that have their time."""
    events = sorted(case.found.rows("audit_auditevent"), key=lambda row: int(row["sequence"]))
    (at,) = [
        place
        for place, row in enumerate(events)
        if identifier_in(str(row["subject_id"])) == case.told.ids.get("colleague")
        and row["action"] == "slip opened"
    ] or [0]
    before = [_moment(row["at"]) for row in events[:at] if _is_exact(row["at"])]
    after = [_moment(row["at"]) for row in events[at + 1 :] if _is_exact(row["at"])]
    if not at or not before or not after:
        return False
    return after[0] - before[-1] < timedelta(minutes=10)


def _moment(value: object) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read.replace(tzinfo=None)


def _is_exact(value: object) -> bool:
    moment = _moment(value)
    return bool(moment.minute or moment.second or moment.microsecond)


def identifier_in(text: str) -> UUID | None:
    """Read an id of a report; None where a row is about something else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def about_a_colleague(case: Case) -> bool:
    """Tell whether it shows which reports are for professional standards.

    The keys of an envelope stand before it: one that is sealed to others than its neighbours.
    """
    if about("colleague", "party_is_police=yes", '"party_is_police": "yes"')(case):
        return True
    accounts = {
        identifier(row["id"]): recipient_ids(bytes(row["account"]))
        for row in case.found.rows("intake_sealedreport")
    }
    of = case.told.ids
    return bool(accounts) and accounts[of["colleague"]] != accounts[of["place"]]


def second_factor(case: Case) -> bool:
    """Tell whether an officer's authenticator can be copied."""
    held = {text.strip() for text in case.found.open.texts if 40 < len(text.strip()) < 120}
    wanted = case.told.authenticator
    for row in case.found.rows("mfa_authenticator"):
        for locked in re.findall(r"[\w-]{60,}=*", str(row["data"])):
            for secret in held:
                try:
                    read = at_rest.unlock_text(locked, secret=secret, purpose="second-factor")
                except at_rest.SecretUnreadable:
                    continue
                if read == wanted:
                    return True
    return False


def her_times(case: Case) -> bool:
    """Tell whether it shows on which days and at which hours she may be reached."""
    profiles = {
        identifier(row["id"])
        for row in case.found.rows("contact_profile")
        if identifier(row["report_id"]) == case.told.ids.get("before")
    }
    return any(
        identifier(row["profile_id"]) in profiles and "1080, 1320" in str(row["week"])
        for row in case.found.rows("contact_version")
    )


def her_file(case: Case) -> bool:
    """Tell whether the picture can be looked at, as she sent it or as it was cleaned."""
    told = case.told
    return any(each and case.found.reads_bytes(each) for each in (told.picture, told.clean))


def her_code(case: Case) -> bool:
    """Tell whether the code that she took lies anywhere."""
    return bool(case.told.code) and case.found.reads((case.told.code,))


def the_visit(case: Case) -> bool:
    """Tell whether the device says that our site was visited."""
    return bool(case.told.site) and case.found.reads((case.told.site,))


A_REPORT = either(
    rows("intake_sealedreport", "triage_slip"), lambda case: shown(case.reference)(case)
)
NAMED = either(slips("wants_reply", "yes"), rows("contact_profile"))
FILES = rows("intake_sentpart", "exhibit")
OURS_SAID = rows("intake_said", "conversation_key")
HERS_SAID = either(rows("intake_said", "conversation_read"), shown(", from you</strong>"))
SECRETS = (
    Secret("That our site was visited", the_visit),
    Secret("That a report was sent", A_REPORT),
    Secret("In which hour", sent_in_that_hour),
    Secret("In which minute", sent_in_that_minute, sent_between_two_acts),
    Secret("In which minute, while it alarms", alarmed_at),
    Secret("Of what kind it is", about("place", "kind=place", '"kind": "place"')),
    Secret("That it is about a colleague", about_a_colleague),
    Secret("What she told, before the key was rotated", words(HERS["before"]), A_REPORT),
    Secret("What she told, afterwards", words(HERS["after"]), A_REPORT),
    Secret("What she told about a colleague", words(HERS["colleague"]), about_a_colleague),
    Secret(
        "What she told, before it was destroyed",
        words(HERS["destroyed"]),
        either(rows("intake_tombstone"), rows("retention_certificate")),
    ),
    Secret("A file that was passed to a partner", words(HERS["shared"], PURPOSE), rows("share")),
    Secret("The place, of an accepted report", words(HERS["place"]), slips("kind", "place")),
    Secret("Her name, given", words(HERS["named"]), NAMED),
    Secret("Her number, given with her name", words(HERS["number"]), NAMED),
    Secret("When she may be reached", either(her_times, about("before", "Wednesday")), NAMED),
    Secret("Her name, hidden", words(HERS["hidden"]), hides),
    Secret("Her name, hidden and released", words(HERS["released"]), hides),
    Secret("Her name, hidden and passed on", words(HERS["passed on"]), hides),
    Secret("Which hidden names are released", about("released", "weapon", HERS["released"])),
    Secret("Her number, hidden", words(HERS["hidden number"]), hides),
    Secret("Her file", her_file, FILES),
    Secret("The name of her file", words(HERS["file name"]), FILES),
    Secret("What the unit wrote to her", words(OURS), OURS_SAID),
    Secret("What she wrote back", words(HERS["wrote"]), HERS_SAID),
    Secret(
        "Her code",
        her_code,
        rows("intake_returnplace", "conversation_key"),
    ),
    Secret("Where nudges go", words(HERS["nudge"]), rows("intake_nudge", "nudge_due")),
    Secret("A form that she did not finish", words(HERS["unfinished"]), rows("intake_draft")),
    Secret("A form that she saved", words(HERS["saved"]), rows("intake_saveddraft")),
    Secret(
        "Feedback", words(HERS["feedback"]), either(slips("kind", "feedback"), rows("feedback"))
    ),
    Secret("Who asked under Clare’s Law", words(HERS["asks"]), slips("kind", "dvds")),
    Secret("About whom they asked", words(HERS["asked about"]), slips("kind", "dvds")),
    Secret("Whether a name that is guessed is compared", compared),
    Secret("The officer’s name", words(OFFICER)),
    Secret("Who looked at which report", about("after", LOGIN_NAME)),
    Secret("An officer’s authenticator", second_factor, rows("mfa_authenticator")),
)
