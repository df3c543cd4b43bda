"""Members come and go, with the audit in every step."""

import json
import stat

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError

from safehold.domain.access import Permission, Role
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.staff import demonstration, operations
from safehold.records.staff.models import StaffMember
from tests.desk import AT, PASSWORD, TEST, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]


def create(**changes):
    given = {
        "username": "okafor",
        "name": "Dena Okafor",
        "role": "triage_officer",
        "team": "Eastmere",
        "password": PASSWORD,
        "by": TEST,
        "at": AT,
        **changes,
    }
    return operations.create_member(**given)


def test_a_member_is_taken_in_and_recorded():
    made = create()
    assert (made.name, made.role_label) == ("Dena Okafor", "Triage officer")
    assert made.check_password(PASSWORD)
    assert made.may(Permission.OPEN_ACCOUNT)
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id) == ("member created", str(made.pk))
    assert "Okafor" not in str(event.detail)


@pytest.mark.parametrize(
    ("changes", "raises"),
    [
        ({"role": "chief"}, operations.UnknownRole),
        ({"password": "short"}, operations.PasswordTooWeak),
        ({"password": "passwordpassword1"[:8]}, operations.PasswordTooWeak),
    ],
)
def test_what_cannot_be_is_refused(changes, raises):
    with pytest.raises(raises):
        create(**changes)
    assert not StaffMember.objects.exists()


def test_a_name_is_taken_once():
    create()
    with pytest.raises(operations.NameTaken):
        create()
    assert StaffMember.objects.count() == 1


def test_no_member_without_the_audit_row(monkeypatch):
    def fail(**row):
        raise DatabaseError("the audit is full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(DatabaseError):
        create()
    assert not StaffMember.objects.exists()


def test_a_role_that_is_none_is_refused_by_the_store():
    made = create()
    with pytest.raises(IntegrityError):
        StaffMember.objects.filter(pk=made.pk).update(role="chief")


def test_whoever_left_may_do_nothing():
    made = create(role="supervisor")
    made.is_active = False
    assert not any(made.may(permission) for permission in Permission)


def test_an_editor_may_use_the_cms_and_nobody_else():
    editor, officer = member(Role.EDITOR), member()
    assert Group.objects.filter(user=editor).exists()
    assert editor.has_perm("wagtailadmin.access_admin")
    assert not officer.has_perm("wagtailadmin.access_admin")


def test_a_second_enrolment_replaces_the_first():
    made = create()
    operations.enrol_totp(member=made, secret="JBSWY3DPEHPK3PXP", by=TEST, at=AT)
    operations.enrol_totp(member=made, secret="KRSXG5CTMVRXEZLU", by=TEST, at=AT)
    assert Authenticator.objects.filter(user=made).count() == 1


@pytest.fixture
def practice(settings, tmp_path):
    settings.DEMONSTRATION = True
    settings.SAFEHOLD_DATA = tmp_path
    return tmp_path / demonstration.FILE


def test_practice_members_are_made_once_and_their_credentials_kept(practice):
    first = demonstration.ensure_demo_members(at=AT)
    second = demonstration.ensure_demo_members(at=AT)
    assert first == second
    assert {one.role for one in first} == {str(role) for role in Role}
    assert StaffMember.objects.count() == len(first) == Authenticator.objects.count()
    assert stat.S_IMODE(practice.stat().st_mode) == 0o600
    assert len({one.password for one in first}) == len(first)
    for one in first:
        assert StaffMember.objects.get(username=one.username).check_password(one.password)


def test_lost_credentials_are_made_again_and_work(practice):
    before = demonstration.ensure_demo_members(at=AT)
    practice.unlink()
    after = demonstration.ensure_demo_members(at=AT)
    assert before != after
    for one in after:
        assert StaffMember.objects.get(username=one.username).check_password(one.password)
    assert json.loads(practice.read_text())[0]["password"] == after[0].password


def test_no_practice_members_where_real_reports_arrive(practice, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(demonstration.NotADemonstration):
        demonstration.ensure_demo_members(at=AT)
    assert not StaffMember.objects.exists()
