"""Who may do what, as rules that hold whatever the table says."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain import access
from safehold.domain.access import Actor, Gate, Permission, Role, Subject

roles = st.frozensets(st.sampled_from(list(Role)))
words = st.frozensets(st.text(max_size=12) | st.sampled_from([str(role) for role in Role]))
permissions = st.sampled_from(list(Permission))
subjects = st.builds(
    Subject, police_party=st.booleans(), recused=st.frozensets(st.sampled_from(["1", "2", "3"]))
)


@given(permissions, subjects)
def test_no_role_means_no_permission(permission, subject):
    assert not access.can(Actor("1", frozenset()), permission, subject)


@given(words, permissions, subjects)
def test_a_word_that_is_no_role_adds_nothing(given_words, permission, subject):
    known = frozenset(word for word in given_words if word in set(Role))
    assert access.can(Actor("1", given_words), permission, subject) == access.can(
        Actor("1", known), permission, subject
    )


@given(roles, st.sampled_from(list(Role)), permissions, subjects)
def test_one_more_role_never_takes_away(held, more, permission, subject):
    if access.can(Actor("1", held), permission, subject):
        assert access.can(Actor("1", held | {more}), permission, subject)


@given(roles, permissions, subjects)
def test_a_fact_about_the_subject_never_adds(held, permission, subject):
    if access.can(Actor("1", held), permission, subject):
        assert access.can(Actor("1", held), permission)


@given(roles, permissions)
def test_a_recused_member_is_refused_whatever_the_role(held, permission):
    assert not access.can(Actor("1", held), permission, Subject(recused=frozenset({"1"})))


def test_a_report_about_a_colleague_is_for_professional_standards_alone():
    about_us = Subject(police_party=True)
    may = {
        role
        for role in Role
        if access.can(Actor("1", frozenset({role})), Permission.OPEN_ACCOUNT, about_us)
    }
    assert may == {Role.PROFESSIONAL_STANDARDS}
    with pytest.raises(access.Refused, match="This report is not for you to open"):
        access.require(Actor("1", frozenset({Role.SUPERVISOR})), Permission.OPEN_ACCOUNT, about_us)


def test_whoever_audits_looks_opens_nothing():
    auditor = access.granted(frozenset({Role.AUDITOR}))
    assert Permission.SEE_LOOKS in auditor
    assert auditor.isdisjoint(
        {Permission.OPEN_ACCOUNT, Permission.SEE_INBOX, Permission.SEE_INCIDENTS}
    )


def test_every_permission_is_granted_to_somebody():
    assert access.granted(frozenset(Role)) == frozenset(Permission)


def test_an_unlisted_page_is_refused():
    with pytest.raises(access.Refused, match="not in the access table"):
        access.needed_for("protection:new_page", "/staff/new-page/")


def test_a_tree_is_ruled_by_the_start_of_its_path():
    needed = access.needed_for("wagtailadmin_login", "/staff/content/login/")
    assert needed is Permission.EDIT_PAGES
    assert access.needed_for("account_login", "/staff/account/login/") is Gate.ANYONE


def _broken(**tables):
    good = rules.load("access")
    return replace(good, tables=MappingProxyType({**good.tables, **tables}))


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ({"permissions": {"see_work": "See"}}, "says nothing of"),
        ({"roles": {"chief": {"label": "Chief", "may": []}}}, "chief"),
        ({"routes": {"protection:work": "see_wrok"}}, "see_wrok"),
        ({"session": {"shift_hours": 8}}, "idle_minutes"),
        ({"roles": {"editor": {"label": "Editor", "may": ["fly"]}}}, "fly"),
    ],
)
def test_a_table_with_an_unknown_or_a_missing_word_is_refused(tables, complaint):
    with pytest.raises(access.AccessTableError, match=complaint):
        access.parse(_broken(**tables))
