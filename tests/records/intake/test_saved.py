"""What is saved under a code is hers who holds the code, for fourteen days, and nobody else's."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from safehold import rules
from safehold.config import scheduler
from safehold.crypto import codes
from safehold.crypto.codes import Code, new_digits, new_words, read, shown
from safehold.crypto.errors import KeyFileRefused, PayloadTooLarge
from safehold.crypto.padding import LARGEST
from safehold.crypto.recipients import load_recipients
from safehold.records.intake import grants, operations, saved
from safehold.records.intake.models import Draft, IntakeEvent, SavedDraft
from safehold.records.intake.saved import NothingSaved, SavedState
from tests.crypto.keyrings import Keyring

AT = datetime(2026, 11, 22, 21, 17, 42, 5, tzinfo=UTC)
DAYS = timedelta(days=rules.load("drafts").tables["saved"]["days"])
ANSWERS = {"where": "Underpass by the market – “dark”", "what": ["lit", None], "n": 2}

in_a_test = pytest.mark.django_db(databases=["intake"])
committing = pytest.mark.usefixtures("committed_stores")
pytestmark = pytest.mark.database


def save(code: Code, answers: dict[str, Any] = ANSWERS, at: datetime = AT) -> None:
    saved.save_under_code(code=code, journey="place", answers=answers, at=at)


def nothing(code: Code, at: datetime = AT) -> str:
    with pytest.raises(NothingSaved) as refused:
        saved.open_saved(code, at)
    return str(refused.value)


@in_a_test
@pytest.mark.parametrize("new", [new_digits, new_words])
def test_answers_come_back_under_the_code_as_it_was_written_down(new: Any) -> None:
    code = new()
    save(code)
    assert saved.open_saved(read(shown(code).upper()), AT) == SavedState("place", ANSWERS)
    assert saved.open_saved(code, AT) == SavedState("place", ANSWERS), "it stays"


@in_a_test
def test_saving_again_replaces_what_the_code_held() -> None:
    code, other = new_digits(), new_digits()
    save(code)
    save(other)
    save(code, {"where": "Elsewhere"}, AT + timedelta(days=1))
    assert saved.open_saved(code, AT + timedelta(days=1)).answers == {"where": "Elsewhere"}
    assert saved.open_saved(other, AT).answers == ANSWERS
    assert SavedDraft.objects.count() == 2


@in_a_test
def test_the_row_tells_a_day_and_nothing_else(keyring: Keyring) -> None:
    code = Code("1234567812345678")
    save(code)
    row = SavedDraft.objects.get()
    assert {field.name for field in SavedDraft._meta.fields} == {"find", "content", "keep_until"}
    assert row.keep_until == date(2026, 12, 6)
    assert type(row.keep_until) is date
    roots = codes.derive(code, load_recipients(keyring.folder).code_salt)
    assert row.find == hashlib.sha256(bytes.fromhex(roots.find)).hexdigest()
    written = row.find.encode() + bytes(row.content)
    for secret in (
        code.secret.encode(),
        roots.find.encode(),
        bytes.fromhex(roots.find),
        roots.open,
        b"market",
        b"place",
        b"where",
    ):
        assert secret not in written
    assert not IntakeEvent.objects.exists()


@in_a_test
def test_short_and_longer_answers_weigh_the_same() -> None:
    save(new_digits(), {})
    save(new_digits(), {"where": "x" * 3_000})
    assert len({len(row.content) for row in SavedDraft.objects.all()}) == 1


@in_a_test
def test_unknown_expired_forgotten_and_damaged_look_the_same() -> None:
    kept, expired, forgotten, damaged, emptied = (new_digits() for _ in range(5))
    for code in (kept, expired, forgotten, emptied):
        save(code)
    before = set(SavedDraft.objects.values_list("find", flat=True))
    save(damaged)
    rows = SavedDraft.objects.exclude(find__in=before)
    content = bytearray(rows.get().content)
    content[-1] ^= 1
    rows.update(content=bytes(content))
    saved.forget_saved(forgotten, AT)
    before = set(SavedDraft.objects.values_list("find", flat=True))
    saved.forget_saved(emptied, AT)
    (place,) = before - set(SavedDraft.objects.values_list("find", flat=True))
    SavedDraft.objects.create(find=place, content=b"", keep_until=AT.date())
    messages = {
        nothing(new_digits()),
        nothing(new_words()),
        nothing(expired, AT + DAYS + timedelta(days=1)),
        nothing(forgotten),
        nothing(damaged),
        nothing(emptied),
    }
    assert len(messages) == 1
    assert saved.open_saved(kept, AT).answers == ANSWERS


@in_a_test
def test_content_moved_under_another_code_does_not_open() -> None:
    code, other = new_digits(), new_digits()
    save(code)
    first = SavedDraft.objects.get()
    save(other, {"where": "Elsewhere"})
    SavedDraft.objects.exclude(find=first.find).update(content=bytes(first.content))
    nothing(other)
    assert saved.open_saved(code, AT).answers == ANSWERS


@in_a_test
def test_the_last_day_counts_whole_by_the_clock_on_the_wall() -> None:
    code = new_digits()
    summer = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)  # one minute to midnight here
    assert saved.kept_until(summer) == date(2026, 7, 1) + DAYS
    assert saved.kept_until(summer + timedelta(minutes=1)) == date(2026, 7, 2) + DAYS
    save(code, at=summer)
    saved.open_saved(code, summer + DAYS)
    assert saved.forget_expired(summer + DAYS) == 0
    nothing(code, summer + DAYS + timedelta(minutes=1))
    assert saved.forget_expired(summer + DAYS + timedelta(minutes=1)) == 1


@in_a_test
def test_opening_does_not_keep_it_longer_and_saving_does() -> None:
    code = new_digits()
    save(code)
    until = SavedDraft.objects.get().keep_until
    saved.open_saved(code, AT + timedelta(days=3))
    assert SavedDraft.objects.get().keep_until == until
    save(code, at=AT + timedelta(days=3))
    assert SavedDraft.objects.get().keep_until == until + timedelta(days=3)


@in_a_test
def test_what_expired_is_destroyed_and_the_rest_stays() -> None:
    old, young = new_digits(), new_digits()
    save(old)
    save(young, at=AT + timedelta(days=1))
    assert saved.forget_expired(AT + DAYS) == 0
    assert saved.forget_expired(AT + DAYS + timedelta(days=1)) == 1
    nothing(old)
    assert saved.open_saved(young, AT + timedelta(days=1)).answers == ANSWERS


@in_a_test
def test_the_scheduler_destroys_what_expired_with_the_idle_drafts() -> None:
    save(new_digits())
    operations.start_draft(journey="place", at=AT)
    (job,) = [job for job in scheduler.jobs() if job.name == "destroy idle drafts"]
    job.run(AT + DAYS + timedelta(days=1))
    assert not SavedDraft.objects.exists()
    assert not Draft.objects.exists()


@in_a_test
def test_idle_drafts_are_destroyed_even_where_expired_ones_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(at: datetime) -> int:
        raise OSError("the store is away")

    monkeypatch.setattr(saved, "forget_expired", broken)
    operations.start_draft(journey="place", at=AT)
    with pytest.raises(OSError, match="the store is away"):
        scheduler._destroy_idle_drafts(AT + timedelta(days=1))
    assert not Draft.objects.exists()


@in_a_test
def test_forgetting_an_unknown_code_says_nothing() -> None:
    save(new_digits())
    saved.forget_saved(new_digits(), AT)
    assert SavedDraft.objects.count() == 1


@in_a_test
def test_content_is_overwritten_before_it_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    code = new_digits()
    save(code)
    seen: list[bytes] = []
    rows = type(SavedDraft.objects.all())
    delete = rows.delete

    def watched(self: Any) -> Any:
        seen.extend(bytes(row.content) for row in self.all())
        return delete(self)

    monkeypatch.setattr(rows, "delete", watched)
    saved.forget_saved(code, AT)
    assert seen == [b""]


@in_a_test
def test_answers_too_large_are_refused_and_what_was_saved_stays() -> None:
    code = new_digits()
    save(code)
    with pytest.raises(PayloadTooLarge):
        save(code, {"where": "x" * LARGEST})
    assert saved.open_saved(code, AT).answers == ANSWERS


@in_a_test
def test_the_slow_run_is_made_once_and_outside_a_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = []
    derive = codes.derive

    def watched(code: Code, salt: bytes) -> codes.Roots:
        runs.append(len(connections["intake"].savepoint_ids))
        return derive(code, salt)

    monkeypatch.setattr(codes, "derive", watched)
    outside = len(connections["intake"].savepoint_ids)
    code = new_digits()
    save(code)
    saved.open_saved(code, AT)
    saved.forget_saved(code, AT)
    assert runs == [outside] * 3


@in_a_test
def test_without_the_salt_nothing_is_saved(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FOLDER = tmp_path
    with pytest.raises(KeyFileRefused):
        save(new_digits())
    assert not SavedDraft.objects.exists()


@in_a_test
def test_another_installation_finds_nothing_under_the_code(
    keyring: Keyring, settings: Any, tmp_path: Path
) -> None:
    from tests.crypto.keyrings import new_keyring

    code = new_digits()
    save(code)
    settings.KEYS_FOLDER = new_keyring(tmp_path / "others").folder
    nothing(code)
    settings.KEYS_FOLDER = keyring.folder
    assert saved.open_saved(code, AT).answers == ANSWERS


@committing
def test_two_who_save_under_one_code_at_once_leave_one_whole() -> None:
    code = new_digits()
    ready = threading.Barrier(4)

    def one(number: int) -> None:
        ready.wait()
        try:
            save(code, {"n": number})
        finally:
            connections["intake"].close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert SavedDraft.objects.count() == 1
    assert saved.open_saved(code, AT).answers["n"] in range(4)


@committing
def test_what_was_forgotten_is_in_no_file_at_the_next_run() -> None:
    connection = connections["intake"]
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps it until it vacuums, readable only with the code")
    path = Path(connection.settings_dict["NAME"])
    code = new_digits()
    save(code)
    first = bytes(SavedDraft.objects.get().content)[:64]
    save(code, {"where": "Elsewhere"})
    second = bytes(SavedDraft.objects.get().content)[:64]

    def on_disk() -> bytes:
        return b"".join(found.read_bytes() for found in path.parent.glob(f"{path.name}*"))

    assert second in on_disk(), "the test looks in the wrong place"
    saved.forget_saved(code, AT)
    scheduler._destroy_idle_drafts(AT)
    assert first not in on_disk()
    assert second not in on_disk()


@committing
@pytest.mark.parametrize("whose", ["public", "staff"])
def test_each_role_can_do_its_part(whose: str) -> None:
    connection = connections["intake"]
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's; SQLite has none")
    role = f"{whose}_{uuid4().hex[:8]}"
    given = {"public": grants.PUBLIC_ROLE, "staff": grants.STAFF_ROLE}[whose]
    code = new_digits()
    save(code)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f"GRANT {role} TO CURRENT_USER")
        for table, privileges in given:
            cursor.execute(f"GRANT {', '.join(privileges)} ON {table} TO {role}")
        cursor.execute(f"SET ROLE {role}")
        if whose == "public":
            save(code, {"where": "Elsewhere"})
            assert saved.open_saved(code, AT).answers == {"where": "Elsewhere"}
            saved.forget_saved(code, AT)
            save(code)
        else:
            with pytest.raises(Exception, match="permission denied"):
                save(new_digits())
        scheduler._destroy_idle_drafts(AT + DAYS + timedelta(days=1))
        cursor.execute("RESET ROLE")
        assert not SavedDraft.objects.exists()
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")
