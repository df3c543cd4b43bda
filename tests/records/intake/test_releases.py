"""A hidden name is sealed to the unit if its slip says danger or a child, and else never."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.crypto.envelopes import Kind, parts
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import FILE_NAME, Purpose
from safehold.domain.triage_slip import FOR_STANDARDS, MOVED, Said, causes
from safehold.records.intake import recording
from tests.crypto.keyrings import Keyring

PROMPT = {"prompt": "weapon", "reason": "Said that there is a weapon, or could be."}
NAME: dict[str, Any] = {"answers": [{"key": "name", "said": ["Zanzibar Quill"]}]}

SHARED: Any = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

OF_ANYBODY = [said for said in Said if said not in MOVED | {Said.NAME}]
slips = st.fixed_dictionaries(
    {
        "kind": st.just("home"),
        "danger": st.lists(st.just(PROMPT), max_size=2),
        "child_present": st.sampled_from(OF_ANYBODY),
        "party_is_police": st.sampled_from([*OF_ANYBODY, Said.NAME]),
        "wants_reply": st.sampled_from(OF_ANYBODY),
    }
)
names = st.dictionaries(st.text(max_size=8), st.text(max_size=6_000), min_size=1, max_size=3)


def released(keyring: Keyring, sealed: recording.Envelopes, subject: str) -> Any:
    assert sealed.release is not None
    keys = load_opening_keys(keyring.folder, purposes=[Purpose.RELEASE])
    return json.loads(open_envelope(sealed.release, kind=Kind.RELEASE, subject=subject, keys=keys))


@settings(max_examples=60, **SHARED)
@given(slip=slips, name=names)
def test_the_unit_holds_a_name_if_and_only_if_the_slip_says_danger_or_a_child(
    keyring: Keyring, slip: dict[str, Any], name: dict[str, Any]
) -> None:
    report_id = uuid4()
    sealed = recording.sealed(report_id, slip=slip, account={}, identity=name)
    if slip["party_is_police"] in FOR_STANDARDS:
        assert sealed.release is None
        return
    says = bool(slip["danger"]) or slip["child_present"] in {Said.YES, Said.NOT_SURE}
    assert released(keyring, sealed, str(report_id)) == (name if says else {})


@settings(max_examples=30, **SHARED)
@given(name=names)
def test_from_outside_nobody_can_tell_which_names_are_released(
    keyring: Keyring, name: dict[str, Any]
) -> None:
    slip = {"kind": "home", "danger": [PROMPT]}
    one = recording.sealed(uuid4(), slip=slip, account={}, identity=name).release
    other = recording.sealed(uuid4(), slip={"kind": "home"}, account={}, identity=name).release
    assert one
    assert other
    assert len(one) == len(other)
    assert [key for key, _ in parts(one).stanzas] == [key for key, _ in parts(other).stanzas]


def test_a_report_without_a_hidden_name_has_nothing_to_release() -> None:
    slip = {"kind": "home", "danger": [PROMPT]}
    assert recording.sealed(uuid4(), slip=slip, account={}, identity=None).release is None


def test_without_a_key_for_releases_the_report_is_taken_in_for_the_keepers_alone(
    keyring: Keyring, settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    content = json.loads((keyring.folder / FILE_NAME).read_text())
    content["keys"] = [key for key in content["keys"] if key["purpose"] != "release"]
    (tmp_path / FILE_NAME).write_text(json.dumps(content))
    (tmp_path / FILE_NAME).chmod(0o644)
    settings.KEYS_FOLDER = tmp_path
    slip = {"kind": "home", "danger": [PROMPT]}
    report_id = uuid4()
    sealed = recording.sealed(report_id, slip=slip, account={}, identity=NAME)
    assert sealed.release is None
    assert sealed.identity is not None
    assert "no key to release" in caplog.text
    assert str(report_id) not in caplog.text


@pytest.mark.parametrize("purpose", [Purpose.ACCOUNT, Purpose.IDENTITY, Purpose.TRIAGE])
def test_no_other_key_opens_what_is_released(keyring: Keyring, purpose: Purpose) -> None:
    report_id = uuid4()
    slip = {"kind": "home", "danger": [PROMPT]}
    sealed = recording.sealed(report_id, slip=slip, account={}, identity=NAME)
    keys = load_opening_keys(keyring.folder, purposes=[purpose])
    with pytest.raises(Exception, match="other keys"):
        open_envelope(sealed.release or b"", kind=Kind.RELEASE, subject=str(report_id), keys=keys)


@pytest.mark.parametrize("said", list(Said))
@pytest.mark.parametrize("danger", [True, False])
def test_what_is_for_professional_standards_is_never_released(danger: bool, said: Said) -> None:
    assert causes(danger=danger, child_present=said, for_standards=True) == ()
