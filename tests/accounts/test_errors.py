"""Pages that refuse give a member's own words back, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from safehold.domain.access import Role
from tests.desk import member, sign_in
from tests.test_access_matrix import SOME_ID

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
]
WORDS = "The court has decided"
GONE = f"/staff/retention/{SOME_ID}/keep/"
SENT = {"keep_reason": WORDS, "until": "2030-01-01"}


@pytest.mark.parametrize(
    ("role", "at", "status"),
    [
        (Role.SUPERVISOR, GONE, 404),
        (Role.SUPERVISOR, "/staff/nowhere/", 404),
        (Role.EDITOR, GONE, 403),
    ],
)
def test_words_about_something_that_is_gone_are_given_back(
    client: Client, role: Role, at: str, status: int
) -> None:
    sign_in(client, member(role))
    answer = client.post(at, SENT)
    assert answer.status_code == status
    assert WORDS in answer.content.decode()


def test_words_of_a_form_that_is_too_old_are_given_back() -> None:
    client = Client()
    sign_in(client, member(Role.SUPERVISOR))
    client.handler.enforce_csrf_checks = True
    answer = client.post(GONE, SENT)
    assert answer.status_code == 403
    assert WORDS in answer.content.decode()


@pytest.mark.parametrize("at", [GONE, "/staff/nowhere/"])
def test_a_stranger_reads_nothing_of_what_they_sent(client: Client, at: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    for each in (client, strict):
        assert WORDS not in each.post(at, SENT).content.decode()


def test_nothing_that_opens_an_account_is_shown_again() -> None:
    client = Client()
    sign_in(client, member(Role.SUPERVISOR))
    client.handler.enforce_csrf_checks = True
    answer = client.post(reverse("account_change_password"), {"oldpassword": "one two three"})
    assert answer.status_code == 403
    assert "one two three" not in answer.content.decode()
