"""Signing in as a person does, and what the audit keeps of it."""

import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pyotp
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession

from safehold.content.models import GuidancePage
from safehold.content.operations import seed_pages
from safehold.domain.access import Role, table
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.staff.models import StaffMember
from tests.content.few import few
from tests.desk import AT, PASSWORD, SECRET, TEST, member, sign_in

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]

LOGIN = "/staff/account/login/"
CODE = "/staff/account/code/"
SET_UP = "/staff/account/authenticator/"


def acts():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_a_code_that_was_wrong_is_not_shown_again(client):
    """It may be a recovery code with one slip in it."""
    sign_in(client, member())
    page = client.post("/staff/account/code/again/", {"code": "a1b2c3d4e5"}).content.decode()
    assert "Error: " in page
    assert 'name="code" type="text"' in page
    assert "a1b2c3d4e5" not in page


def test_password_and_code_open_the_desk_and_are_recorded(client):
    who = member()
    sign_in(client, who)
    assert client.get("/staff/").status_code == 200
    event = AuditEvent.objects.get(action="signed in")
    assert (event.actor_id, event.reason) == (str(who.pk), "")


def test_a_password_alone_opens_nothing(client):
    who = member()
    response = client.post(LOGIN, {"login": who.username, "password": PASSWORD})
    assert response["Location"] == CODE
    assert client.get("/staff/").status_code == 302
    assert "signed in" not in acts()


def test_a_wrong_code_is_refused_and_recorded(client):
    who = member()
    client.post(LOGIN, {"login": who.username, "password": PASSWORD})
    page = client.post(CODE, {"code": "000000"}).content.decode()
    assert "That code is not right" in page
    assert client.get("/staff/").status_code == 302
    event = AuditEvent.objects.get(action="second factor failed")
    assert event.subject_id == str(who.pk)


def test_a_code_works_once(client):
    who = member()
    with time_machine.travel(timezone.now(), tick=False):
        sign_in(client, who)
        again = Client()
        sign_in(again, who)
    assert client.get("/staff/").status_code == 200
    assert again.get("/staff/").status_code == 302


@pytest.mark.parametrize("known", [True, False])
def test_a_failed_sign_in_says_the_same_whoever_it_was(client, known):
    name = member().username if known else "my secret password"
    page = client.post(LOGIN, {"login": name, "password": "wrong password"}).content.decode()
    assert "The name or the password is not right" in page
    event = AuditEvent.objects.get(action="sign-in failed")
    assert bool(event.subject_id) is known
    assert "secret" not in str(AuditEvent.objects.values())


def test_no_address_is_kept(client):
    sign_in(client, member())
    client.post(LOGIN, {"login": "nobody", "password": "x"}, REMOTE_ADDR="203.0.113.7")
    kept = str(list(AuditEvent.objects.values()))
    assert "203.0.113" not in kept
    assert "127.0.0.1" not in kept


def test_a_name_is_locked_after_ten_wrong_tries_and_others_are_not(client):
    who, other = member(), member()
    for _ in range(11):
        page = client.post(LOGIN, {"login": who.username, "password": "wrong password"})
    assert "Too many tries" in page.content.decode()
    page = client.post(LOGIN, {"login": who.username, "password": PASSWORD}).content.decode()
    assert "Too many tries" in page
    sign_in(client, other)
    assert client.get("/staff/").status_code == 200


def wrong_tries(client, who, count=11):
    for _ in range(count):
        page = client.post(LOGIN, {"login": who.username, "password": "wrong password"})
    return page.content.decode()


def test_strangers_do_not_lock_a_member_out_of_a_browser_where_they_signed_in(client):
    who = member()
    sign_in(client, who)
    kept = client.cookies["staffknown"]
    assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/staff/", True, "Lax")
    assert who.username not in kept.value
    client.post("/staff/account/leave/")
    stranger = Client()
    assert "Too many tries" in wrong_tries(stranger, who)
    right = {"login": who.username, "password": PASSWORD}
    assert "Too many tries" in stranger.post(LOGIN, right).content.decode()
    assert client.post(LOGIN, right)["Location"] == CODE


def test_a_known_browser_has_an_allowance_and_no_more(client):
    who = member()
    sign_in(client, who)
    client.post("/staff/account/leave/")
    assert "Too many tries" in wrong_tries(client, who)
    right = {"login": who.username, "password": PASSWORD}
    assert "Too many tries" in client.post(LOGIN, right).content.decode()
    assert Client().post(LOGIN, right)["Location"] == CODE


