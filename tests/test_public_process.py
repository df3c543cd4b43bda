"""What the public process loads, and what it cannot reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

NEVER = (
    "wagtail",
    "allauth",
    "duckdb",
    "pyarrow",
    "django.contrib.auth.models",
    "django.contrib.sessions",
    "safehold.crypto.opening",
    "safehold.content",
    "safehold.accounts",
    "safehold.protection",
    "safehold.patrol",
    "safehold.analysis",
    "safehold.records.audit.models",
    "safehold.records.incidents",
    "safehold.records.open_data",
    "safehold.records.places",
    "safehold.records.staff",
    "safehold.records.triage",
    "safehold.records.clocks",
    "safehold.records.duty",
    "safehold.records.feedback",
    "safehold.records.shares",
    "safehold.records.agencies",
    "pyrage",
    "safehold.records.dvds",
    "safehold.records.contacts",
    "safehold.records.exhibits",
    "safehold.records.conversations",
    "safehold.records.calls",
    "safehold.records.nudges",
    "safehold.records.retention",
    "safehold.records.beside",
    "safehold.records.conflicts",
    "safehold.records.people",
    "safehold.records.cases",
    "safehold.records.histories",
    "safehold.records.exports",
    "safehold.records.orders",
    "safehold.records.marac",
    "safehold.records.imports",
    "safehold.records.risk",
    "safehold.records.phones",
    "safehold.records.deadlines",
    "safehold.records.safety",
    "safehold.records.opening_keys",
    "safehold.records.keys",
    "safehold.crypto.key_checks",
    "safehold.crypto.key_custody",
)

PROGRAM = """
import json, sys
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
get_wsgi_application()
def walk(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            walk(pattern.url_patterns)
walk(get_resolver().url_patterns)
from django.template import engines
engines["jinja2"]
from django.db import connections
try:
    connections["default"].cursor()
    opened = "opened"
except Exception as error:
    opened = type(error).__name__
print(json.dumps({"modules": sorted(sys.modules), "records": opened}))
"""


@pytest.fixture(scope="module")
def public_process() -> dict:
    environment = {
        **os.environ,
        "SITE": "public",
        "DJANGO_SETTINGS_MODULE": "safehold.config.settings",
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_it_loads_neither_the_cms_nor_casework_nor_an_opening_key(public_process):
    loaded = public_process["modules"]

    within = tuple(f"{name}." for name in NEVER)
    assert not [name for name in loaded if name in NEVER or name.startswith(within)]


def test_it_does_load_what_it_serves(public_process):
    # Otherwise the test above could pass on a process that loaded nothing.
    assert {"safehold.public.urls", "safehold.records.intake.models"} <= set(
        public_process["modules"]
    )


def test_it_has_no_connection_to_the_records_store(public_process):
    assert public_process["records"] == "ImproperlyConfigured"
