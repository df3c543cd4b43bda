"""The instruments in force: the rules' own, in a force's licensed wording where it has one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from safehold.domain import instruments
from safehold.domain.instruments import Instrument
from safehold.records.risk import wordings
from safehold.records.risk.models import InstrumentKept


class NoSuchInstrument(ValueError):
    """There is no instrument of this name."""


def in_force(key: str) -> Instrument:
    """Return an instrument as it is filled in today. Raises NoSuchInstrument."""
    return instruments.parse(_definition(key))


def all_in_force() -> list[Instrument]:
    """Return every instrument as it is filled in today."""
    return [in_force(key) for key in instruments.NAMES]


def is_demonstration() -> bool:
    """Tell whether this is practice, where a paraphrase may be graded."""
    return bool(settings.DEMONSTRATION or settings.FORCE.demonstration)


def may_be_graded(instrument: Instrument) -> bool:
    """Tell whether a grade may rest on an instrument here."""
    return instruments.may_be_graded(instrument, demonstration=is_demonstration())


def keep(key: str, *, at: datetime) -> InstrumentKept:
    """Keep an instrument as it is today, once. Raises NoSuchInstrument."""
    definition = _definition(key)
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    if not InstrumentKept.objects.filter(pk=digest).exists():
        with suppress(IntegrityError), transaction.atomic():  # somebody kept it this moment
            InstrumentKept.objects.create(
                digest=digest,
                key=key,
                version=definition["version"],
                wording=definition["wording"],
                definition=definition,
                kept_at=at,
            )
    found: InstrumentKept = InstrumentKept.objects.get(pk=digest)
    return found


def of(kept: InstrumentKept) -> Instrument:
    """Return an instrument as it was when it was filled in."""
    return _parsed(kept.digest, json.dumps(kept.definition))


@cache
def _parsed(digest: str, definition: str) -> Instrument:
    return instruments.parse(json.loads(definition))


def _definition(key: str) -> Mapping[str, Any]:
    if key not in instruments.NAMES:
        raise NoSuchInstrument("Choose an instrument from the list.")
    licensed = wordings.licensed(Path(settings.SAFEHOLD_DATA))
    return licensed.get(key) or instruments.definitions()[key]
