"""The unit and the holder of a code write to each other, each entry sealed, each act on record."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.conversations import proof_mark
from safehold.crypto.envelopes import Kind as Envelope
from safehold.crypto.errors import WrongKey
from safehold.crypto.opening import open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain.access import Refused, Role
from safehold.domain.answering import Waits
from safehold.domain.conversation import (
    STATUSES,
    Entry,
    Kind,
    NotToBeSaid,
    check_for_holder,
    entry_from,
    status,
)
from safehold.records.audit import queries as events
from safehold.records.clocks.models import Clock
from safehold.records.conversations import operations
from safehold.records.intake import returns
from safehold.records.intake.models import Nudge, ReturnPlace, Said
from safehold.records.nudges.models import Due
from safehold.records.opening_keys import keys_for
from safehold.records.triage.identities import open_identity
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.proofs import NotAProof, check_proof
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, member, send_harm
from tests.desk_codes import send_with_code
from tests.unguarded import take_guards_from

in_the_stores = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
REASON = "To answer what was written"
OURS, HERS = "Can we ring on Monday at ten", "Yes, but not before nine"


def acts(report_id: UUID) -> list[str]:
    return [row.action for row in events.events_about(about(report_id)).order_by("sequence")]


class TestOnTheDesk:
    pytestmark = in_the_stores

    def test_both_sides_read_what_the_other_wrote(self) -> None:
        report_id, place = send_with_code()
        officer = member()
        operations.write(report_id=report_id, text=OURS, by=officer, at=AT)
        assert [seen.entry for seen in returns.conversation(place)] == [Entry(Kind.WORDS, OURS)]
        returns.write(place, text=HERS, at=AT)
        lines = operations.open_conversation(report_id=report_id, reason=REASON, by=officer, at=AT)
        assert [(line.from_us, line.entry) for line in lines] == [
            (True, Entry(Kind.WORDS, OURS)),
            (False, Entry(Kind.WORDS, HERS)),
        ]
        assert acts(report_id)[-3:] == ["message written", "looked", "messages opened"]

    def test_what_nobody_has_read_waits_until_somebody_has(self) -> None:
        report_id, place = send_with_code()
        officer = member()
        assert operations.unread(by=officer) == []
        returns.write(place, text=HERS, at=AT)
        assert operations.unread(by=officer) == [report_id]
        assert operations.standing(report_id=report_id, by=officer).unread == 1
        operations.open_conversation(report_id=report_id, reason=REASON, by=officer, at=AT)
        assert operations.unread(by=officer) == []
        returns.write(place, text=HERS, at=AT)
        assert operations.unread(by=officer) == [report_id]

    def test_what_somebody_may_not_see_takes_no_place_among_what_waits(self, monkeypatch) -> None:
        monkeypatch.setattr(operations, "MOST_WAITING", 2)
        ours = []
        for days in (3, 1, 2):
            report_id, place = send_with_code()
            TriageSlip.objects.filter(pk=report_id).update(received_at=AT - timedelta(days=days))
            returns.write(place, text=HERS, at=AT)
            ours.append(report_id)
            _, theirs = send_with_code(works={"party": "not_sure"})
            returns.write(theirs, text=HERS, at=AT)
        assert operations.unread(by=member()) == [ours[0], ours[2]]  # the oldest first

    def test_she_waits_until_it_is_written(self, monkeypatch) -> None:
        report_id, _ = send_with_code()
        Clock.objects.filter(report_id=report_id).delete()
        hour = timedelta(hours=1)
        Clock.objects.create(
            report_id=report_id,
            waits=Waits.ANSWER,
            rules_version="1",
            starts_at=AT - hour,
            due_at=AT + hour,
            alarms_at=AT + 2 * hour,
        )
        running = Clock.objects.filter(report_id=report_id, waits=Waits.ANSWER, stopped_at=None)
        with monkeypatch.context() as away:

            def broken(**_: object) -> int:
                raise OperationalError("the intake store is away")

            away.setattr(returns, "write_to_holder", broken)
            with pytest.raises(OperationalError):
                operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        assert running.exists()
        assert acts(report_id)[-1] == "message written"
        operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        assert not running.exists()

    def test_a_thin_reason_reads_nothing_and_leaves_it_unread(self) -> None:
        report_id, place = send_with_code()
        returns.write(place, text=HERS, at=AT)
        officer = member()
        with pytest.raises(ReasonTooThin):
            operations.open_conversation(report_id=report_id, reason="x", by=officer, at=AT)
        assert operations.unread(by=officer) == [report_id]

    @pytest.mark.parametrize(
        "role", [Role.IDENTITY_KEEPER, Role.ANALYST, Role.EDITOR, Role.AUDITOR]
    )
    def test_nobody_apart_from_the_unit_reads_or_writes(self, role: Role) -> None:
        report_id, _ = send_with_code()
        by = member(role)
        with pytest.raises(Refused):
            operations.open_conversation(report_id=report_id, reason=REASON, by=by, at=AT)
        with pytest.raises(Refused):
            operations.write(report_id=report_id, text=OURS, by=by, at=AT)
        assert operations.unread(by=by) == []

    def test_a_report_about_a_colleague_is_answered_by_professional_standards(self) -> None:
        report_id, place = send_with_code(works={"party": "not_sure"})
        returns.write(place, text=HERS, at=AT)
        for role in (Role.TRIAGE_OFFICER, Role.SUPERVISOR):
            assert operations.unread(by=member(role)) == []
            with pytest.raises(Refused):
                operations.write(report_id=report_id, text=OURS, by=member(role), at=AT)
        standards = member(Role.PROFESSIONAL_STANDARDS)
        assert operations.unread(by=standards) == [report_id]
        (line,) = operations.open_conversation(
            report_id=report_id, reason=REASON, by=standards, at=AT
        )
        assert line.entry == Entry(Kind.WORDS, HERS)

    def test_a_status_is_one_of_the_list(self) -> None:
        report_id, place = send_with_code()
        operations.say_status(report_id=report_id, key="working", by=member(), at=AT)
        assert [seen.entry for seen in returns.conversation(place)] == [status("working")]
        with pytest.raises(KeyError):
            operations.say_status(report_id=report_id, key="arrested", by=member(), at=AT)

    def test_nobody_can_be_written_to_without_a_code_or_after_it_was_closed(self) -> None:
        without = send_harm()
        with pytest.raises(operations.CodeClosed):
            operations.write(report_id=without, text=OURS, by=member(), at=AT)
        report_id, place = send_with_code()
        returns.close_code(place, AT)
        with pytest.raises(operations.CodeClosed):
            operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        assert "message written" not in acts(report_id)
        (line,) = operations.open_conversation(
            report_id=report_id, reason=REASON, by=member(), at=AT
        )
        assert line.entry == Entry(Kind.CLOSED)

    def test_what_is_said_in_a_colleagues_matter_is_sealed_to_professional_standards(self) -> None:
        report_id, _ = send_with_code(works={"party": "yes"})
        standards = member(Role.PROFESSIONAL_STANDARDS)
        operations.write(report_id=report_id, text=OURS, by=standards, at=AT)
        (row,) = returns.entries(report_id)
        keys = keys_for(Purpose.STANDARDS)
        envelope = bytes(row.for_us)
        assert open_envelope(envelope, kind=Envelope.MESSAGE, subject=str(report_id), keys=keys)
        with pytest.raises(WrongKey):
            open_envelope(
                envelope,
                kind=Envelope.MESSAGE,
                subject=str(report_id),
                keys=keys_for(Purpose.ACCOUNT),
            )

    def test_nothing_is_written_to_a_key_that_was_put_in_the_place_of_hers(self) -> None:
        report_id, _ = send_with_code()
        operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        ReturnPlace.objects.using("intake").update(public_key=b"x" * 32)
        with pytest.raises(operations.KeyChanged):
            operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        assert len(list(returns.entries(report_id))) == 1

    def test_whoever_opened_the_hidden_name_does_not_read_the_messages(self) -> None:
        report_id, place = send_with_code(
            works={"party": "yes"}, identity={"how": "hidden"}, name={"name": "Zanzibar"}
        )
        returns.write(place, text=HERS, at=AT)
        standards = member(Role.PROFESSIONAL_STANDARDS)
        open_identity(report_id=report_id, reason=REASON, by=standards, at=AT)
        with pytest.raises(Refused, match="opened the name"):
            operations.open_conversation(report_id=report_id, reason=REASON, by=standards, at=AT)

    def test_what_cannot_be_opened_goes_on_waiting(self) -> None:
        report_id, place = send_with_code()
        returns.write(place, text=HERS, at=AT)
        returns.write(place, text=HERS, at=AT)
        row = Said.objects.using("intake").get(number=2)
        take_guards_from("intake_said")
        Said.objects.using("intake").filter(number=2).delete()
        row._state.adding, row.for_us = True, b"damaged"
        row.save(using="intake")
        operations.open_conversation(report_id=report_id, reason=REASON, by=member(), at=AT)
        assert operations.standing(report_id=report_id, by=member()).unread == 1

    def test_news_is_told_to_whoever_asked_for_it(self) -> None:
        report_id, _ = send_with_code()
        operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        assert not Due.objects.exists()  # nobody asked
        Nudge.objects.using("intake").create(report_id=report_id, sealed=b"x", kept_since=AT.date())
        operations.write(report_id=report_id, text=OURS, by=member(), at=AT)
        assert Due.objects.get(pk=report_id).because_at == AT

    def test_a_message_pressed_twice_is_one(self) -> None:
        report_id, _ = send_with_code()
        once = uuid4()
        for _ in range(2):
            operations.write(report_id=report_id, text=OURS, once=once, by=member(), at=AT)
        assert len(list(returns.entries(report_id))) == 1

    def test_a_proof_fits_its_own_report_and_no_other(self) -> None:
        _, place = send_with_code()
        _, other = send_with_code()

        def shown(reference: str, day: str) -> str:
            mark = proof_mark(key=place.proof_key, reference=place.reference, day=place.day)
            return f"Reference: {reference}\nDay: {day}\nMark: {mark[:5]} {mark[5:].upper()}\n"

        proven = check_proof(shown(place.reference, place.day), reason=REASON, by=member(), at=AT)
        assert (proven.reference, proven.day) == (place.reference, place.day)
        assert acts(place.report_id)[-2:] == ["looked", "proof checked"]
        with pytest.raises(Refused):
            check_proof(
                shown(place.reference, place.day), reason=REASON, by=member(Role.EDITOR), at=AT
            )
        for wrong in (
            shown(other.reference, place.day),
            shown(place.reference, "2026-01-01"),
            shown("2222-2222", place.day),
            "Reference: x",
            "",
        ):
            with pytest.raises(NotAProof):
                check_proof(wrong, reason=REASON, by=member(), at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "He was arrested today",
        "We took it to the MARAC.",
        "He is on BAIL",
        "About Clare’s Law",
        "He is released, be careful",
        "He was remanded and is out on licence",
        "We are arresting him, releasing follows",
        "MARACs and Clares Law",
    ],
)
def test_a_message_never_tells_what_a_code_must_not(text: str) -> None:
    with pytest.raises(NotToBeSaid, match="Say it in person"):
        check_for_holder(text)


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        "  Bailey Street at ten  ",
        "We cannot, in short, wait",
        "Ring us in order to agree a time",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    assert check_for_holder(text) == text.strip()


@given(st.sampled_from(sorted(STATUSES)))
def test_no_status_has_a_word_that_a_message_may_not_have(key: str) -> None:
    assert check_for_holder(STATUSES[key]) == STATUSES[key]


@given(st.dictionaries(st.text(max_size=6), st.one_of(st.none(), st.text(), st.integers())))
def test_what_is_no_entry_is_read_as_none(content: dict[str, object]) -> None:
    found = entry_from(content)
    assert found is None or found.to_plain()["kind"] == content["kind"]
