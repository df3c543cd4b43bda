"""`safehold staff`: a first officer from the machine itself, and what the audit keeps of it."""

from __future__ import annotations

import re

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result
from django.test import Client

from safehold.config.commands.staff import command
from safehold.domain.access import Permission
from safehold.records.audit.models import AuditEvent
from safehold.records.conflicts.models import Colleague
from safehold.records.staff.models import StaffMember
from tests.desk import PASSWORD, member, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

ADD = ["add", "okafor", "--name", "Dena Okafor", "--role", "supervisor", "--team", "Eastmere"]
LOGIN = "/staff/account/login/"
SET_UP = "/staff/account/authenticator/"


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, arguments, input=typed)


def test_an_added_member_is_led_to_set_up_a_second_factor_and_then_in(client: Client) -> None:
    done = run(*ADD, "--password-stdin", typed=f"{PASSWORD}\n")

    assert done.output == (
        "okafor may sign in (Supervisor); the first sign-in sets up an authenticator.\n"
    )
    client.post(LOGIN, {"login": "okafor", "password": PASSWORD})
    refused = client.get("/staff/")
    assert (refused.status_code, refused["Location"]) == (302, SET_UP)
    shown = re.search(r"<code>([A-Z2-7]+)</code>", client.get(SET_UP).content.decode())
    assert shown is not None
    client.post(SET_UP, {"code": pyotp.TOTP(shown.group(1)).now()})
    assert client.get("/staff/").status_code == 200


def test_taking_in_is_recorded_as_the_administrators(client: Client) -> None:
    run(*ADD, "--password-stdin", typed=f"{PASSWORD}\n")

    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("member created", "administrator")
    assert event.subject_id == str(StaffMember.objects.get().pk)


def test_a_password_is_asked_for_twice_and_not_shown() -> None:
    done = run(*ADD, typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0, done.output
    assert StaffMember.objects.get().check_password(PASSWORD)
    assert PASSWORD not in done.output


def test_no_argument_takes_a_password() -> None:
    done = run(*ADD, "--password", PASSWORD)

    assert done.exit_code == 2
    assert not StaffMember.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (ADD, "short", "Error: This password is too short"),
        ([*ADD[:5], "chief", *ADD[6:]], PASSWORD, "is not one of"),
        (["reset-second-factor", "nobody"], "", "Error: Nobody signs in as nobody."),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(
    arguments: list[str], typed: str, said: str
) -> None:
    stdin = ["--password-stdin"] if arguments[0] == "add" else []
    done = run(*arguments, *stdin, typed=typed)

    assert done.exit_code != 0
    assert said in done.output
    assert not StaffMember.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_name_that_is_taken_is_one_line() -> None:
    run(*ADD, "--password-stdin", typed=PASSWORD)
    done = run(*ADD, "--password-stdin", typed=PASSWORD)

    assert (done.exit_code, done.output) == (1, "Error: okafor is taken.\n")


def test_the_list_says_who_has_a_second_factor_and_is_not_a_look() -> None:
    member()
    run(*ADD, "--password-stdin", typed=PASSWORD)
    before = AuditEvent.objects.count()

    lines = run("list").output.splitlines()

    assert "okafor  Dena Okafor  Supervisor  Eastmere  no second factor yet" in lines
    assert len([line for line in lines if line.endswith("  second factor")]) == 1
    assert AuditEvent.objects.count() == before


def test_a_reset_ends_sign_ins_and_leads_to_setting_up_again(client: Client) -> None:
    who, other = member(), member()
    sign_in(client, who)
    theirs = Client()
    sign_in(theirs, other)

    done = run("reset-second-factor", who.username)

    assert done.exit_code == 0, done.output
    assert not Authenticator.objects.filter(user=who).exists()
    assert Authenticator.objects.filter(user=other).exists()
    assert client.get("/staff/")["Location"].startswith(LOGIN)
    assert theirs.get("/staff/").status_code == 200
    client.post(LOGIN, {"login": who.username, "password": PASSWORD})
    assert client.get("/staff/")["Location"] == SET_UP
    event = AuditEvent.objects.get(action="second factor removed")
    assert (event.actor, event.subject_id) == ("administrator", str(who.pk))


def test_the_public_site_is_told_where_to_ask(settings: pytest.FixtureRequest) -> None:
    settings.SITE = "public"  # type: ignore[attr-defined]  # the fixture of pytest-django
    done = run("list")

    assert (done.exit_code, done.output) == (
        1,
        "Error: The public site knows no member: SITE=staff.\n",
    )


def test_a_list_of_names_is_taken_in_and_nothing_but_names(tmp_path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("Wystan Pellew\nIbb,Tarrant\n\n", encoding="utf-8")
    done = run("names", str(path))
    assert done.output == "2 names are compared with what arrives, from a minute from now.\n"
    assert set(Colleague.objects.values_list("name", flat=True)) == {"Wystan Pellew", "Ibb Tarrant"}
    assert "Pellew" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Wystan Pellew\nPellew\n", "first name and a surname"),
        (b"Wystan,Pellew,1980-01-01\n", "Line 1 has 3 columns"),
        (b"\n\n", "holds no name"),
        (b"\xff\xfe", "cannot be read as CSV in UTF-8"),
    ],
)
def test_a_list_that_is_none_changes_nothing(tmp_path, content: bytes, says: str) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    done = run("names", str(path))
    assert done.exit_code != 0
    assert says in done.output
    assert not Colleague.objects.exists()


def test_whoever_leaves_is_out_at_once_and_their_row_stays(client: Client) -> None:
    officer = member()
    sign_in(client, officer)
    assert client.get("/staff/").status_code == 200

    done = run("end", officer.username, "--why", "Left the force on Friday.")

    assert done.output == f"{officer.username} may sign in no more.\n"
    assert client.get("/staff/").status_code == 302
    client.post(LOGIN, {"login": officer.username, "password": PASSWORD})
    assert client.get("/staff/").status_code == 302
    assert StaffMember.objects.get(pk=officer.pk).role == officer.role
    event = AuditEvent.objects.get(action="member left")
    assert (event.actor, event.reason) == ("administrator", "Left the force on Friday.")
    assert "Nobody signs in as" in run("end", officer.username, "--why", "Once more.").output


def test_whoever_moves_signs_in_again_and_may_what_the_new_role_may(client: Client) -> None:
    officer = member()
    sign_in(client, officer)
    assert client.get("/staff/reports/").status_code == 200

    moved = ["move", officer.username, "--role", "analyst", "--team", "Analysis", "--why"]
    done = run(*moved, "Posted to analysis.")

    assert done.exit_code == 0, done.output
    assert client.get("/staff/reports/").status_code == 302, "the open sign-in ended"
    officer.refresh_from_db()
    assert not officer.may(Permission.SEE_INBOX)
    event = AuditEvent.objects.get(action="member moved")
    assert event.detail["before"]["role"] == "triage_officer"
    assert event.detail["after"] == {"role": "analyst", "team": "Analysis"}


@pytest.mark.parametrize(
    ("role", "agency"), [("advocate", []), ("supervisor", ["--agency", "Lantern House"])]
)
def test_an_advocate_is_of_an_agency_and_nobody_else_is(role: str, agency: list[str]) -> None:
    add = [*ADD[:5], role, *ADD[6:], *agency, "--password-stdin"]
    done = run(*add, typed=f"{PASSWORD}\n")

    assert "of a named partner agency" in done.output
    assert not StaffMember.objects.exists()
