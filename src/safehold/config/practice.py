"""Filling an installation for practice: an invented force's land, events and reports, once.

Everything goes in through the doors that real data use. A force that exists gets its public pages
and nothing invented.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from safehold import demonstration
from safehold.config import (
    practice_agencies,
    practice_feedback,
    practice_names,
    practice_services,
    practice_unit,
)
from safehold.config.practice_places import publish_places
from safehold.demonstration.world import DEFAULT_SEED, LABEL, VERSION, World
from safehold.domain.force import Force

if TYPE_CHECKING:  # these rooms need Django's apps, and this module is read before they are ready
    from safehold.demonstration.reports import Report
    from safehold.records.staff.models import StaffMember
    from safehold.records.triage.accounts import Account
    from safehold.records.triage.operations import Decisions

NOTE = ".filled"
FOLDER = "demonstration"
ZONE = ZoneInfo("Europe/London")
WHO = "demonstration"
OFFICER = "officer"
UNDECIDED = 3  # of those accepted
WHY_NOT_A_CRIME = "Practice: the place is told of, and no act by anybody"
WHY_READ = "Practice: to decide whether an invented report is of a crime"
WHY_OPENED = "Practice: first triage of an invented report"
SUPERVISOR = "supervisor"
DECIDED = 30  # of the oldest reports; the others wait on the desk
READ_AFTER, DECIDED_AFTER, LATE_AFTER = timedelta(hours=3), timedelta(hours=20), timedelta(hours=31)
ONE_IN = 9  # of the decisions on crime is late, so that somebody sees what that looks like

Say = Callable[[str], None]


class Filled(RuntimeError):
    """The installation is filled with something else; the message says with what."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What an installation is filled with: a change of any of these means another one."""

    force: str
    seed: int
    version: int

    def text(self) -> str:
        """Return the note that is left behind."""
        return json.dumps({"force": self.force, "seed": self.seed, "version": self.version})


def filling_of(force: Force, seed: int = DEFAULT_SEED) -> Filling:
    """Return what a force's practice installation is filled with."""
    return Filling(force.key, seed if force.demonstration else 0, VERSION)


def is_filled(data: Path, wanted: Filling) -> bool:
    """Tell whether the data folder is filled as wanted. Raises Filled where it is otherwise."""
    note = data / NOTE
    if not note.exists():
        return False
    found = note.read_text()
    if found != wanted.text():
        raise Filled(
            f"{data} is filled for practice already, with {found}; "
            "remove that folder, or set SAFEHOLD_DATA to another one."
        )
    return True


def fill(*, force: Force, data: Path, at: datetime, seed: int = DEFAULT_SEED, say: Say) -> None:
    """Fill an installation whose stores are ready; doing it again changes nothing.

    Raises Filled where it is filled with something else.
    """
    wanted = filling_of(force, seed)
    if is_filled(data, wanted):
        return
    _publish_pages(force, at=at, say=say)
    if force.demonstration:
        _put_films_and_easy_words(data)
        world = _write_files(force, data / FOLDER, at=at, seed=seed)
        _load_places(data / FOLDER, at=at, say=say)
        _import_crimes(data / FOLDER, at=at, say=say)
        publish_places(world, at=at, say=say)
        say(f"Services listed: {practice_services.add_services(by_name=WHO, at=at)}, all invented.")
        practice_names.link_somebody(at=at)
        sent = _send_reports(world, say=say)
        if sent:
            practice_names.tell(_send, at=at)
            say("A name is met: one report went to professional standards by it.")
        say(f"Feedback sent: {practice_feedback.send_feedback(at=at)} pieces, all invented.")
        _decide_some(sent, world, at=at, say=say)
        practice_agencies.fill(data, at=at, say=say)
        practice_unit.fill(world, data / FOLDER / "unit", at=at, say=say)
    (data / NOTE).write_text(wanted.text())


def _publish_pages(force: Force, *, at: datetime, say: Say) -> None:
    from safehold.content.operations import seed_pages
    from safehold.records.audit.actors import System

    seed_pages(force=force, by=System(WHO), at=at)
    say("Public pages published.")


def _put_films_and_easy_words(data: Path) -> None:
    from safehold.records.media.queries import FOLDER as MEDIA

    shutil.copytree(Path(demonstration.__file__).parent / "media", data / MEDIA, dirs_exist_ok=True)


def _write_files(force: Force, folder: Path, *, at: datetime, seed: int) -> World:
    from safehold.demonstration.writing import write

    today = at.astimezone(ZONE).date()
    return write(folder, today=today, force=force.police_uk_name, key=force.key, seed=seed)


def _load_places(folder: Path, *, at: datetime, say: Say) -> None:
    from safehold.records.audit.actors import System
    from safehold.records.gazetteer.operations import load_boundaries, load_entries

    by = System(WHO)
    for kind, file in (("force", "force_area"), ("district", "districts")):
        load_boundaries(
            path=folder / "boundaries" / f"{file}.geojson",
            kind=kind,
            name_field="name",
            code_field="code",
            attribution=LABEL,
            by=by,
            at=at,
        )
    kept = {}
    for kind, columns in (
        ("town", {"name": "name", "district": "district", "weight": "people"}),
        ("street", {"name": "name", "town": "town", "district": "district"}),
        ("place", {"name": "name", "town": "town", "district": "district"}),
        ("postcode", {"name": "postcode", "town": "town", "district": "district"}),
    ):
        report = load_entries(
            path=folder / "gazetteer" / f"{kind}s.csv",
            kind=kind,
            columns={**columns, "longitude": "longitude", "latitude": "latitude"},
            attribution=LABEL,
            by=by,
            at=at,
        )
        kept[kind] = report.kept
    say("Places loaded: " + ", ".join(f"{count:,} {kind}s" for kind, count in kept.items()) + ".")


