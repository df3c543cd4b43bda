"""The document for the data protection officer names every table, so that none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from safehold.records.staff.models import StaffMember

DOCUMENT = Path(__file__).parents[1] / "docs/data-protection.md"


def test_every_table_that_is_ours_or_leads_to_a_member_is_named_once() -> None:
    section = DOCUMENT.read_text(encoding="utf-8").split("\n## The tables\n")[1]
    named = re.findall(r"`(\w+)`", section.split("\n## ")[0])
    models = apps.get_models(include_auto_created=True)
    must_be = {
        model._meta.db_table
        for model in models
        if model.__module__.startswith("safehold.") or leads_to_a_member(model)
    }
    assert sorted(must_be - set(named)) == []
    assert sorted(set(named) - {model._meta.db_table for model in models}) == []
    assert len(named) == len(set(named))


def leads_to_a_member(model: type[Model]) -> bool:
    """Tell whether a table of a library has a column for a member of staff."""
    return any(field.related_model is StaffMember for field in model._meta.fields)
