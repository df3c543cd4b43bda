"""Keys that are made, retired, moved and destroyed: what each opens, and what is sealed to it."""

from __future__ import annotations

import itertools
import multiprocessing
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.crypto import key_files, key_lives
from safehold.crypto.envelopes import Kind, recipient_ids, seal
from safehold.crypto.errors import KeyFileRefused, KeyNeeded, NoSuchKey, WrongKey
from safehold.crypto.key_checks import check_held
from safehold.crypto.opening import OpeningKeys, load_opening_keys, open_envelope
from safehold.crypto.recipients import SEALING, PublicKey, Purpose, load_recipients
from safehold.crypto.signing import load_signer, sign, verify
from tests.crypto.keyrings import AT, new_keyring

LATER = AT + timedelta(days=400)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_keyring(tmp_path / "keys").folder


def sealed_now(folder: Path, purpose: Purpose = Purpose.ACCOUNT) -> tuple[Kind, bytes]:
    kind = next(kind for kind in Kind if purpose in kind.purposes)
    recipients = load_recipients(folder).for_purpose(purpose)
    return kind, seal(b"said", kind=kind, subject="r", recipients=recipients)


def opens(sealed: tuple[Kind, bytes], keys: OpeningKeys) -> bool:
    kind, envelope = sealed
    try:
        return open_envelope(envelope, kind=kind, subject="r", keys=keys) == b"said"
    except WrongKey:
        return False


def private_of(folder: Path, key: PublicKey) -> OpeningKeys:
    """The one private half, alone."""
    held = load_opening_keys(folder, purposes=[key.purpose])
    return OpeningKeys({key.key_id: held.by_id[key.key_id]})


@pytest.mark.parametrize("purpose", SEALING)
def test_each_of_several_recipients_opens_alone(folder: Path, purpose: Purpose) -> None:
    for _ in range(2):
        key_files.add_key(folder, purpose=purpose, at=AT)
    keys = load_recipients(folder).for_purpose(purpose)
    sealed = sealed_now(folder, purpose)

    assert recipient_ids(sealed[1]) == {key.key_id for key in keys}
    assert len(keys) == 3
    for key in keys:
        assert opens(sealed, private_of(folder, key))


@pytest.mark.parametrize("purpose", SEALING)
def test_after_a_rotation_old_and_new_open_and_the_old_key_is_not_sealed_to(
    folder: Path, purpose: Purpose
) -> None:
    (old,) = load_recipients(folder).for_purpose(purpose)
    before = sealed_now(folder, purpose)

    done = key_lives.rotate_key(folder, purpose=purpose, at=LATER)

    after = sealed_now(folder, purpose)
    assert [key.key_id for key in done.retired] == [old.key_id]
    assert load_recipients(folder).for_purpose(purpose) == (done.made,)
    assert recipient_ids(after[1]) == {done.made.key_id}
    here = load_opening_keys(folder, purposes=[purpose])
    assert opens(before, here)
    assert opens(after, here)
    assert not opens(after, private_of(folder, old))
    retired = key_lives.find_key(folder, old.key_id.hex())
    assert (retired.retired, retired.created) == (LATER, old.created)


def test_a_rotation_leaves_a_key_in_use_that_is_kept_elsewhere(folder: Path) -> None:
    safe = key_files.add_key(folder, purpose=Purpose.ACCOUNT, at=AT)
    key_files.key_path(folder, safe).unlink()

    done = key_lives.rotate_key(folder, purpose=Purpose.ACCOUNT, at=LATER)

    assert set(load_recipients(folder).for_purpose(Purpose.ACCOUNT)) == {safe, done.made}
    for path in folder.glob("account-*.key"):
        path.unlink()
    with pytest.raises(NoSuchKey, match="make the new one where it is kept"):
        key_lives.rotate_key(folder, purpose=Purpose.ACCOUNT, at=LATER)