def test_a_browser_is_known_for_those_who_signed_in_there_and_cannot_say_so_itself(client):
    who, other = member(), member()
    sign_in(client, other)
    client.post("/staff/account/leave/")
    wrong_tries(Client(), who)
    assert "Too many tries" in wrong_tries(client, who, 1)
    forged = Client()
    forged.cookies["staffknown"] = client.cookies["staffknown"].value[:-3] + "abc"
    wrong_tries(Client(), other)
    assert "Too many tries" in wrong_tries(forged, other, 1)


def test_a_password_alone_makes_no_browser_known(client):
    who = member()
    client.post(LOGIN, {"login": who.username, "password": PASSWORD})
    assert "staffknown" not in client.cookies


def test_a_new_member_sets_up_a_second_factor_and_nothing_else(client):
    who = member()
    Authenticator.objects.all().delete()
    client.post(LOGIN, {"login": who.username, "password": PASSWORD})
    for path in ("/staff/", "/staff/reports/", "/staff/account/", "/staff/account/password/"):
        assert client.get(path)["Location"] == SET_UP, path
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    (secret,) = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    response = client.post(SET_UP, {"code": pyotp.TOTP(secret).now()})
    assert response["Location"] == "/staff/account/recovery-codes/"
    codes = re.findall(r"<code>([0-9-]+)</code>", client.get(response["Location"]).content.decode())
    assert len(codes) == 10
    assert client.get("/staff/").status_code == 200
    assert acts()[-1] == "second factor set up"

    elsewhere = Client()
    elsewhere.post(LOGIN, {"login": who.username, "password": PASSWORD})
    elsewhere.post(CODE, {"code": codes[0]})
    assert elsewhere.get("/staff/").status_code == 200
    again = Client()
    again.post(LOGIN, {"login": who.username, "password": PASSWORD})
    again.post(CODE, {"code": codes[0]})
    assert again.get("/staff/").status_code == 302


def test_a_session_that_never_gave_a_code_is_ended_though_the_member_has_one(client):
    client.force_login(member())
    assert client.get("/staff/")["Location"] == SET_UP
    assert client.get(SET_UP)["Location"] == LOGIN
    assert client.get("/staff/")["Location"].startswith(LOGIN)


def test_secrets_of_second_factors_are_locked_in_the_store():
    member()
    assert SECRET not in str(Authenticator.objects.values())


def test_an_idle_session_ends(client):
    limits = table()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member())
        clock.shift(limits.idle - timedelta(minutes=1))
        assert client.get("/staff/").status_code == 200
        clock.shift(limits.idle - timedelta(minutes=1))
        assert client.get("/staff/").status_code == 200
        clock.shift(limits.idle + timedelta(seconds=1))
        assert client.get("/staff/")["Location"].startswith(LOGIN)
        assert client.get("/staff/").status_code == 302
    ended = AuditEvent.objects.get(action="signed out")
    assert "Nothing was done here for 20 minutes" in ended.reason


def test_a_session_ends_with_the_shift_however_busy(client):
    limits = table()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member())
        for _ in range(limits.shift // (limits.idle / 2)):
            clock.shift(limits.idle / 2)
            client.get("/staff/")
        assert client.get("/staff/").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get("/staff/")["Location"].startswith(LOGIN)


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client):
    seed_pages(force=settings.FORCE, by=TEST, at=AT, words=few(settings.FORCE))
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    limits = table()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member(Role.EDITOR))
        client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        number = EditingSession.objects.get().pk
        asks = reverse(
            "wagtailadmin_editing_sessions:ping",
            args=["content", "guidancepage", page.pk, number],
        )
        for _ in range(3):
            clock.shift(limits.idle / 4)
            assert client.post(asks).status_code == 200
        clock.shift(limits.idle / 4 + timedelta(seconds=1))
        assert client.post(asks).status_code == 302
        assert client.get("/staff/")["Location"].startswith(LOGIN)


def test_each_page_warns_five_minutes_before_an_idle_session_ends(client):
    css = (files("safehold.design") / "static/design/staff.css").read_text()
    delay = re.search(r"\.idle\{[^}]*animation:[^}]*?(\d+)s forwards", css)
    assert delay is not None
    assert timedelta(seconds=int(delay[1])) == table().idle - timedelta(minutes=5)
    assert 'class="idle"' not in client.get(LOGIN).content.decode()
    sign_in(client, member())
    html = client.get("/staff/").content.decode()
    assert 'class="idle" role="status"' in html
    assert "Nothing was done here for 15 minutes" in html
    assert 'href="/staff/account/stay/"' in html


def test_staying_signed_in_takes_one_page_and_no_more(client):
    limits = table()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member())
        clock.shift(limits.idle - timedelta(minutes=1))
        assert "another 20 minutes" in client.get("/staff/account/stay/").content.decode()
        clock.shift(limits.idle - timedelta(minutes=1))
        assert client.get("/staff/").status_code == 200


