"""A report is tied to a person only where its reporter freed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.linking import SENTENCES, Basis, basis_of, may_be_linked

HOW = st.sampled_from(["named", "hidden", "anonymous", "", "something new"])
NAME = st.sampled_from(["", "  ", "Zanzibar Quill"])
SAID = st.sampled_from(["yes", "no", "", "YES", "maybe"])


@pytest.mark.parametrize(
    ("how", "name", "said", "basis"),
    [
        ("named", "Zanzibar Quill", "", Basis.NAMED),
        ("named", "Zanzibar Quill", "yes", Basis.NAMED),
        ("named", "Zanzibar Quill", "no", Basis.NOT_CHOSEN),
        ("named", "", "", Basis.NOT_CHOSEN),
        ("hidden", "", "yes", Basis.CHOSEN),
        ("hidden", "", "", Basis.NOT_CHOSEN),
        ("anonymous", "", "no", Basis.NOT_CHOSEN),
        ("", "", "", Basis.NOT_CHOSEN),
    ],
)
def test_a_name_given_openly_or_a_choice_and_nothing_else_frees_it(how, name, said, basis):
    assert basis_of(about_somebody=True, how=how, name=name, said=said) is basis


@given(HOW, NAME, SAID)
def test_a_report_about_a_place_is_never_freed(how, name, said):
    basis = basis_of(about_somebody=False, how=how, name=name, said=said)
    assert not may_be_linked(basis)


@given(st.booleans(), HOW, NAME)
def test_a_plain_no_is_never_passed_by(about_somebody, how, name):
    basis = basis_of(about_somebody=about_somebody, how=how, name=name, said="no")
    assert not may_be_linked(basis)


@given(HOW, NAME, SAID)
def test_without_an_open_name_only_a_plain_yes_frees_it(how, name, said):
    basis = basis_of(about_somebody=True, how=how, name=name, said=said)
    if how != "named" or not name.strip():
        assert may_be_linked(basis) == (said == "yes")


def test_every_basis_is_said_in_words():
    assert set(SENTENCES) == set(Basis)