def test_the_last_key_of_a_purpose_is_not_retired_nor_one_twice(folder: Path) -> None:
    (only,) = load_recipients(folder).for_purpose(Purpose.ACCOUNT)
    with pytest.raises(KeyNeeded, match="rotate it instead"):
        key_lives.retire_key(folder, only, at=LATER)
    key_files.add_key(folder, purpose=Purpose.ACCOUNT, at=AT)
    key_lives.retire_key(folder, only, at=LATER)
    with pytest.raises(KeyNeeded, match="was retired on"):
        key_lives.retire_key(folder, only, at=LATER)


def test_the_last_key_that_staff_processes_have_here_is_not_retired(folder: Path) -> None:
    (here,) = load_recipients(folder).for_purpose(Purpose.TRIAGE)
    safe = key_files.add_key(folder, purpose=Purpose.TRIAGE, at=AT)
    key_files.key_path(folder, safe).unlink()
    with pytest.raises(KeyNeeded, match="staff processes need one"):
        key_lives.retire_key(folder, here, at=LATER)


def test_a_retired_audit_key_signs_nothing_and_vouches_for_what_it_signed(folder: Path) -> None:
    old = sign(b"a head", signer=load_signer(folder))
    done = key_lives.rotate_key(folder, purpose=Purpose.AUDIT, at=AT)  # made in the same second
    new = sign(b"a head", signer=load_signer(folder))

    assert new.key_id == done.made.key_id != old.key_id
    for signature in (old, new):
        verify(b"a head", signature=signature, trusted=load_recipients(folder).keys)


def test_what_is_destroyed_is_gone_from_the_disk_and_stays_listed(folder: Path) -> None:
    (old,) = load_recipients(folder).for_purpose(Purpose.ACCOUNT)
    with pytest.raises(KeyNeeded, match="retire it first"):
        key_lives.destroy_key(folder, old, at=LATER)
    before = sealed_now(folder)
    key_lives.rotate_key(folder, purpose=Purpose.ACCOUNT, at=LATER)
    path = key_files.key_path(folder, old)
    with path.open("rb") as still_open:
        content = still_open.read()
        key_lives.destroy_key(folder, old, at=LATER)
        still_open.seek(0)
        assert still_open.read() != content  # the same blocks, overwritten

    assert not path.exists()
    assert key_lives.find_key(folder, old.key_id.hex()).destroyed == LATER
    assert not opens(before, load_opening_keys(folder, purposes=[Purpose.ACCOUNT]))
    with pytest.raises(NoSuchKey, match="not on this machine"):
        key_lives.destroy_key(folder, old, at=LATER)


def test_an_id_that_nobody_lists_is_said(folder: Path) -> None:
    with pytest.raises(NoSuchKey, match="lists no key with the id 00"):
        key_lives.find_key(folder, "00")


def test_a_folder_is_mended_with_what_it_lacks_and_nothing_else(tmp_path: Path) -> None:
    old = tmp_path / "old"
    key_files.create_keys(old, at=AT, purposes=[Purpose.TRIAGE, Purpose.ACCOUNT])
    listed = key_files.read_list(old)
    key_files.write_recipients(old, listed.keys, code_salt=None)

    done = key_lives.mend(old, at=LATER, salt=False)
    assert not done.salt
    assert {key.purpose for key in done.made} == set(Purpose) - {Purpose.TRIAGE, Purpose.ACCOUNT}
    with pytest.raises(KeyFileRefused, match="code_salt"):
        load_recipients(old)

    assert key_lives.mend(old, at=LATER, salt=True) == key_lives.Mended((), salt=True)
    whole = load_recipients(old)
    assert whole.keys[:2] == listed.keys
    assert key_lives.mend(old, at=LATER, salt=True) == key_lives.Mended((), salt=False)
    assert load_recipients(old) == whole


def _add_one(folder: Path) -> None:
    key_files.add_key(folder, purpose=Purpose.ACCOUNT, at=AT)


