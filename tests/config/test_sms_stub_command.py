"""`safehold sms-stub` runs as it would in a terminal, on this machine and for practice alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from safehold.config.commands import sms_stub
from safehold.domain.gateways import SmsGateway
from safehold.records.nudges.text_messages import SmsByHttp
from tests.servers import ROOT

PROGRAM = [sys.executable, "-c", "from safehold.config.cli import main; main()", "sms-stub"]
PRACTICE = {"SAFEHOLD_SMS_URL": "http://127.0.0.1:8025/", "SAFEHOLD_SMS_TOKEN": "practice"}


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(sms_stub.command, ["--port", "0"])
    assert done.exit_code == 1
    return done.output.strip()


def test_it_takes_messages_until_it_is_ended() -> None:
    environment = {**os.environ, **PRACTICE, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*PROGRAM, "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            said = program.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert url is not None, said
            way = SmsByHttp(SmsGateway(url[0], "practice"))
            way.send("+447700900123", "", "Soup", until=datetime(2026, 12, 1, tzinfo=UTC))
        finally:
            program.terminate()


def test_a_real_site_has_no_use_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    force = str(ROOT / "forces" / "hertfordshire.toml")
    said = refusal(monkeypatch, SAFEHOLD_DEMONSTRATION="0", SAFEHOLD_FORCE=force, **PRACTICE)
    assert said == "Error: This is for practice: it sends nothing to anybody."


def test_without_a_token_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch)
    assert said == "Error: Set SAFEHOLD_SMS_URL and SAFEHOLD_SMS_TOKEN first."
