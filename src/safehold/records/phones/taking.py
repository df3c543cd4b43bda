"""What came from a phone, opened and written into its assessment: history first, nothing lost."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import Tampered, WrongKey
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain import phones, risk
from safehold.domain.access import Permission
from safehold.domain.instruments import Instrument
from safehold.domain.phones import FromPhone
from safehold.domain.risk import Answer, NotAnAnswer
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.opening_keys import keys_for
from safehold.records.phones import queries
from safehold.records.phones.models import PhoneAnswer, PhoneStart, PhoneTaken
from safehold.records.phones.queries import PhoneNotFound
from safehold.records.risk import operations as risk_acts
from safehold.records.risk import queries as risk_queries
from safehold.records.risk.models import Assessment, ItemAnswer
from safehold.records.staff.models import StaffMember

_AS_IT_CAME = "As it came from the phone, which is no answer to this: {}"


class NotOpened(Exception):
    """Some of what came does not open, or fits no question; what does was taken over."""


@dataclass(slots=True)
class _Item:
    """The answers to one item: as they came, and the row that stands for them."""

    said: list[FromPhone]
    row: ItemAnswer | None


def take_over(*, start_id: UUID, by: StaffMember, at: datetime) -> int:
    """Open what came from a phone and write it down, as its officer's; return how many answers.

    Each is a row with the moment at which it was said. Nothing that anybody wrote elsewhere is
    replaced: where two differ both stand, until somebody who has seen both chooses. Also after the
    assessment was submitted, for it was said before. Raises Refused, PhoneNotFound, NotReady before
    the history was opened, KeyFileRefused, or NotOpened once the rest is taken over.
    """
    keys = keys_for(Purpose.ACCOUNT)
    with transaction.atomic():
        taken, left = _take_over(start_id, keys, by, at)
    if left:
        raise NotOpened(
            f"{left} of what came does not open here, or fits no question. It is kept as it came."
        )
    return taken


def _take_over(start_id: UUID, keys: OpeningKeys, by: StaffMember, at: datetime) -> tuple[int, int]:
    by.must(Permission.ASSESS_RISK)
    start = PhoneStart.objects.filter(pk=start_id, assessment__isnull=False).first()
    if start is None or start.assessment_id is None:
        raise PhoneNotFound("Nothing came from a phone here.")
    if not risk_queries.seen_by(by).filter(pk=start.assessment_id).exists():
        raise PhoneNotFound("Nothing came from a phone here.")
    assessment = risk_acts.locked(start.assessment_id, by)
    risk_acts.refuse_without_history(assessment, by, at)
    instrument = risk_queries.instrument_of(assessment)
    asked = {item.key for item in instrument.items}
    came = [(row, _opened(row, start, keys)) for row in queries.sealed_of(start)]
    new = [(row, said) for row, said in came if said is not None and said.item in asked]
    if new:
        _write(assessment, start, [said for _, said in new], instrument=instrument, by=by, at=at)
        PhoneAnswer.objects.filter(pk__in=[row.pk for row, _ in new]).delete()
        _note_over(start, at)
        audit.append(
            action=Action.PHONE_TAKEN_OVER,
            by=by,
            subject=risk_queries.about(assessment.pk),
            at=at,
            detail={"answers": len(new), "of": str(start.member_id)},
        )
    return len(new), len(came) - len(new)


def _note_over(start: PhoneStart, at: datetime) -> None:
    if start.sealed.exists() or not queries.has_arrived(start, start.taken.count()):
        return
    start.over_at = at
    start.save(update_fields=["over_at"])


def _opened(row: PhoneAnswer, start: PhoneStart, keys: OpeningKeys) -> FromPhone | None:
    try:
        opened = open_envelope(
            bytes(row.sealed), kind=Kind.PHONE, subject=queries.subject(start, row.pk), keys=keys
        )
        said = json.loads(opened)
        return FromPhone(
            key=str(row.pk),
            order=int(said["order"]),
            item=str(said["item"]),
            answer=Answer(
                str(said["given"]),
                tuple(str(each) for each in said["options"]),
                str(said["words"]),
            ),
            at=datetime.fromisoformat(str(said["at"]).replace("Z", "+00:00")),
        )
    except (Tampered, WrongKey, ValueError, KeyError, TypeError):
        return None


def _write(
    assessment: Assessment,
    start: PhoneStart,
    new: Sequence[FromPhone],
    *,
    instrument: Instrument,
    by: StaffMember,
    at: datetime,
) -> None:
    items = _before(start)
    by_item: defaultdict[str, list[FromPhone]] = defaultdict(list)
    for each in phones.in_order(new):
        by_item[each.item].append(each)
    made: list[ItemAnswer] = []
    for name, said in by_item.items():
        known = items.setdefault(name, _Item([], None))
        rows = _rows(assessment, start, known, said, instrument=instrument, at=at)
        made += rows.written
        for each, row in zip(said, rows.of_each, strict=True):
            _taken(start, each, row, by=by, at=at)
    risk_acts.heed_suicide(assessment, instrument, made, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Rows:
    written: list[ItemAnswer]
    of_each: list[ItemAnswer]


def _rows(
    assessment: Assessment,
    start: PhoneStart,
    known: _Item,
    said: Sequence[FromPhone],
    *,
    instrument: Instrument,
    at: datetime,
) -> _Rows:
    """Write the rows of one item: after each answer what they say together up to it.

    One that was given before what was taken over earlier changes nothing of what stands, so that is
    written once more, above it.
    """
    written: list[ItemAnswer] = []
    of_each: list[ItemAnswer] = []

    def write(up_to: Sequence[FromPhone], moment: datetime) -> None:
        together, row = phones.standing(up_to), known.row
        answer = _checked(instrument, said[0].item, together)
        if row is None or risk_queries.as_answer(row) != answer:
            row = _row(assessment, start, said[0].item, answer, moment, instead_of=row)
            written.append(row)
        known.row = row
        of_each.append(row)

    known.said = phones.in_order([*known.said, *said])
    for each in said:
        write(known.said[: known.said.index(each) + 1], each.at)
    if known.said[-1] not in said:
        write(known.said, at)
        of_each[-2:] = of_each[-1:]
    return _Rows(written, of_each)


def _row(
    assessment: Assessment,
    start: PhoneStart,
    item: str,
    answer: Answer,
    at: datetime,
    *,
    instead_of: ItemAnswer | None,
) -> ItemAnswer:
    made: ItemAnswer = ItemAnswer.objects.create(
        assessment=assessment,
        item=item,
        given=answer.given,
        options=list(answer.options),
        words=answer.words,
        instead_of=[str(instead_of.pk)] if instead_of else [],
        at=at,
        by=start.member,
    )
    return made


def _checked(instrument: Instrument, item: str, answer: Answer) -> Answer:
    """Return an answer as the instrument knows it; one that it does not know, in words."""
    given = "" if answer.given == risk.SAID else answer.given
    try:
        return risk.read_answer(
            instrument.item(item), given=given, options=answer.options, words=answer.words
        )
    except NotAnAnswer:
        came = " ".join(filter(None, (answer.given, *answer.options, answer.words)))
        return Answer("", (), _AS_IT_CAME.format(came)[: risk.LONGEST_WORDS])


def _before(start: PhoneStart) -> dict[str, _Item]:
    """Return what was taken over before, by item, with the row that stands for it."""
    found: dict[str, _Item] = {}
    rows = list(start.taken.select_related("answer"))
    own = ItemAnswer.objects.filter(assessment=start.assessment_id, by=start.member_id)
    replaced = {key for keys in own.values_list("instead_of", flat=True) for key in keys}
    for row in rows:
        known = found.setdefault(row.item, _Item([], None))
        answer = Answer(row.given, tuple(row.options), row.words)
        known.said.append(FromPhone(str(row.pk), row.order, row.item, answer, row.said_at))
        if str(row.answer_id) not in replaced:
            known.row = row.answer
    return found


def _taken(
    start: PhoneStart, said: FromPhone, row: ItemAnswer, *, by: StaffMember, at: datetime
) -> None:
    PhoneTaken.objects.create(
        pk=UUID(said.key),
        start=start,
        item=said.item,
        given=said.answer.given,
        options=list(said.answer.options),
        words=said.answer.words,
        order=said.order,
        said_at=said.at,
        answer=row,
        at=at,
        by=by,
    )
