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
    APPLICATION_OPENED = "application opened"
    APPLICATION_IDENTITY = "application: identity checked"
    APPLICATION_ABUSER = "application: who may abuse checked"
    APPLICATION_DECIDED = "application decided"
    APPLICATION_TOLD = "application told in person"
    CONTACT_KEPT = "safe contact kept as told"
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
    REPORT_SET_ASIDE = "report set aside"
    SET_ASIDE_CONFIRMED = "setting aside confirmed"
    REPORT_ACCEPTED = "report accepted"
    CRIME_DECIDED = "crime decided"
    FEEDBACK_OPENED = "feedback opened"
    FEEDBACK_READ = "feedback read"
    FEEDBACK_MADE_A_REPORT = "feedback made a report"
    FEEDBACK_FORGOTTEN = "feedback forgotten"
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
    STORES_BACKED_UP = "stores backed up"
    STORES_RESTORED = "stores restored"
    MEMBER_CREATED = "member created"
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


# What follows the actor's name.
SENTENCES = {
    Action.LOOKED: "looked at {subject}",
    Action.SLIP_OPENED: "opened the triage slip of {subject}",
    Action.ACCOUNT_OPENED: "opened the account of {subject}",
    Action.IDENTITY_OPENED: "opened the hidden name of {subject}",
    Action.IDENTITY_SEALED: "could not open the hidden name of {subject}",
    Action.IDENTITY_REVIEWED: "looked at whether the hidden name of {subject} was rightly opened",
    Action.APPLICATION_OPENED: "opened {subject} under Clare’s Law",
    Action.APPLICATION_IDENTITY: "recorded how an identity was checked for {subject}",
    Action.APPLICATION_ABUSER: "recorded who may be the one who abuses, for {subject}",
    Action.APPLICATION_DECIDED: "decided about {subject}",
    Action.APPLICATION_TOLD: "recorded that {subject} was told in person",
    Action.CONTACT_KEPT: "kept {subject} as it was told",
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
    Action.REPORT_SET_ASIDE: "set {subject} aside",
    Action.SET_ASIDE_CONFIRMED: "confirmed that {subject} stays set aside",
    Action.REPORT_ACCEPTED: "accepted {subject} as an incident",
    Action.CRIME_DECIDED: "decided whether {subject} is a crime",
    Action.FEEDBACK_OPENED: "opened {subject}",
    Action.FEEDBACK_READ: "noted what changes because of {subject}",
    Action.FEEDBACK_MADE_A_REPORT: "made {subject} a report",
    Action.FEEDBACK_FORGOTTEN: "deleted {subject} whose time was over",
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
    Action.STORES_BACKED_UP: "backed up {subject}",
    Action.STORES_RESTORED: "restored {subject}",
    Action.MEMBER_CREATED: "took in {subject}",
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
}


def known(action: str) -> Action:
    """Return the act of a stored word. Raises UnknownAction."""
    try:
        return Action(action)
    except ValueError as error:
        raise UnknownAction(f"The audit knows no act called {action!r}.") from error
