"""Every act that the audit knows, with the words that show it.

A room that records something new adds a line to each of the two lists: what is not listed cannot
be recorded, and a stored row that is not listed is a loud error rather than a blank line.
"""

from __future__ import annotations

from enum import StrEnum


class UnknownAction(ValueError):
    """An act that this version does not know; the row may come from a newer one."""


class Action(StrEnum):
    """An act, as the word that is stored."""

    LOOKED = "looked"
    SLIP_OPENED = "slip opened"
    ACCOUNT_OPENED = "account opened"
    IDENTITY_OPENED = "hidden name opened"
    IDENTITY_SEALED = "hidden name sealed"
    IDENTITY_REVIEWED = "opening of a hidden name reviewed"
    NAME_ASKED_FOR = "hidden name asked for"
    NAME_NOT_ASKED_FOR = "hidden name no longer asked for"
    NAME_PASSED_ON = "hidden name passed on"
    NAME_REFUSED = "hidden name refused"
    APPLICATION_OPENED = "application opened"
    APPLICATION_IDENTITY = "application: identity checked"
    APPLICATION_ABUSER = "application: who may abuse checked"
    APPLICATION_DECIDED = "application decided"
    APPLICATION_TOLD = "application told in person"
    CONTACT_KEPT = "safe contact kept as told"
    CONTACT_RELEASED = "safe contact released"
    CONTACT_OPENED = "safe contact opened"
    CONTACT_SEALED = "safe contact sealed"
    CONTACT_CORRECTED = "safe contact corrected"
    CONTACT_DUE_SET = "contact due"
    CONTACT_DUE_ENDED = "contact no longer due"
    CONTACT_OVERRIDDEN = "safe contact overridden"
    CONTACT_OVERRIDE_REVIEWED = "override of safe contact reviewed"
    FILE_OPENED = "file opened"
    FILE_EXAMINED = "file examined"
    FILE_DAMAGED = "file damaged"
    FILE_VIRUS_FOUND = "virus found in a file"
    FILE_MARKED = "file marked as intimate"
    FILE_TAKEN_OUT = "file taken out"
    CONVERSATION_OPENED = "messages opened"
    STATUS_SAID = "status said"
    MESSAGE_WRITTEN = "message written"
    PROOF_CHECKED = "proof checked"
    CALL_BEGUN = "call begun"
    NUDGE_SENT = "nudge sent"
    SLIP_SEALED = "slip sealed"
    ACCOUNT_SEALED = "account sealed"
    REPORT_TAKEN = "report taken"
    REPORT_PASSED = "report passed on"
    READER_RECUSED = "report kept from a reader"
    LINKED_ADDED = "linked party added"
    LINKED_ENDED = "linked party ended"
    COLLEAGUES_LISTED = "colleagues listed"
    PERSON_KEPT_LIFTED = "keeping from a person lifted"
    ATTEMPTS_SETTLED = "attempts settled"
    PERSON_PASSED = "person passed on"
    INCIDENT_PASSED = "incident passed on"
    CASE_PASSED = "case passed on"
    HOME_MARKED = "home address marked"
    LOOKS_REVIEWED = "unusual looks reviewed"
    REPORT_SET_ASIDE = "report set aside"
    REPORT_HANDED_ON = "report handed on"
    REPORT_ENDED = "work on a report ended"
    REPORT_BEGUN_AGAIN = "work on a report begun again"
    WATCH_TAKEN = "watch taken"
    REACH_KEPT = "reach for alarms kept"
    ALARM_SENT = "alarm sent"
    SET_ASIDE_CONFIRMED = "setting aside confirmed"
    REPORT_ACCEPTED = "report accepted"
    PILE_BEGUN = "pile begun"
    PILE_SET_ASIDE = "pile set aside"
    PILE_CONFIRMED = "setting aside of a pile confirmed"
    PILE_PUT_BACK = "pile put back"
    PILE_ENDED = "work on a pile ended"
    REPORTS_COMPARED = "reports compared"
    REPORT_JOINED = "report taken into an incident"
    CRIME_DECIDED = "crime decided"
    FEEDBACK_OPENED = "feedback opened"
    FEEDBACK_READ = "feedback read"
    FEEDBACK_MADE_A_REPORT = "feedback made a report"
    FEEDBACK_FORGOTTEN = "feedback forgotten"
    KEPT_LONGER = "kept longer"
    HOLD_SET = "hold set"
    HOLD_LIFTED = "hold lifted"
    DESTRUCTION_PROPOSED = "destruction proposed"
    DESTRUCTION_CONFIRMED = "destruction confirmed"
    DESTRUCTION_CALLED_OFF = "destruction called off"
    DESTRUCTION_BEGUN = "destruction begun"
    REPORT_DESTROYED = "report destroyed"
    CALLS_FORGOTTEN = "calls forgotten"
    DATA_IMPORTED = "data imported"
    PAGE_PUBLISHED = "page published"
    PAGE_WITHDRAWN = "page withdrawn"
    PAGE_TRANSLATED = "page translated"
    TRANSLATION_APPROVED = "translation approved"
    TRANSLATION_WITHDRAWN = "translation withdrawn"
    PLACE_SORT_DECIDED = "sort of place decided"
    PLACE_ANSWERED = "place answered"
    PLACES_PUBLISHED = "places published"
    PLACES_CORRECTED = "places corrected"
    ANSWER_PUBLISHED = "answer published"
    ANSWER_WITHDRAWN = "answer withdrawn"
    SERVICE_ADDED = "service added"
    SERVICE_CHANGED = "service changed"
    SERVICE_VERIFIED = "service asked again"
    SERVICE_WITHDRAWN = "service withdrawn"
    SERVICE_RESTORED = "service put back"
    AGENCY_ADDED = "agency added"
    AGENCY_CHANGED = "agency changed"
    AGENCY_ENDED = "agency ended"
    AGENCY_KEY_ENTERED = "key of an agency entered"
    AGENCY_KEY_CONFIRMED = "key of an agency confirmed"
    AGENCY_KEY_ENDED = "key of an agency ended"
    LISTED = "put on the must-not-receive list"
    LIST_OPENED = "must-not-receive list opened"
    UNLISTED = "taken off the must-not-receive list"
    SHARE_ASKED = "share asked for"
    SHARE_AGREED = "share agreed"
    SHARE_NOT_AGREED = "share not agreed"
    SHARE_STOPPED = "share stopped by the list"
    SHARE_MADE = "share made"
    SHARE_FETCHED = "share fetched"
    SHARE_NOTED = "share noted"
    SHARE_REVIEWED = "share reviewed"
    SHARE_FILE_DESTROYED = "file of a share destroyed"
    PEOPLE_SOUGHT = "people sought"
    PEOPLE_FOUND = "people found"
    PERSON_RECORDED = "person recorded"
    FACT_RECORDED = "fact of a person recorded"
    FACT_ENDED = "fact of a person ended"
    INCIDENT_RECORDED = "incident recorded"
    ROLE_TIED = "part tied to a person"
    ROLE_UNTIED = "part tied to a person no longer"
    PART_ADDED = "part added to an incident"
    OUTCOME_GIVEN = "outcome given"
    READER_NAMED = "reader of an address named"
    PERSONS_MERGED = "persons merged"
    PERSONS_PARTED = "merge of persons taken back"
    PERSONS_KEPT_APART = "persons kept apart"
    FACT_MOVED = "fact moved to another person"
    ROLE_MOVED = "part moved to another person"
    CASE_PRINTED = "working print of a case"
    EXPORT_ASKED = "export of a case asked for"
    EXPORT_AGREED = "export of a case agreed"
    EXPORT_NOT_AGREED = "export of a case not agreed"
    EXPORT_STOPPED = "export of a case stopped by the list"
    EXPORT_MADE = "export of a case made"
    EXPORT_FETCHED = "export of a case fetched"
    EXPORT_LOOKED_AT = "export of a case looked at afterwards"
    EXPORT_FILE_DESTROYED = "file of an export destroyed"
    CASE_OPENED = "case opened"
    CASE_CHANGED = "case changed"
    GLASS_BROKEN = "opened in an emergency"
    GLASS_REVIEWED = "emergency opening reviewed"
    CASE_CLOSED = "case closed"
    CASE_REOPENED = "case opened again"
    SOURCE_SEARCHED = "source searched"
    IMPORT_BEGUN = "import begun"
    RECORDS_IMPORTED = "records imported"
    CONTACT_WRITTEN = "safe contact written down"
    ASSESSMENT_STARTED = "assessment started"
    ASSESSMENT_ANSWERED = "assessment answered"
    ASSESSMENT_SUBMITTED = "assessment submitted"
    RISK_GRADED = "risk graded"
    DOWNGRADE_DECIDED = "lower grade decided"
    DEADLINE_STARTED = "deadline started"
    DEADLINE_CHANGED = "deadline changed"
    DEADLINE_STOPPED = "deadline stopped"
    DEADLINE_ESCALATED = "deadline escalated"
    SAFETY_PLAN_WRITTEN = "safety plan written"
    SAFETY_PLAN_PRINTED = "safety plan printed"
    SAFETY_COPY_NOTED = "copy of a safety plan noted"
    SAFETY_ACTION_STARTED = "action for safety started"
    SAFETY_ACTION_CLOSED = "action for safety closed"
    REFERRAL_MADE = "referral made"
    REFERRAL_ANSWERED = "referral answered"
    MARKER_SET = "address marked"
    MARKER_REVIEWED = "marker on an address reviewed"
    MARKER_ENDED = "marker on an address ended"
    CHILD_NOTED = "child noted"
    STORES_BACKED_UP = "stores backed up"
    STORES_RESTORED = "stores restored"
    MEMBER_CREATED = "member created"
    MEMBER_MOVED = "member moved"
    MEMBER_LEFT = "member left"
    FACTOR_ENROLLED = "second factor enrolled"
    FACTOR_SET_UP = "second factor set up"
    FACTOR_REMOVED = "second factor removed"
    FACTOR_FAILED = "second factor failed"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SIGN_IN_FAILED = "sign-in failed"
    ACCESS_REFUSED = "access refused"
    CHAIN_VERIFIED = "chain verified"
    CHAIN_BROKEN = "chain broken"
    HEADS_WANTING = "heads wanting"
    GUARD_MISSING = "guard missing"
    REPORT_REPLACED = "report replaced"
    KEY_MADE = "key made"
    KEY_RETIRED = "key retired"
    KEY_DESTROYED = "key destroyed"
    KEY_LISTED = "public key listed"
    KEY_COPIED = "key copied out"
    KEY_BROUGHT = "key brought in"
    KEY_KEPT_ELSEWHERE = "key kept elsewhere"
    KEY_GIVEN_UP = "key given up"
    KEYS_CHECKED = "keys checked"
    KEYS_WANTING = "keys wanting"
    REPORT_GONE = "report gone"


# What somebody looked at, opened, or tried to open, and changed nothing by it.
LOOKS = frozenset(
    {
        Action.LOOKED,
        Action.SLIP_OPENED,
        Action.ACCOUNT_OPENED,
        Action.ACCOUNT_SEALED,
        Action.IDENTITY_OPENED,
        Action.IDENTITY_SEALED,
        Action.CONTACT_OPENED,
        Action.CONTACT_SEALED,
        Action.CONTACT_KEPT,  # an opening keeps it, and comes with its moment
        Action.CONTACT_RELEASED,
        Action.READER_RECUSED,
        Action.FILE_OPENED,
        Action.FILE_EXAMINED,
        Action.FILE_DAMAGED,
        Action.CONVERSATION_OPENED,
        Action.FEEDBACK_OPENED,
        Action.LIST_OPENED,
        Action.PEOPLE_SOUGHT,
        Action.PEOPLE_FOUND,
        Action.REPORTS_COMPARED,
        Action.ACCESS_REFUSED,
    }
)


def known(action: str) -> Action:
    """Return the act of a stored word. Raises UnknownAction."""
    try:
        return Action(action)
    except ValueError as error:
        raise UnknownAction(f"The audit knows no act called {action!r}.") from error
