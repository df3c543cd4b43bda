"""Opening an account: the look is on record before it, and who opened it stays known after it."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.marks import marks_of
from safehold.design.words import moment
from safehold.domain import alike, names
from safehold.domain.access import Permission, Refused
from safehold.domain.answering import Waits
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.clocks import operations as clocks
from safehold.records.contacts import operations as contacts
from safehold.records.duty import operations as duty
from safehold.records.intake import queries as intake
from safehold.records.opening_keys import keys_to_open
from safehold.records.staff.models import StaffMember
from safehold.records.triage import envelopes, passing, queries
from safehold.records.triage.accounts import Account, AccountUnreadable, read_account
from safehold.records.triage.models import AccountMark, Ground, IdentityOpening, Opening
from safehold.records.triage.reasons import meaningful


class AccountSealed(Exception):
    """The account could not be opened; the message says why, for the officer."""


class NotReadYet(Exception):
    """Whoever decides has not opened the account; the message says so, for the officer."""


def open_account(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> Account:
    """Record and commit who looks and why, then open the account in memory.

    Nothing of it is stored. Raises ReasonTooThin, Refused, ReportNotFound, or AccountSealed, which
    is recorded too. Refused also where a name in it is met, once the report is passed on.
    """
    stated = meaningful(reason)
    by.must(Permission.OPEN_ACCOUNT)
    must(Permission.OPEN_ACCOUNT, report_id=report_id, by=by)
    must_not_know_the_name(report_id=report_id, by=by)
    account = _looked_into(report_id, stated, by=by, at=at)
    with transaction.atomic():
        Opening.objects.create(slip_id=report_id, member=by, at=at, reason=stated)
        _keep_contact(account, by=by, at=at)
        clocks.stop(
            report_id=report_id, waits=(Waits.READ,), how=Action.ACCOUNT_OPENED, by=by, at=at
        )
        duty.settle(report_id=report_id, owned=False, by=by, at=at)
        _keep_marks(account, by=by)
        _record(Action.ACCOUNT_OPENED, report_id, stated, by=by, at=at)
    return account


def open_to_accept(*, report_id: UUID, by: StaffMember, at: datetime) -> Account:
    """Open once more, in memory, an account that the same member opened before, to accept it.

    Raises as `open_again` does.
    """
    return open_again(report_id=report_id, to="accept it", by=by, at=at)


def open_again(*, report_id: UUID, to: str, by: StaffMember, at: datetime) -> Account:
    """Open once more, in memory, an account that the same member opened before.

    The reason given then is the reason now, and the audit says that it is repeated and `to` do
    what. Raises Refused, ReportNotFound, AccountSealed, or NotReadYet.
    """
    must(Permission.OPEN_ACCOUNT, report_id=report_id, by=by)
    earlier = read_by(report_id=report_id, by=by)
    reason = f"To {to}, read {moment(earlier.at)} with this reason: {earlier.reason}"
    account = _looked_into(report_id, reason, by=by, at=at)
    with transaction.atomic():
        _record(Action.ACCOUNT_OPENED, report_id, reason, by=by, at=at)
    return account


def open_for_a_file(
    *, report_id: UUID, file_id: UUID, reason: str, by: StaffMember, at: datetime
) -> Account:
    """Open an account in memory for the key of one of its files, once the look is on record.

    Raises Refused, ReportNotFound, or AccountSealed, which is recorded too.
    """
    by.must(Permission.OPEN_ACCOUNT)
    must(Permission.OPEN_ACCOUNT, report_id=report_id, by=by)
    must_not_know_the_name(report_id=report_id, by=by)
    return _looked_into(report_id, f"File {str(file_id)[:8]}: {reason}", by=by, at=at)


def count_files(report_id: UUID) -> int:
    """Count the files that came with a report; nothing of them is read."""
    return intake.count_files(report_id)


def must_not_know_the_name(*, report_id: UUID, by: StaffMember) -> None:
    """Raise Refused where the member opened a hidden name as its keeper: others read the rest.

    Whoever opened one that was released or passed on to them works on the report, and reads it.
    """
    as_keeper = IdentityOpening.objects.filter(ground=Ground.KEEPER)
    if as_keeper.filter(slip_id=report_id, member=by).exists():
        raise Refused("You have opened the name, so somebody else reads what was told.")


def read_by(*, report_id: UUID, by: StaffMember) -> Opening:
    """Return the member's last opening of an account. Raises NotReadYet where there is none."""
    opening = queries.last_opening(report_id=report_id, by=by)
    if opening is None:
        raise NotReadYet("You have not opened this account. Open it with a reason first.")
    return opening


def must(permission: Permission, *, report_id: UUID, by: StaffMember) -> None:
    """Raise Refused unless the member may do this with this report, or ReportNotFound."""
    slip = queries.slip(report_id=report_id, by=by)
    by.must(permission, queries.subject_of(slip))


def about(report_id: UUID) -> About:
    """Name a report as the audit does: by a key that says nothing."""
    return About("report", str(report_id))


def opened(
    report_id: UUID, *, party: str, subject: About, by: StaffMember, at: datetime
) -> Account:
    """Open an account in memory for a look that is on record, and compare its names.

    One for professional standards opens with their key alone, which the unit's host need not hold.
    Raises AccountSealed, or Refused where a name is met: then nothing of it may be shown.
    """
    try:
        payload = envelopes.payload(report_id, Kind.ACCOUNT, party=party)
        account = read_account(payload, report_id=report_id)
    except intake.NoSuchReport:
        raise AccountSealed("The report is no longer in the intake store.") from None
    except (CryptoError, AccountUnreadable) as error:
        raise AccountSealed(str(error)) from error
    texts = names.texts_of(json.loads(payload))
    passing.compare(texts, report_id=report_id, party=party, about=subject, by=by, at=at)
    return account


def _looked_into(report_id: UUID, reason: str, *, by: StaffMember, at: datetime) -> Account:
    slip = queries.slip(report_id=report_id, by=by)
    audit.record_look(by=by, reason=reason, subject=about(report_id), at=at)
    try:
        return opened(report_id, party=slip.party_is_police, subject=about(report_id), by=by, at=at)
    except AccountSealed as error:
        with transaction.atomic():
            _record(Action.ACCOUNT_SEALED, report_id, str(error), by=by, at=at)
        raise
    except Refused:
        # It was opened, and shown to nobody: said as of any other, so that nothing can be inferred.
        with transaction.atomic():
            _record(Action.ACCOUNT_OPENED, report_id, reason, by=by, at=at)
        raise


def _keep_contact(account: Account, *, by: StaffMember, at: datetime) -> None:
    # Before the audit row of the opening: a row is the last act of its transaction.
    if account.contact is None:
        return
    terms, details = account.contact
    contacts.keep_told(
        report_id=account.report_id,
        terms=terms,
        details=details,
        police_party=queries.slip(report_id=account.report_id, by=by).police_party,
        by=by,
        at=at,
    )


def _keep_marks(account: Account, *, by: StaffMember) -> None:
    words = alike.plain_words(account.own_words)
    if not words:
        return
    slip = queries.slip(report_id=account.report_id, by=by)
    keys = keys_to_open(Kind.ACCOUNT, for_standards=slip.police_party)
    AccountMark.objects.bulk_create(
        [AccountMark(slip=slip, mark=mark) for mark in marks_of(words, keys=keys)],
        ignore_conflicts=True,
    )


def _record(action: Action, report_id: UUID, reason: str, *, by: StaffMember, at: datetime) -> None:
    audit.append(action=action, by=by, subject=about(report_id), at=at, reason=reason)
