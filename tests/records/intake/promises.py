"""What must be true of the store whatever happened to it: whole reports, once, and their chain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from django.db import transaction

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import open_envelope
from safehold.domain.audit_chain import verify
from safehold.records import chain_rows
from safehold.records.intake.models import CHAIN, IntakeEvent, IntakeHead, SealedReport
from tests.crypto.keyrings import Keyring


def opened(report: SealedReport, keyring: Keyring) -> dict[str, object]:
    """Open every envelope of a report and return its account."""
    subject, keys = str(report.id), keyring.opening
    assert report.identity is not None
    slip = open_envelope(bytes(report.slip), kind=Kind.SLIP, subject=subject, keys=keys)
    identity = open_envelope(bytes(report.identity), kind=Kind.IDENTITY, subject=subject, keys=keys)
    assert json.loads(slip)["kind"] == "harm"
    assert json.loads(identity) == {"name": "Ada"}
    assert report.release is not None
    release = open_envelope(bytes(report.release), kind=Kind.RELEASE, subject=subject, keys=keys)
    assert json.loads(release) in ({}, {"name": "Ada"})
    account = open_envelope(bytes(report.account), kind=Kind.ACCOUNT, subject=subject, keys=keys)
    content: dict[str, object] = json.loads(account)
    return content


@transaction.atomic(using="intake")
def all_is_well(shown: Mapping[str, str], keyring: Keyring) -> None:
    """Check every promise: each report shown is there once and opens, and the chain holds."""
    # A database finishes by itself what was sent to it last: with the head held, nothing more.
    head = IntakeHead.objects.using("intake").select_for_update().get()
    stored = {row.reference: row for row in SealedReport.objects.using("intake").all()}
    marks = {reference: opened(row, keyring)["mark"] for reference, row in stored.items()}
    assert [mark for mark, reference in shown.items() if marks.get(reference) != mark] == []
    assert [mark for mark, times in Counter(marks.values()).items() if times > 1] == []
    found = verify(chain_rows.stored_links(IntakeEvent, using="intake"), chain=CHAIN)
    assert found.broken is None
    assert (found.sequence, found.hash) == (head.sequence, head.hash)
    received = IntakeEvent.objects.using("intake").values_list("report_id", flat=True)
    assert Counter(received) == Counter(str(row.id) for row in stored.values())
