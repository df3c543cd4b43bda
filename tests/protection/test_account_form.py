"""What the form of acceptance offers before anybody types."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from safehold.domain.journey import whereabouts
from safehold.protection import account_page
from safehold.public.report import in_words


@pytest.mark.parametrize(("label", "offered"), [("Elm Row", "Elm Row"), (in_words.A_POINT, "")])
def test_a_point_near_nothing_is_offered_as_no_name(label: str, offered: str) -> None:
    form = account_page._form(SimpleNamespace(about_somebody=False, place_name=label), [])
    assert form.initial["name"] == offered


def test_a_point_is_named_in_one_way() -> None:
    assert in_words.A_POINT == whereabouts.A_POINT
