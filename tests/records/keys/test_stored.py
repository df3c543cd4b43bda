"""What is stored says to which keys it is sealed, and whether anybody has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, models

from safehold.crypto import key_files
from safehold.crypto.envelopes import recipient_ids
from safehold.crypto.key_custody import note_elsewhere
from safehold.crypto.key_lives import destroy_key, retire_key, rotate_key
from safehold.crypto.recipients import Purpose, load_recipients
from safehold.domain.access import Role
from safehold.domain.key_reach import needed
from safehold.protection.troubles import notices
from safehold.records.audit.models import AuditEvent
from safehold.records.intake import operations as intake
from safehold.records.intake.models import SealedReport
from safehold.records.keys import checks, operations, queries, stored
from tests.desk import AT, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
SAFE = {"kind": "place", "danger": []}
COLLEAGUE = {**SAFE, "party_is_police": "yes"}
# Ciphertexts under other keys than those of recipients.json, and no ciphertexts.
NOT_ENVELOPES = {
    "intake.NameMarks.key",
    "intake.NameMarks.marks",
    "shares.Share.file",
    "exports.CaseExport.file",
    "exhibits.CleanedPart.content",
    "gazetteer.Boundary.outline",
    "snapshots.Snapshot.html",
    "snapshots.Snapshot.brotli",
    "snapshots.Snapshot.gzip",
    "intake.Draft.server_half",
    "intake.Draft.content",
    "intake.SavedDraft.content",
    "intake.Upload.content",
    "intake.UploadPart.content",
    "intake.SentPart.content",
    "intake.ReturnPlace.public_key",
    "intake.ReturnPlace.content",
    "intake.StartCode.content",
    "intake.Said.for_her",
}


def send(slip: dict[str, Any] | None = None, *, identity: bool = False) -> str:
    ticket = intake.start_draft(journey="place", at=AT)
    name = {"name": "Orla Winterbourne"} if identity else None
    sent = intake.submit(
        ticket=ticket, slip=slip or SAFE, account={"words": "x"}, identity=name, at=AT
    )
    return sent.reference


def the(purpose: Purpose, folder: Path) -> Any:
    (key,) = load_recipients(folder).for_purpose(purpose)
    return key


def found(folder: Path) -> checks.Findings:
    return checks.check(folder, stored.count_stored())


def test_every_column_of_ciphertext_is_counted_or_known_to_be_none() -> None:
    ours = [each for each in apps.get_models() if each.__module__.startswith("safehold.")]
    columns = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField)
    }
    counted = {
        f"{each.model._meta.app_label}.{each.model.__name__}.{each.column}"
        for each in stored.SOURCES
    }
    assert columns == counted | NOT_ENVELOPES


def test_each_envelope_is_counted_under_its_keys(keys: Path) -> None:
    send(identity=True)
    send(COLLEAGUE)
    key_files.add_key(keys, purpose=Purpose.ACCOUNT, at=AT)
    send()

    counts = stored.count_stored().counts
    first, second = load_recipients(keys).for_purpose(Purpose.ACCOUNT)
    triage, identity = the(Purpose.TRIAGE, keys), the(Purpose.IDENTITY, keys)
    assert counts == {
        frozenset({triage.key_id}): 3,
        frozenset({first.key_id}): 1,
        frozenset({identity.key_id}): 1,
        frozenset({the(Purpose.RELEASE, keys).key_id}): 1,
        frozenset({the(Purpose.STANDARDS, keys).key_id}): 1,
        frozenset({first.key_id, second.key_id}): 1,
    }
    assert needed(first.key_id, counts) == 2


def test_an_envelope_to_more_keys_than_its_start_holds_is_read_whole(keys: Path) -> None:
    for _ in range(11):
        key_files.add_key(keys, purpose=Purpose.ACCOUNT, at=AT)
    send()
    everyone = frozenset(key.key_id for key in load_recipients(keys).for_purpose(Purpose.ACCOUNT))
    assert len(everyone) == 12
    assert stored.count_stored().counts[everyone] == 1


def test_what_is_sent_after_a_rotation_is_sealed_to_the_new_key_without_a_restart(
    keys: Path,
) -> None:
    """The public process reads the list for every submission."""
    before = send()
    rotate_key(keys, purpose=Purpose.ACCOUNT, at=AT)
    after = send()
    rows = SealedReport.objects.using("intake")
    ids = [recipient_ids(bytes(rows.get(reference=each).account)) for each in (before, after)]
    assert ids[1] == {the(Purpose.ACCOUNT, keys).key_id}
    assert not ids[0] & ids[1]


def test_all_is_well_where_every_key_is_here(keys: Path) -> None:
    send(COLLEAGUE, identity=True)
    assert found(keys) == checks.Findings((), ())


def test_a_key_that_is_noted_elsewhere_is_no_trouble_and_one_that_is_not_is(keys: Path) -> None:
    reference = send(COLLEAGUE)
    key = the(Purpose.STANDARDS, keys)
    key_files.key_path(keys, key).unlink()

    lost = found(keys)
    assert lost.lost == 1
    assert stored.references_of(lost.reports) == [reference]
    assert lost.troubles[0].startswith("Nobody could open what is sealed next for standards")
    assert lost.troubles[1].startswith("1 stored envelope cannot be opened by any key")

    note_elsewhere(keys, key.key_id, where="professional standards", at=AT)
    noted = found(keys)
    assert noted.troubles == ()
    assert noted.notes == ("1 stored envelope can be opened with keys kept elsewhere alone.",)


def test_what_was_destroyed_on_purpose_is_known_and_no_trouble(keys: Path) -> None:
    send()
    old = the(Purpose.ACCOUNT, keys)
    rotate_key(keys, purpose=Purpose.ACCOUNT, at=AT)
    destroy_key(keys, old, at=AT)
    after = found(keys)
    assert after.troubles == ()
    assert "can never be opened again" in after.notes[0]


def test_a_key_that_signs_and_is_not_here_is_trouble(keys: Path) -> None:
    next(keys.glob("audit-*.key")).unlink()
    assert found(keys).troubles == (
        "No private key for audit that is in use is here, and staff processes need one.",
    )


def test_a_damaged_envelope_is_counted_and_stops_nothing(keys: Path) -> None:
    send()
    row = SealedReport(
        id="00000000-0000-4000-8000-000000000000",
        reference="x",
        received_at=AT,
        slip=b"nothing",
        account=b"",
        submission="x",
    )
    row.save(using="intake")
    said = found(keys).troubles
    assert said == ("1 stored envelope cannot be read at all: damaged.",)


def test_supervisors_see_one_sentence_from_the_night_until_it_is_mended(keys: Path) -> None:
    send()
    supervisor = member(Role.SUPERVISOR)

    def said() -> list[str]:
        return [one.says for one in notices(supervisor, at=AT) if "safehold keys" in one.says]

    operations.check_nightly(at=AT)
    assert said() == []

    path = next(keys.glob("account-*.key"))
    path.rename(keys.parent / "away")
    operations.check_nightly(at=AT + timedelta(days=1))
    assert said() == [
        "1 sealed part of a report cannot be opened by any key that we know of: whoever looks "
        "after the machine runs “safehold keys check”."
    ]
    last = AuditEvent.objects.order_by("-sequence").first()
    assert last is not None
    assert (last.action, last.actor, last.detail["lost"]) == ("keys wanting", "scheduler", 1)

    (keys.parent / "away").rename(path)
    operations.check_nightly(at=AT + timedelta(days=2))
    assert said() == []


def test_keys_that_are_wrong_without_a_lost_report_are_said_too(keys: Path) -> None:
    next(keys.glob("identity-*.key")).chmod(0o644)
    operations.check_nightly(at=AT)
    assert queries.trouble().startswith("The keys that open reports are not in order:")


def test_a_second_key_is_enough_for_what_was_sealed_to_both(keys: Path) -> None:
    old = the(Purpose.ACCOUNT, keys)
    key_files.add_key(keys, purpose=Purpose.ACCOUNT, at=AT)
    send()
    retire_key(keys, old, at=AT)
    destroy_key(keys, old, at=AT)
    assert found(keys) == checks.Findings((), ())


def test_counting_reads_no_more_than_the_starts(keys: Path, django_assert_num_queries) -> None:
    for _ in range(3):
        send(identity=True)
    with django_assert_num_queries(12, connection=connections["intake"]):
        stored.count_stored()
