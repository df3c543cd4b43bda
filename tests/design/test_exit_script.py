"""The script that leaves, as it is served: small, inline-safe, alone in using Escape."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from safehold import design
from safehold.config import content_policy
from safehold.design import exit_script
from safehold.public import cookies
from safehold.records.intake.cookies import KEY_COOKIE

ROOM = Path(design.__file__).parent
MOST_BYTES = 2_048


def test_it_weighs_at_most_two_kilobytes() -> None:
    assert 0 < len(exit_script.SOURCE.encode()) <= MOST_BYTES


def test_its_hash_is_the_one_that_the_content_policy_allows() -> None:
    digest = base64.b64encode(hashlib.sha256(exit_script.SOURCE.encode()).digest()).decode()

    assert f"'sha256-{digest}'" in content_policy.headers("/")["Content-Security-Policy"]


def test_it_can_stand_inside_a_page() -> None:
    assert "</script" not in exit_script.SOURCE.lower()
    assert "<!--" not in exit_script.SOURCE


def test_it_drops_the_half_key_and_whatever_else_it_should() -> None:
    """Under both names of each is shown in the browser, where it can be seen."""
    listed = re.search(r'=(\["\w"(?:,"\w")*\])', exit_script.SOURCE)

    assert listed
    assert json.loads(listed[1]) == list(cookies.DROPPED_BY_THE_SCRIPT)
    assert KEY_COOKIE in cookies.DROPPED_BY_THE_SCRIPT
    assert set(cookies.DROPPED_BY_THE_SCRIPT) <= set(cookies.TAKEN_BACK)


def test_it_reads_the_cookie_that_switches_the_keys_off() -> None:
    assert re.findall(r"\(__Host-\)\?(\w)=1", exit_script.SOURCE) == [cookies.SWITCH_COOKIE]


def test_no_other_script_of_ours_listens_for_escape() -> None:
    """Escape means one thing on a public page, and nothing on a staff page."""
    sources = [path for path in ROOM.parent.glob("*/assets/*.js") if path.name != "exit.js"]

    assert sources
    for path in sources:
        assert not re.search(r"Escape|\bEsc\b|keyCode\s*===?\s*27", path.read_text()), path