def test_two_who_add_a_key_at_once_lose_none(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_add_one, args=(folder,)) for _ in range(4)]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert len(load_recipients(folder).for_purpose(Purpose.ACCOUNT)) == 5
    assert len(list(folder.glob("account-*.key"))) == 5


def test_the_keys_of_a_folder_are_tried_and_each_fault_is_said(folder: Path) -> None:
    key_lives.rotate_key(folder, purpose=Purpose.AUDIT, at=LATER)
    key_lives.rotate_key(folder, purpose=Purpose.IDENTITY, at=LATER)
    held = check_held(folder)
    assert held.faults == ()
    assert held.fit == {key.key_id for key in load_recipients(folder).keys}

    (triage,) = folder.glob("triage-*.key")
    (account,) = folder.glob("account-*.key")
    (standards,) = folder.glob("standards-*.key")
    triage.chmod(0o644)
    account.write_bytes(b"{}")
    other = key_files.make_key(new_keyring(folder / "x").folder, purpose=Purpose.STANDARDS, at=AT)
    key_files.key_path(folder / "x", other).rename(standards)
    (folder / "copy of a.key").write_bytes(b"")

    faults = check_held(folder).faults
    assert len(faults) == 4
    assert f"{triage} is open to others than its owner; make it 0600." in faults
    assert f"{account} is not a key file." in faults
    assert f"{standards} holds another key than the one that it names." in faults
    assert f"{folder}/copy of a.key has a name that no key file has." in faults


@dataclass
class Story:
    """A folder of keys, what was sealed with which, and which private halves are gone."""

    folder: Path
    reports: list[tuple[tuple[Kind, bytes], frozenset[bytes]]] = field(default_factory=list)
    destroyed: set[bytes] = field(default_factory=set)

    def keys(self) -> list[PublicKey]:
        listed = key_files.read_list(self.folder).keys
        return [key for key in listed if key.purpose is Purpose.ACCOUNT]

    def act(self, what: str, which: int, at: Iterator[int]) -> None:
        keys = self.keys()
        key, moment = keys[which % len(keys)], AT + timedelta(minutes=next(at))
        if what == "report":
            sealed = sealed_now(self.folder)
            self.reports.append((sealed, frozenset(k.key_id for k in keys if k.in_use)))
        elif what == "add":
            key_files.add_key(self.folder, purpose=Purpose.ACCOUNT, at=moment)
        elif what == "rotate":
            key_lives.rotate_key(self.folder, purpose=Purpose.ACCOUNT, at=moment)
        elif what == "retire":
            allowed = key.in_use and sum(k.in_use for k in keys) > 1
            try:
                key_lives.retire_key(self.folder, key, at=moment)
                assert allowed
            except KeyNeeded:
                assert not allowed
        else:
            allowed = not key.in_use and key.key_id not in self.destroyed
            try:
                key_lives.destroy_key(self.folder, key, at=moment)
                assert allowed
                self.destroyed.add(key.key_id)
            except (KeyNeeded, NoSuchKey):
                assert not allowed


ACTS = st.tuples(
    st.sampled_from(["report", "report", "add", "retire", "rotate", "destroy"]), st.integers(0, 7)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=1, max_size=14))
def test_a_report_opens_exactly_while_a_key_of_its_time_is_here(acts: list) -> None:
    with tempfile.TemporaryDirectory() as place:
        story = Story(new_keyring(Path(place) / "keys").folder)
        minutes = itertools.count(1)
        for what, which in [*acts, ("report", 0)]:
            story.act(what, which, minutes)
        held = load_opening_keys(story.folder, purposes=[Purpose.ACCOUNT])
        for sealed, of_its_time in story.reports:
            assert recipient_ids(sealed[1]) == of_its_time  # no retired key among them
            assert opens(sealed, held) == bool(of_its_time - story.destroyed)
        assert check_held(story.folder).faults == ()
        assert load_recipients(story.folder).for_purpose(Purpose.ACCOUNT)