def _import_crimes(folder: Path, *, at: datetime, say: Say) -> None:
    from django.conf import settings

    from safehold.records.audit.actors import System
    from safehold.records.open_data.operations import import_crimes

    report = import_crimes(
        paths=[folder / "crimes"],
        root=settings.OPEN_DATA,
        refused_file=folder / "refused-crimes.csv",
        by=System(WHO),
        at=at,
    )
    say(f"Crimes imported: {report.kept:,} rows, all invented.")


def _send_reports(world: World, *, say: Say) -> list[tuple[str, Report]]:
    """Send every report as a visitor would, all of them or none; once any is there, none again.

    Returns each report's reference beside it, the oldest first.
    """
    from django.db import transaction

    from safehold.config.stores import INTAKE
    from safehold.records.intake.models import SealedReport

    if SealedReport.objects.using(INTAKE).exists():
        return []
    with transaction.atomic(using=INTAKE):
        sent = [
            (_send("place", report.answers, at=report.sent), report)
            for report in sorted(world.reports, key=lambda report: report.sent)
        ]
        for telling in world.tellings:
            _send(telling.journey, telling.answers, at=telling.sent)
    say(
        f"Reports sent: {len(sent)} about places, {len(world.tellings)} of what was done to "
        "somebody or is asked about somebody, sealed like any other."
    )
    return sent


def _decide_some(sent: list[tuple[str, Report]], world: World, *, at: datetime, say: Say) -> None:
    """Let the practice officer accept the older reports, and her supervisor decide on crime."""
    from safehold.records.duty import operations as duty
    from safehold.records.incidents import operations as incidents
    from safehold.records.incidents.models import CrimeDecision
    from safehold.records.staff.models import StaffMember
    from safehold.records.triage import operations as triage
    from safehold.records.triage.models import TriageSlip

    members = {each.username: each for each in StaffMember.objects.all()}
    officer, supervisor = members.get(OFFICER), members.get(SUPERVISOR)
    if officer is None or supervisor is None:
        return
    duty.take_watch(by=supervisor, at=at)
    triage.open_new_slips(at=at)
    names = {place.key: f"{place.name}, {place.town}" for place in world.places}
    for number, (reference, report) in enumerate(sent[:DECIDED]):
        slip = TriageSlip.objects.get(reference=reference)
        read_at = min(at, report.sent + READ_AFTER)
        account = triage.open_account(
            report_id=slip.report_id, reason=WHY_OPENED, by=officer, at=read_at
        )
        name = names.get(report.about) or account.place_name
        incident = triage.accept_report(
            report_id=slip.report_id,
            decisions=_decisions(account, name, by=officer),
            by=officer,
            at=read_at,
        )
        if number < DECIDED - UNDECIDED:
            after = LATE_AFTER if number % ONE_IN == 0 else DECIDED_AFTER
            decided_at = min(at, report.sent + after)
            triage.open_account(
                report_id=slip.report_id, reason=WHY_READ, by=supervisor, at=decided_at
            )
            incidents.decide_crime(
                incident_id=incident.pk,
                decision=CrimeDecision.NOT_CRIME,
                reason=WHY_NOT_A_CRIME,
                by=supervisor,
                at=decided_at,
            )
    practice_feedback.read_some(by=officer, at=at)
    say(f"Reports accepted: {len(sent[:DECIDED])} by the practice officer; the others wait.")


def _decisions(account: Account, name: str, *, by: StaffMember) -> Decisions:
    from safehold.records.incidents.queries import Classification
    from safehold.records.places.queries import PlaceKind, near
    from safehold.records.triage.operations import Decisions

    spot = account.spot
    known = (
        near(longitude=spot.longitude, latitude=spot.latitude, by=by)
        if spot.longitude is not None and spot.latitude is not None
        else []
    )
    return Decisions(
        place_id=known[0].place.pk if known else None,
        place_name=name,
        place_kind=PlaceKind.NOT_SAID,
        classification=Classification.NOT_CLASSIFIED,
    )


def _send(journey: str, plain: dict[str, dict[str, object]], *, at: datetime) -> str:
    from safehold.domain.journey.answers import Answers
    from safehold.domain.journey.ask import ask_report
    from safehold.domain.journey.harm import harm_report
    from safehold.domain.journey.place import place_report
    from safehold.records.intake import operations as intake

    answers = Answers.from_plain(plain)
    ticket = intake.start_draft(journey=journey, at=at)
    intake.save_answers(ticket=ticket, answers=answers.to_plain(), at=at)
    make = {"place": place_report, "harm": harm_report, "ask": ask_report}[journey]
    made = make(answers, at=at, zone=ZONE)
    receipt = intake.submit(
        ticket=ticket, slip=made.slip, account=made.account, identity=made.identity, at=at
    )
    intake.discard_draft(draft_id=ticket.draft_id, at=at)
    return receipt.reference
