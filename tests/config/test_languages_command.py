"""`safehold languages`: what is shown, what waits for a speaker, and what changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from safehold.config import languages
from safehold.config.commands import languages as command
from safehold.domain.languages import Approval, NotACatalogue, digest

PARTS = {"chrome": ("Leave", "Call %(phone)s"), "pages": ()}
WORDS = {"Leave": ("Gadael",), "Call %(phone)s": ("Ffonio %(phone)s",)}
READ = Approval("cy", "chrome", digest(PARTS["chrome"], WORDS), "A Speaker", date(2026, 11, 27))

Said = Callable[..., str]


@pytest.fixture
def said(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Said:
    def run(words: dict[str, tuple[str, ...]] | None, *approvals: Approval) -> str:
        def catalogue(code: str) -> dict[str, tuple[str, ...]]:
            if words is None:
                raise NotACatalogue("This catalogue is damaged.")
            return words

        monkeypatch.setattr(languages, "parts", lambda: PARTS)
        monkeypatch.setattr(languages, "catalogue", catalogue)
        offered = ("en-GB", "cy")
        settings.FORCE = replace(settings.FORCE, languages=offered, approvals=approvals)
        done = CliRunner().invoke(command.command)
        assert done.exit_code == 0
        return done.output

    return run


def test_english_needs_no_approval(settings: Any) -> None:
    done = CliRunner().invoke(command.command)
    assert done.output == "en-GB  English: what every page is written in.\n"


def test_what_is_shown_names_its_speaker(said: Said) -> None:
    assert "cy  Cymraeg\n  chrome: shown; A Speaker read it on 2026-11-27.\n" in said(WORDS, READ)


def test_what_waits_gives_the_digest_to_copy(said: Said) -> None:
    assert f'chrome: waits for a speaker. digest = "{READ.digest}"' in said(WORDS)


def test_what_changed_since_it_was_approved_is_told(said: Said) -> None:
    changed = {**WORDS, "Leave": ("Ymadael",)}
    assert "chrome: changed since it was approved; waits for a speaker." in said(changed, READ)


def test_what_is_not_whole_says_what_is_missing(said: Said) -> None:
    assert "chrome: not whole. “Leave” has no translation." in said({**WORDS, "Leave": ("",)})


def test_a_damaged_catalogue_is_told(said: Said) -> None:
    assert "This catalogue is damaged. Every page comes in English." in said(None)
