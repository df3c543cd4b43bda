"""Coming back to a report by code: what the code leads to, and what is said there both ways.

A code is derived from once, whatever it opens. Who holds it sees the days on which she wrote, never
what: of her report nothing, of the unit's side everything that was written to her.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from safehold.crypto import codes, conversations
from safehold.crypto.codes import Code, Roots
from safehold.crypto.conversations import Holder
from safehold.crypto.envelopes import Kind as Envelope
from safehold.crypto.envelopes import seal
from safehold.crypto.errors import BadSignature, ContentUnreadable
from safehold.crypto.recipients import load_recipients
from safehold.crypto.signing import Signature, Signer, sign, verify
from safehold.domain.conversation import Entry, Kind, entry_from
from safehold.records.intake import nudges, saved, tickets
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import Draft, PassedReport, ReturnPlace, Said, SpentCode
from safehold.records.intake.saved import NothingSaved, SavedState
from safehold.records.intake.tickets import DraftGone, DraftState, DraftTicket

_ATTEMPTS = 5
DESTROYED = "the report was destroyed"  # as the guard of the table says it (records/removals.py)


class CodeClosed(Exception):
    """The code leads nowhere any more."""


class KeptNoMore(Exception):
    """The code led to a report that was destroyed when its time was over."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code leads, in memory for one request or locked in a draft of two halves."""

    report_id: UUID
    reference: str
    day: str
    for_standards: bool
    sealed_for_standards: bool
    find: str = field(repr=False)
    proof_key: str = field(repr=False)
    holder: Holder = field(repr=False)

    def to_plain(self) -> dict[str, Any]:
        """Return the place as plain values, to be locked."""
        return {
            "report": str(self.report_id),
            "reference": self.reference,
            "day": self.day,
            "standards": self.for_standards,
            "sealed": self.sealed_for_standards,
            "find": self.find,
            "proof": self.proof_key,
            "public": self.holder.public.hex(),
            "secret": self.holder.secret.hex(),
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry as the holder sees it: hers without its words, ours opened."""

    day: date
    from_us: bool
    entry: Entry | None


def place_from(content: dict[str, Any]) -> Place:
    """Read a place from plain values."""
    return Place(
        report_id=UUID(content["report"]),
        reference=str(content["reference"]),
        day=str(content["day"]),
        for_standards=content["standards"] is True,
        sealed_for_standards=_sealed_for_standards(content),
        find=str(content["find"]),
        proof_key=str(content["proof"]),
        holder=Holder(bytes.fromhex(content["public"]), bytes.fromhex(content["secret"])),
    )


def give_code(*, ticket: DraftTicket, code: Code, at: datetime) -> None:
    """Let a code lead to the report that a draft was sent as; once, and shown until it is kept.

    Raises DraftGone where there is no such draft or nothing was sent, and KeyFileRefused.
    """
    roots = _roots(code)

    def lead(report_id: UUID, content: dict[str, Any]) -> None:
        ReturnPlace.objects.using(INTAKE).create(
            find=place_of(roots),
            report_id=report_id,
            public_key=conversations.holder_of(roots).public,
            content=codes.lock(json.dumps(content).encode(), key=roots),
        )

    give(ticket=ticket, shown=codes.shown(code), lead=lead, at=at)


def give(
    *,
    ticket: DraftTicket,
    shown: str,
    lead: Callable[[UUID, dict[str, Any]], None],
    at: datetime,
) -> None:
    """Have a code lead to the report that a draft was sent as, once; the draft keeps it to show it.

    `lead` writes where the code leads, from the report's id and what its holder has to know.
    Raises DraftGone.
    """
    with transaction.atomic(using=INTAKE):
        draft, key, state = _sent(ticket, at)
        if state.answers.get("code"):
            return
        sent = state.answers["sent"]
        lead(UUID(sent["report"]), {**sent, "reference": state.reference})
        answers = {**state.answers, "code": shown}
        _keep(draft, key, DraftState(state.journey, answers, state.reference), at)


def code_kept(*, ticket: DraftTicket, at: datetime) -> None:
    """Note that the code was kept: it is not shown again. Raises DraftGone."""
    with transaction.atomic(using=INTAKE):
        draft, key, state = _sent(ticket, at)
        if state.answers.get("code"):
            _keep(
                draft,
                key,
                DraftState(state.journey, {"code": "kept"} | _beside(state), state.reference),
                at,
            )


def open_code(code: Code, at: datetime) -> SavedState | Place:
    """Return what a code opens: a form that was saved, or the place of a report that was sent.

    Raises NothingSaved where it opens neither, whatever the reason, KeptNoMore where its report was
    destroyed, and KeyFileRefused.
    """
    roots = _roots(code)
    try:
        return saved.open_with(roots, at)
    except NothingSaved:
        row = ReturnPlace.objects.using(INTAKE).filter(find=place_of(roots)).first()
    if row is None:
        if SpentCode.objects.using(INTAKE).filter(find=place_of(roots)).exists():
            raise KeptNoMore
        raise NothingSaved
    try:
        content = json.loads(codes.unlock(bytes(row.content), key=roots))
    except ContentUnreadable as error:
        raise NothingSaved from error
    holder = conversations.holder_of(roots)
    return Place(
        report_id=row.report_id,
        reference=str(content["reference"]),
        day=str(content["day"]),
        for_standards=content["standards"] is True,
        sealed_for_standards=_sealed_for_standards(content),
        find=row.find,
        proof_key=str(content["proof"]),
        holder=holder,
    )


def conversation(place: Place) -> list[Seen]:
    """Return what was said, in its order. Raises CodeClosed."""
    _must_be_open(place)
    return [
        Seen(row.day, row.from_us, _as_holder(row, place.holder)) for row in _said(place.report_id)
    ]


def write(place: Place, *, text: str, once: UUID | None = None, at: datetime) -> None:
    """Seal a message of the holder to whoever may open the account; the same `once` is one message.

    Raises CodeClosed.
    """
    with transaction.atomic(using=INTAKE):
        _must_be_open(place)
        _from_holder(place, Entry(Kind.WORDS, text), at, once=once)


def close_code(place: Place, at: datetime) -> None:
    """Let a code lead nowhere any more, and tell the unit so."""
    with transaction.atomic(using=INTAKE):
        # Not overwritten first: the public role may put no other key in the place of hers.
        destroyed, _ = ReturnPlace.objects.using(INTAKE).filter(find=place.find).delete()
        nudges.stop_nudges(place.report_id)
        if destroyed:
            _from_holder(place, Entry(Kind.CLOSED), at)


# The unit's side.


def has_code(report_id: UUID) -> bool:
    """Tell whether a code leads to a report, so that its holder can be written to."""
    return ReturnPlace.objects.using(INTAKE).filter(report_id=report_id).exists()


def write_to_holder(
    *,
    report_id: UUID,
    entry: Entry,
    for_us: bytes,
    signer: Signer,
    once: UUID | None = None,
    at: datetime,
) -> int:
    """Add an entry of the unit, sealed to the holder and, as given, to the unit; return its number.

    Raises CodeClosed where no code leads to the report.
    """
    with transaction.atomic(using=INTAKE):
        row = ReturnPlace.objects.using(INTAKE).filter(report_id=report_id).first()
        if row is None:
            raise CodeClosed
        payload = _signed(entry, report_id, signer)
        for_her = conversations.seal_to(bytes(row.public_key), payload)
        return _add(report_id, from_us=True, for_us=for_us, for_her=for_her, once=once, at=at)


def holder_key(report_id: UUID) -> bytes:
    """Return the public key to which the unit would write; empty where no code leads here."""
    row = ReturnPlace.objects.using(INTAKE).filter(report_id=report_id).first()
    return b"" if row is None else bytes(row.public_key)


def count_entries(report_id: UUID, *, after: int) -> tuple[int, int]:
    """Count every entry of a report, and those of its holder with a greater number."""
    rows = Said.objects.using(INTAKE).filter(report_id=report_id)
    return rows.count(), rows.filter(from_us=False, number__gt=after).count()


def count_entries_but(report_id: UUID, once: UUID | None) -> int:
    """Count the entries of a report, but for the one that is sent again under this id."""
    rows = Said.objects.using(INTAKE).filter(report_id=report_id)
    return rows.exclude(pk=once).count() if once else rows.count()


def entries(report_id: UUID) -> Iterator[Said]:
    """Give every entry of a report as it is stored, in its order."""
    yield from _said(report_id)


def newest_from_holders() -> Iterator[tuple[UUID, int]]:
    """Give each report whose holder wrote, with the number of the newest entry."""
    rows = Said.objects.using(INTAKE).filter(from_us=False)
    found = rows.values("report_id").annotate(newest=Max("number"))
    yield from found.values_list("report_id", "newest").iterator(chunk_size=1000)


def _from_holder(place: Place, entry: Entry, at: datetime, *, once: UUID | None = None) -> None:
    passed = PassedReport.objects.using(INTAKE).filter(pk=place.report_id)
    for_standards = passed.values_list("for_standards", flat=True).first()
    if for_standards is None:
        for_standards = place.sealed_for_standards
    purpose = Envelope.MESSAGE.purpose_where(for_standards=for_standards)
    sealed = seal(
        json.dumps(entry.to_plain(), ensure_ascii=False).encode(),
        kind=Envelope.MESSAGE,
        subject=str(place.report_id),
        recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
    )
    _add(place.report_id, from_us=False, for_us=sealed, for_her=None, once=once, at=at)


def _add(
    report_id: UUID,
    *,
    from_us: bool,
    for_us: bytes,
    for_her: bytes | None,
    once: UUID | None = None,
    at: datetime,
) -> int:
    entry_id = once or uuid4()
    for attempt in range(_ATTEMPTS):
        rows = Said.objects.using(INTAKE).filter(report_id=report_id)
        if (known := rows.filter(pk=entry_id).first()) is not None:
            return int(known.number)  # sent twice
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        try:
            with transaction.atomic(using=INTAKE):
                Said.objects.using(INTAKE).create(
                    id=entry_id,
                    report_id=report_id,
                    number=number,
                    from_us=from_us,
                    day=timezone.localdate(at),
                    for_us=for_us,
                    for_her=for_her,
                )
            return number
        except IntegrityError as error:
            if DESTROYED in str(error):  # the database says so, whatever this role may read
                raise CodeClosed from error
            if attempt == _ATTEMPTS - 1:  # else both sides wrote in the same moment
                raise
    raise AssertionError("unreachable")


def _said(report_id: UUID) -> Iterator[Said]:
    yield from Said.objects.using(INTAKE).filter(report_id=report_id).order_by("number")


def _signed(entry: Entry, report_id: UUID, signer: Signer) -> bytes:
    statement = _statement(entry, report_id)
    signature = sign(statement, signer=signer)
    content = {
        **entry.to_plain(),
        "by": signature.key_id.hex(),
        "signature": signature.value.hex(),
    }
    return json.dumps(content).encode()


def _statement(entry: Entry, report_id: UUID) -> bytes:
    return b"said to a holder\0" + report_id.bytes + json.dumps(entry.to_plain()).encode()


def _as_holder(row: Said, holder: Holder) -> Entry | None:
    """Open an entry of the unit; None for one that the unit's key did not sign."""
    if row.for_her is None:
        return None
    try:
        content = json.loads(conversations.open_as(holder, bytes(row.for_her)))
        entry = entry_from(content)
        if entry is None:
            return None
        signature = Signature(bytes.fromhex(content["by"]), bytes.fromhex(content["signature"]))
        trusted = load_recipients(settings.KEYS_FOLDER).keys
        verify(_statement(entry, row.report_id), signature=signature, trusted=trusted)
    except (ContentUnreadable, BadSignature, ValueError, KeyError, TypeError, AttributeError):
        return None
    return entry


def _must_be_open(place: Place) -> None:
    if not ReturnPlace.objects.using(INTAKE).filter(find=place.find).exists():
        raise CodeClosed


def _sent(ticket: DraftTicket, at: datetime) -> tuple[Draft, Any, DraftState]:
    rows = Draft.objects.using(INTAKE).select_for_update()
    draft = rows.filter(id=ticket.draft_id, last_used_at__gt=tickets.idle_before(at)).first()
    if draft is None:
        raise DraftGone
    key = tickets.key_of(ticket, draft)
    state = tickets.state_of(draft, key)
    if not state.reference or not ("sent" in state.answers or state.answers.get("code")):
        raise DraftGone
    return draft, key, state


def _beside(state: DraftState) -> dict[str, Any]:
    # Whether a member typed it, and what came too late; never what leads to the report.
    return {key: value for key, value in state.answers.items() if key not in {"sent", "code"}}


def _keep(draft: Draft, key: Any, state: DraftState, at: datetime) -> None:
    draft.content = tickets.locked(state, key)
    draft.last_used_at = tickets.used_at(at)
    draft.save(using=INTAKE, update_fields=["content", "last_used_at"])


def _roots(code: Code) -> Roots:
    return codes.derive(code, load_recipients(settings.KEYS_FOLDER).code_salt)


def _sealed_for_standards(content: dict[str, Any]) -> bool:
    # Places from before names were compared say once what now is said twice.
    return content.get("sealed", content["standards"]) is True


def place_of(roots: Roots) -> str:
    """Name the row that a code leads to, as nobody can without the code."""
    return hashlib.sha256(b"return " + bytes.fromhex(roots.find)).hexdigest()
