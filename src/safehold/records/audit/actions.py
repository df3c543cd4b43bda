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

# What follows the actor's name.
SENTENCES = {
    Action.LOOKED: "looked at {subject}",
    Action.SLIP_OPENED: "opened the triage slip of {subject}",
    Action.ACCOUNT_OPENED: "opened the account of {subject}",
    Action.IDENTITY_OPENED: "opened the hidden name of {subject}",
    Action.IDENTITY_SEALED: "could not open the hidden name of {subject}",
    Action.IDENTITY_REVIEWED: "looked at whether the hidden name of {subject} was rightly opened",
    Action.NAME_ASKED_FOR: "asked a keeper for the hidden name of {subject}",
    Action.NAME_NOT_ASKED_FOR: "needs the hidden name of {subject} no longer",
    Action.NAME_PASSED_ON: "passed the hidden name of {subject} on to whoever asked",
    Action.NAME_REFUSED: "refused to pass the hidden name of {subject} on",
    Action.APPLICATION_OPENED: "opened {subject} under Clare’s Law",
    Action.APPLICATION_IDENTITY: "recorded how an identity was checked for {subject}",
    Action.APPLICATION_ABUSER: "recorded who may be the one who abuses, for {subject}",
    Action.APPLICATION_DECIDED: "decided about {subject}",
    Action.APPLICATION_TOLD: "recorded that {subject} was told in person",
    Action.CONTACT_KEPT: "kept {subject} as it was told",
    Action.CONTACT_RELEASED: "kept {subject} for the unit, as the name is released",
    Action.CONTACT_OPENED: "opened who and where for {subject}",
    Action.CONTACT_SEALED: "could not open {subject}",
    Action.CONTACT_CORRECTED: "corrected {subject}",
    Action.CONTACT_DUE_SET: "set a time for {subject}",
    Action.CONTACT_DUE_ENDED: "recorded how a time ended for {subject}",
    Action.CONTACT_OVERRIDDEN: "decided on another way than that of {subject}",
    Action.CONTACT_OVERRIDE_REVIEWED: "looked at whether another way was right for {subject}",
    Action.FILE_OPENED: "opened a file of {subject}",
    Action.FILE_EXAMINED: "kept what was found out of a file of {subject}",
    Action.FILE_DAMAGED: "could not put a file of {subject} together",
    Action.FILE_VIRUS_FOUND: "had a virus found in a file of {subject}",
    Action.FILE_MARKED: "marked a file of {subject} as intimate",
    Action.FILE_TAKEN_OUT: "took a file of {subject} out",
    Action.CONVERSATION_OPENED: "opened the messages of {subject}",
    Action.STATUS_SAID: "told the holder of the code where {subject} stands",
    Action.MESSAGE_WRITTEN: "wrote to the holder of the code of {subject}",
    Action.PROOF_CHECKED: "checked a proof of {subject}",
    Action.CALL_BEGUN: "began to type a report for somebody, {subject}",
    Action.NUDGE_SENT: "sent a nudge to whoever sent {subject}",
    Action.SLIP_SEALED: "could not open the triage slip of {subject}",
    Action.ACCOUNT_SEALED: "could not open the account of {subject}",
    Action.REPORT_TAKEN: "took {subject}",
    Action.REPORT_PASSED: "passed {subject} on",
    Action.READER_RECUSED: "was kept from {subject}",
    Action.LINKED_ADDED: "put {subject} on the register",
    Action.LINKED_ENDED: "took {subject} off the register",
    Action.COLLEAGUES_LISTED: "took in a list of colleagues’ names, {subject}",
    Action.PERSON_KEPT_LIFTED: "found that somebody is another person of that name, {subject}",
    Action.ATTEMPTS_SETTLED: "noted what came of attempts, {subject}",
    Action.PERSON_PASSED: "passed {subject} on",
    Action.INCIDENT_PASSED: "passed {subject} on",
    Action.CASE_PASSED: "passed {subject} on",
    Action.HOME_MARKED: "kept a mark of where {subject} lives",
    Action.LOOKS_REVIEWED: "noted what came of unusual looks by {subject}",
    Action.REPORT_SET_ASIDE: "set {subject} aside",
    Action.REPORT_HANDED_ON: "handed {subject} on",
    Action.REPORT_ENDED: "ended the work on {subject}",
    Action.REPORT_BEGUN_AGAIN: "began the work on {subject} again",
    Action.WATCH_TAKEN: "took {subject}",
    Action.REACH_KEPT: "changed where {subject} is told of alarms",
    Action.ALARM_SENT: "alarmed the watch about {subject}",
    Action.SET_ASIDE_CONFIRMED: "confirmed that {subject} stays set aside",
    Action.REPORT_ACCEPTED: "accepted {subject} as an incident",
    Action.PILE_BEGUN: "found a flood and began {subject}",
    Action.PILE_SET_ASIDE: "set aside all of {subject}",
    Action.PILE_CONFIRMED: "confirmed that all of {subject} stays set aside",
    Action.PILE_PUT_BACK: "put all of {subject} back into the list",
    Action.PILE_ENDED: "ended the work on reports of {subject}",
    Action.REPORTS_COMPARED: "decided whether {subject} and another tell of the same",
    Action.REPORT_JOINED: "took {subject} into an incident that is there",
    Action.CRIME_DECIDED: "decided whether {subject} is a crime",
    Action.FEEDBACK_OPENED: "opened {subject}",
    Action.FEEDBACK_READ: "noted what changes because of {subject}",
    Action.FEEDBACK_MADE_A_REPORT: "made {subject} a report",
    Action.FEEDBACK_FORGOTTEN: "deleted {subject} whose time was over",
    Action.KEPT_LONGER: "decided to keep {subject} longer",
    Action.HOLD_SET: "put {subject} on hold",
    Action.HOLD_LIFTED: "lifted a hold on {subject}",
    Action.DESTRUCTION_PROPOSED: "proposed that {subject} is destroyed",
    Action.DESTRUCTION_CONFIRMED: "confirmed that {subject} is destroyed",
    Action.DESTRUCTION_CALLED_OFF: "called off that {subject} is destroyed",
    Action.DESTRUCTION_BEGUN: "began to destroy {subject}",
    Action.REPORT_DESTROYED: "destroyed {subject} for good",
    Action.CALLS_FORGOTTEN: "deleted who typed reports for callers long ago{subject}",
    Action.DATA_IMPORTED: "imported {subject}",
    Action.PAGE_PUBLISHED: "published {subject}",
    Action.PAGE_WITHDRAWN: "took {subject} off the public site",
    Action.PAGE_TRANSLATED: "wrote {subject} in another language",
    Action.TRANSLATION_APPROVED: "noted that a speaker has read {subject} in another language",
    Action.TRANSLATION_WITHDRAWN: "took {subject} in another language off the public site",
    Action.PLACE_SORT_DECIDED: "decided what sort of place {subject} is",
    Action.PLACE_ANSWERED: "wrote down what was done about {subject}",
    Action.PLACES_PUBLISHED: "published what was said about places, {subject}",
    Action.PLACES_CORRECTED: "took part of {subject} about places back",
    Action.ANSWER_PUBLISHED: "published {subject} about a place",
    Action.ANSWER_WITHDRAWN: "took {subject} about a place off the public site",
    Action.SERVICE_ADDED: "added {subject} to the register",
    Action.SERVICE_CHANGED: "changed {subject} in the register",
    Action.SERVICE_VERIFIED: "asked {subject} again: all of it is right",
    Action.SERVICE_WITHDRAWN: "took {subject} off the public page",
    Action.SERVICE_RESTORED: "put {subject} back on the public page",
    Action.AGENCY_ADDED: "added {subject} to the partner agencies",
    Action.AGENCY_CHANGED: "changed what is kept of {subject}",
    Action.AGENCY_ENDED: "ended working with {subject}",
    Action.AGENCY_KEY_ENTERED: "entered a key of {subject}",
    Action.AGENCY_KEY_CONFIRMED: "confirmed a key of {subject} with them",
    Action.AGENCY_KEY_ENDED: "ended a key of {subject}",
    Action.LISTED: "put somebody on the must-not-receive list of {subject}",
    Action.LIST_OPENED: "opened who is on the must-not-receive list of {subject}",
    Action.UNLISTED: "took somebody off the must-not-receive list of {subject}",
    Action.SHARE_ASKED: "asked a supervisor to agree to {subject}",
    Action.SHARE_AGREED: "agreed to {subject}",
    Action.SHARE_NOT_AGREED: "did not agree to {subject}",
    Action.SHARE_STOPPED: "was stopped by the must-not-receive list of {subject}",
    Action.SHARE_MADE: "made the file of {subject} for a partner",
    Action.SHARE_FETCHED: "fetched the file of {subject}",
    Action.SHARE_NOTED: "noted what became of {subject}",
    Action.SHARE_REVIEWED: "looked at whether {subject} was right",
    Action.SHARE_FILE_DESTROYED: "destroyed the file of {subject}, whose time was over",
    Action.PEOPLE_SOUGHT: "searched among {subject}",
    Action.PEOPLE_FOUND: "was shown what a search among {subject} gave",
    Action.PERSON_RECORDED: "recorded {subject}",
    Action.FACT_RECORDED: "recorded something of {subject}",
    Action.FACT_ENDED: "ended something that was recorded of {subject}",
    Action.INCIDENT_RECORDED: "recorded {subject}",
    Action.ROLE_TIED: "tied a part in an incident to {subject}",
    Action.ROLE_UNTIED: "tied a part in an incident to {subject} no longer",
    Action.PART_ADDED: "added a part to {subject}",
    Action.OUTCOME_GIVEN: "gave an outcome to {subject}",
    Action.READER_NAMED: "named a member who may open {subject}",
    Action.PERSONS_MERGED: "put two persons together as {subject}",
    Action.PERSONS_PARTED: "took the putting together of {subject} back",
    Action.PERSONS_KEPT_APART: "found that {subject} is not another person",
    Action.FACT_MOVED: "moved something that was recorded of another person to {subject}",
    Action.ROLE_MOVED: "moved a part in an incident from another person to {subject}",
    Action.CASE_PRINTED: "made a working print of {subject}",
    Action.EXPORT_ASKED: "asked for all of a case to leave, {subject}",
    Action.EXPORT_AGREED: "agreed that all of a case leaves, {subject}",
    Action.EXPORT_NOT_AGREED: "did not agree that all of a case leaves, {subject}",
    Action.EXPORT_STOPPED: "was stopped by a must-not-receive list from sending out {subject}",
    Action.EXPORT_MADE: "made the file of {subject}, with all of a case",
    Action.EXPORT_FETCHED: "fetched the file of {subject}",
    Action.EXPORT_LOOKED_AT: "looked at whether {subject} was right",
    Action.EXPORT_FILE_DESTROYED: "destroyed the file of {subject}, whose time was over",
    Action.CASE_OPENED: "began work on {subject}",
    Action.CASE_CHANGED: "changed who works on {subject}, or on what",
    Action.GLASS_BROKEN: "opened in an emergency what is not shown of {subject}",
    Action.GLASS_REVIEWED: "looked at whether an emergency opening was right, of {subject}",
    Action.CASE_CLOSED: "closed {subject}",
    Action.CASE_REOPENED: "began work on {subject} again",
    Action.SOURCE_SEARCHED: "recorded what was searched for {subject}",
    Action.IMPORT_BEGUN: "began {subject} from the records system",
    Action.RECORDS_IMPORTED: "finished {subject} from the records system",
    Action.CONTACT_WRITTEN: "wrote {subject} down",
    Action.ASSESSMENT_STARTED: "began {subject}",
    Action.ASSESSMENT_ANSWERED: "wrote down answers in {subject}",
    Action.ASSESSMENT_SUBMITTED: "submitted {subject}",
    Action.RISK_GRADED: "graded {subject}",
    Action.DOWNGRADE_DECIDED: "decided whether a lower grade of {subject} holds",
    Action.DEADLINE_STARTED: "started {subject}",
    Action.DEADLINE_CHANGED: "changed {subject}",
    Action.DEADLINE_STOPPED: "stopped {subject}",
    Action.DEADLINE_ESCALATED: "told somebody else of {subject}",
    Action.SAFETY_PLAN_WRITTEN: "wrote a version of a safety plan in {subject}",
    Action.SAFETY_PLAN_PRINTED: "printed a safety plan of {subject}",
    Action.SAFETY_COPY_NOTED: "noted how a copy of a safety plan was given in {subject}",
    Action.SAFETY_ACTION_STARTED: "started an action for safety in {subject}",
    Action.SAFETY_ACTION_CLOSED: "closed an action for safety in {subject}",
    Action.REFERRAL_MADE: "referred somebody in {subject}",
    Action.REFERRAL_ANSWERED: "wrote down what came of a referral in {subject}",
    Action.MARKER_SET: "marked an address of {subject}",
    Action.MARKER_REVIEWED: "looked at a marker on an address of {subject} again",
    Action.MARKER_ENDED: "ended a marker on an address of {subject}",
    Action.CHILD_NOTED: "wrote down what is known of a child of {subject}",
    Action.STORES_BACKED_UP: "backed up {subject}",
    Action.STORES_RESTORED: "restored {subject}",
    Action.MEMBER_CREATED: "took in {subject}",
    Action.MEMBER_MOVED: "gave {subject} another role, team or agency",
    Action.MEMBER_LEFT: "ended the sign-in of {subject}, who left",
    Action.FACTOR_ENROLLED: "gave {subject} a second factor",
    Action.FACTOR_SET_UP: "set up a second factor for {subject}",
    Action.FACTOR_REMOVED: "removed the second factor of {subject}",
    Action.FACTOR_FAILED: "recorded a wrong code for {subject}",
    Action.SIGNED_IN: "signed in as {subject}",
    Action.SIGNED_OUT: "signed out as {subject}",
    Action.SIGN_IN_FAILED: "recorded a failed sign-in for {subject}",
    Action.ACCESS_REFUSED: "was refused {subject}",
    Action.CHAIN_VERIFIED: "found every row of {subject} as it was written",
    Action.CHAIN_BROKEN: "found a row of {subject} that does not hold",
    Action.HEADS_WANTING: "found no recent head to hold {subject} against",
    Action.GUARD_MISSING: "found that rows of {subject} could be changed",
    Action.REPORT_REPLACED: "found other envelopes under {subject} than those that arrived",
    Action.KEY_MADE: "made {subject}",
    Action.KEY_RETIRED: "retired {subject}: nothing more is sealed to it",
    Action.KEY_DESTROYED: "destroyed the private half of {subject}",
    Action.KEY_LISTED: "listed {subject}, made elsewhere, to be sealed to",
    Action.KEY_COPIED: "copied the private half of {subject} out, under a passphrase",
    Action.KEY_BROUGHT: "brought the private half of {subject} in",
    Action.KEY_KEPT_ELSEWHERE: "noted that the private half of {subject} is kept elsewhere",
    Action.KEY_GIVEN_UP: "gave the private half of {subject} up as lost",
    Action.KEYS_CHECKED: "checked that {subject} open what is stored",
    Action.KEYS_WANTING: "found that {subject} do not open everything",
    Action.REPORT_GONE: "found {subject} gone, and nothing that says that it was destroyed",
}


def known(action: str) -> Action:
    """Return the act of a stored word. Raises UnknownAction."""
    try:
        return Action(action)
    except ValueError as error:
        raise UnknownAction(f"The audit knows no act called {action!r}.") from error
