"""`safehold keys verify-proof`: what somebody shows is checked under a member's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from safehold.config.commands.keys import command
from safehold.crypto.conversations import proof_mark
from safehold.domain.access import Role
from safehold.records.intake.returns import Place
from tests.desk import member
from tests.desk_codes import send_with_code
from tests.keys_for_tests import _made_once, keys

__all__ = ["_made_once", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"], transaction=False),
    pytest.mark.usefixtures("keys"),
]
REASON = "Shown at the housing office"


def shown(tmp_path: Path, place: Place, *, day: str = "") -> str:
    mark = proof_mark(key=place.proof_key, reference=place.reference, day=place.day)
    note = tmp_path / "note.txt"
    note.write_text(f"Reference: {place.reference}\nDay: {day or place.day}\nMark: {mark}\n")
    return str(note)


def test_a_true_proof_is_said_to_be_true_and_a_false_one_false(tmp_path: Path) -> None:
    _, place = send_with_code()
    who = ["--as", member().username, "--reason", REASON]
    told = CliRunner().invoke(command, ["verify-proof", shown(tmp_path, place), *who])
    assert told.exit_code == 0
    assert f"True: report {place.reference} was made on {place.day}." in told.output
    false = shown(tmp_path, place, day="2026-01-01")
    told = CliRunner().invoke(command, ["verify-proof", false, *who])
    assert told.exit_code == 1
    assert "False: this mark does not fit" in told.output


def test_it_takes_a_member_who_may_and_a_reason(tmp_path: Path) -> None:
    _, place = send_with_code()
    note = shown(tmp_path, place)
    for name, reason, says in (
        ("nobody", REASON, "Nobody here signs in with this name."),
        (member(Role.EDITOR).username, REASON, "Your role does not allow this."),
        (member().username, "x", "Say in a few words why."),
    ):
        given = ["verify-proof", note, "--as", name, "--reason", reason]
        told = CliRunner().invoke(command, given)
        assert told.exit_code == 1
        assert says in told.output