def test_the_last_half_hour_of_a_shift_is_announced(client):
    limits = table()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, member())
        ends = timezone.localtime() + limits.shift
        while timezone.localtime() < ends - timedelta(minutes=35):
            assert "Your sign-in ends" not in client.get("/staff/").content.decode()
            clock.shift(timedelta(minutes=10))
        clock.shift(timedelta(minutes=10))
        assert f"Your sign-in ends at {ends:%H:%M}" in client.get("/staff/").content.decode()


def test_a_member_who_left_is_out_at_the_next_page(client):
    who = member()
    sign_in(client, who)
    StaffMember.objects.filter(pk=who.pk).update(is_active=False)
    assert client.get("/staff/")["Location"].startswith(LOGIN)


def test_leaving_signs_out_and_shows_a_page_that_says_nothing(client, settings):
    sign_in(client, member())
    assert client.get("/staff/account/leave/").status_code == 405
    response = client.post("/staff/account/leave/", follow=True)
    page = response.content.decode()
    assert settings.FORCE.exit_url in page
    for word in ("Safehold", "police", "sign", "staff", settings.FORCE.short_name):
        assert word.lower() not in page.lower()
    assert client.get("/staff/")["Location"].startswith(LOGIN)
    assert AuditEvent.objects.get(action="signed out").reason == "left"


def test_a_sign_in_half_way_can_be_given_up(client):
    client.post(LOGIN, {"login": member().username, "password": PASSWORD})
    client.post("/staff/account/logout/")
    assert client.get(CODE)["Location"] == LOGIN


def test_the_sign_in_form_can_be_filled_by_a_password_manager(client):
    page = client.get(LOGIN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    client.post(LOGIN, {"login": member().username, "password": PASSWORD})
    page = client.get(CODE).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_a_password_is_changed_by_whoever_knows_it(client):
    sign_in(client, who := member())
    path = "/staff/account/password/"
    wrong = {"oldpassword": "no", "password1": "four plain words now", "password2": "x"}
    assert "That is not your present password" in client.post(path, wrong).content.decode()
    right = {
        "oldpassword": PASSWORD,
        "password1": (new := "four plain words now"),
        "password2": new,
    }
    client.post(path, right)
    who.refresh_from_db()
    assert who.check_password(new)


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "confirm-email/"])
def test_what_the_library_offers_besides_is_not_there(client, path):
    assert client.get(f"/staff/account/{path}").status_code == 404


def test_a_refusal_is_recorded(client):
    sign_in(client, who := member(Role.ANALYST))
    response = client.get("/staff/reports/")
    assert response.status_code == 403
    assert "Your role does not allow this." in response.content.decode()
    event = AuditEvent.objects.get(action="access refused")
    assert (event.actor_id, event.subject_id) == (str(who.pk), "protection:inbox")


def test_an_old_form_is_refused_with_a_sentence(settings):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(LOGIN, {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()


def test_new_recovery_codes_ask_who_it_is_and_replace_the_old(client):
    sign_in(client, who := member())
    path = "/staff/account/recovery-codes/new/"
    assert client.post(path)["Location"].startswith("/staff/account/again/")
    assert "second factor set up" not in acts()
    client.post(f"/staff/account/again/?next={path}", {"password": PASSWORD})
    assert client.post(path)["Location"] == "/staff/account/recovery-codes/"
    assert Authenticator.objects.filter(user=who, type="recovery_codes").count() == 1
    assert acts()[-1] == "second factor set up"


def test_a_second_factor_without_its_audit_row_is_not_set_up(client, monkeypatch):
    who = member()
    Authenticator.objects.all().delete()
    client.post(LOGIN, {"login": who.username, "password": PASSWORD})
    (secret,) = re.findall(r"<code>([A-Z2-7]{32})</code>", client.get(SET_UP).content.decode())

    def fail(**row):
        raise DatabaseError("the audit is full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(DatabaseError):
        client.post(SET_UP, {"code": pyotp.TOTP(secret).now()})
    assert not Authenticator.objects.exists()


def test_a_code_that_was_shown_a_moment_ago_still_opens_once(client):
    """Typed as its half minute ends; and whoever read it over a shoulder comes too late."""
    officer = member()
    start = datetime(2026, 11, 27, 12, 0, 29, tzinfo=UTC)
    code = pyotp.TOTP(SECRET).at(start)
    with time_machine.travel(start + timedelta(seconds=2), tick=False):
        for visit, opens in ((client, True), (Client(), False)):
            visit.post("/staff/account/login/", {"login": officer.username, "password": PASSWORD})
            visit.post("/staff/account/code/", {"code": code})
            assert (visit.get("/staff/").status_code == 200) == opens
