"""What a web process sets up before it answers anybody."""

from __future__ import annotations

from typing import Any

import pytest

from safehold.config import web
from safehold.crypto import codes


def test_web_processes_share_the_memory_that_codes_may_take(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    shared: list[int] = []
    settings.WORKERS = 2
    monkeypatch.setattr(web, "end_with_parent", lambda master: None)
    monkeypatch.setattr(web, "load", lambda: None)
    monkeypatch.setattr(web, "_begin_to_count", lambda: None)
    monkeypatch.setattr(codes, "share_turns", shared.append)

    web.load_in_worker(1)

    assert shared == [2]
