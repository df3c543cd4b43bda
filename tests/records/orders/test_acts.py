"""What is done with an order, and the deadlines that follow by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from safehold.domain import order_states
from safehold.domain.access import Refused, Role
from safehold.domain.order_states import HOLDING, OVER
from safehold.records.append_only import WrittenOnce
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases import timeline
from safehold.records.cases.models import Case, CaseIncident
from safehold.records.deadlines.models import Deadline
from safehold.records.histories import queries as histories
from safehold.records.incidents.models import Incident
from safehold.records.orders import (
    breaking,
    changing,
    keeping,
    listing,
    notifying,
    queries,
    recording,
    serving,
)
from safehold.records.orders.breaking import Happened
from safehold.records.orders.keeping import Meanwhile, NotAnOrder
from safehold.records.orders.listing import Which
from safehold.records.orders.models import Breach, Order, OrderAct, Service
from safehold.records.orders.notifying import Telling
from safehold.records.people import facts
from safehold.records.people.models import Person
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member
from tests.ordered import CONTACT, DAY, TODAY, order, served
from tests.safeguarded import SAID, Safeguarded, safeguarded

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
HOUR = timedelta(hours=1)


@pytest.fixture
def officer() -> Any:
    return member()


@pytest.fixture
def of(officer) -> Safeguarded:
    return safeguarded(officer, at=AT - 20 * DAY)


def runs(made: Order | Breach) -> dict[str, Deadline]:
    """Return what runs about an order, or about the incident of a breach, by its rule."""
    key = made.incident_id if isinstance(made, Breach) else made.pk
    rows = Deadline.objects.filter(about_id=key, stopped_at=None, superseded_by=None)
    return {row.rule.key: row for row in rows}


def standing(made: Order, by: Any) -> queries.Standing:
    return queries.of_person(made.respondent.identity, by=by)[0]


def test_what_it_is_and_whom_it_binds_are_enough(of, officer) -> None:
    made = recording.record_order(
        draft=recording.Draft(kind="restraining", respondent=of.he), by=officer, at=AT
    )
    assert standing(made, officer).state(AT) in HOLDING
    assert [act.what for act in made.acts.all()] == ["recorded"]
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.subject_id) == ("order recorded", str(made.pk))
    assert not Deadline.objects.exists(), "no case, no clock"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "asbo"}, "kind"),
        ({"made_on": TODAY + DAY}, "made_on"),
        ({"begins": TODAY, "expires": TODAY - DAY}, "expires"),
        ({"expires": TODAY - 9 * DAY}, "expires"),
        ({"conditions": (recording.Said("contact", ""),)}, "words"),
        ({"conditions": (recording.Said("contact", "No contact", "The quay"),)}, "zone"),
        ({"made_on": date(1930, 1, 1)}, "made_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_box(of, officer, changes, field) -> None:
    with pytest.raises(NotAnOrder) as error:
        order(of, officer, **changes)
    assert error.value.field == field
    assert not Order.objects.exists()


def test_nobody_is_protected_from_themselves(of, officer) -> None:
    with pytest.raises(NotAnOrder, match="not whom it protects"):
        order(of, officer, protects=(of.he,))


def test_what_is_not_live_here_is_not_recorded(of, officer, settings) -> None:
    order(of, officer, kind="dapo")
    settings.FORCE = replace(settings.FORCE, orders_live_here=())
    with pytest.raises(NotAnOrder, match="used here"):
        order(of, officer, kind="dapo")


def test_one_whose_length_is_odd_is_recorded(of, officer) -> None:
    made = order(of, officer, kind="dvpo", expires=TODAY + 90 * DAY)
    assert "order_ends" in runs(made), "its own clock takes 14 to 28 days"
    assert "dvpo_ends" in runs(order(of, officer, kind="dvpo", expires=TODAY + 20 * DAY))


def test_the_same_form_twice_is_one_order(of, officer) -> None:
    from uuid import uuid4

    key = uuid4()
    assert order(of, officer, key=key) == order(of, officer, key=key)
    assert Order.objects.count() == 1


def test_a_notice_waits_for_its_service_and_then_counts_from_the_minute(of, officer) -> None:
    made = order(of, officer, kind="dvpn", expires=None)
    assert runs(made)["dvpn_hearing"].starts_at is None
    at = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    served(made, officer, at)
    running = runs(made)["dvpn_hearing"]
    assert (running.starts_at, running.due_at) == (at, datetime(2026, 11, 23, 10, 30, tzinfo=UTC))
    made.refresh_from_db()
    assert made.lapses_from == made.lapses_at == running.due_at
    assert standing(made, officer).state(AT + 2 * DAY) is order_states.State.LAPSED


def test_where_only_the_day_is_known_the_clock_stays_in_sight_without_a_date(of, officer) -> None:
    made = order(of, officer, kind="dvpn", expires=None)
    served(made, officer, date(2026, 11, 20))
    assert runs(made)["dvpn_hearing"].missing == "at what minute it was served"
    made.refresh_from_db()
    assert made.lapses_from < made.lapses_at
    between = made.lapses_from + HOUR
    assert standing(made, officer).state(between) is order_states.State.MAY_HAVE_LAPSED


def test_adjourned_a_notice_holds_and_heard_it_ends(of, officer) -> None:
    made = order(of, officer, kind="dvpn", expires=None)
    served(made, officer, AT - 2 * HOUR)
    given = {"order_id": made.pk, "by": officer, "at": AT + DAY, "why": REASON}
    changing.hear(came="adjourned", on=TODAY + DAY, **given)
    assert not runs(made)
    assert standing(made, officer).state(AT + 30 * DAY) in HOLDING
    changing.hear(came="made", on=TODAY + DAY, **given)
    assert standing(made, officer).state(AT + DAY) is order_states.State.ENDED
    with pytest.raises(Meanwhile):
        changing.hear(came="refused", on=TODAY + DAY, **given)


def test_a_hearing_that_was_recorded_by_mistake_lets_a_notice_lapse_again(of, officer) -> None:
    made = order(of, officer, kind="dvpn", expires=None)
    served(made, officer, AT - 2 * HOUR)
    given = {"order_id": made.pk, "by": officer, "why": REASON}
    changing.hear(came="made", on=TODAY, at=AT, **given)
    changing.take_end_back(at=AT + HOUR, **given)
    made.refresh_from_db()
    assert made.lapses_at is not None
    assert "dvpn_hearing" in runs(made)
    assert standing(made, officer).state(AT + 30 * DAY) not in HOLDING


def test_nothing_is_adjourned_that_had_lapsed(of, officer) -> None:
    made = order(of, officer, kind="dvpn", expires=None)
    served(made, officer, AT - 3 * DAY)
    with pytest.raises(NotAnOrder, match="had lapsed"):
        changing.hear(
            order_id=made.pk, came="adjourned", on=TODAY + 5 * DAY, why=REASON, by=officer,
            at=AT + 5 * DAY,
        )  # fmt: skip


def test_a_service_that_was_wrong_stays_and_its_clock_waits_again(of, officer) -> None:
    made = order(of, officer, kind="spo", expires=None)
    row = served(made, officer, AT - 2 * HOUR)
    assert runs(made)["spo_notify"].starts_at == AT - 2 * HOUR
    given = {"order_id": made.pk, "service_id": row.pk, "by": officer, "at": AT + HOUR}
    with pytest.raises(ReasonTooThin):
        serving.end_service(why="no", **given)
    serving.end_service(why=REASON, **given)
    assert runs(made)["spo_notify"].missing == "when the order was served"
    assert not standing(made, officer).knew
    assert Service.objects.get().ended_why == REASON
    with pytest.raises(Meanwhile):
        serving.end_service(why=REASON, **given)


def test_an_attempt_is_a_row_and_proves_nothing(of, officer) -> None:
    made = order(of, officer, kind="spo", expires=None)
    served(made, officer, came="failed")
    assert not standing(made, officer).knew
    assert runs(made)["spo_notify"].starts_at is None


def test_an_order_that_ended_before_it_was_served_loses_nothing(of, officer) -> None:
    made = order(of, officer, kind="spo", expires=TODAY + 2 * DAY)
    late = AT + 5 * DAY
    row = served(made, officer, AT + 4 * DAY, at=late)
    assert serving.came_too_late(made, row)
    found = standing(made, officer)
    assert (found.knew, found.state(late)) == (False, order_states.State.EXPIRED)
    assert runs(made)["spo_notify"].starts_at is None, "nothing started, and it is in sight"


def test_a_dapo_counts_from_the_day_it_was_made_until_he_tells(of, officer) -> None:
    made = order(of, officer, kind="dapo", made_on=TODAY, expires=None)
    running = runs(made)["dapo_notify"]
    assert running.due_at == datetime(2026, 11, 25, 0, tzinfo=UTC)
    told = Telling("first", told_on=TODAY, names="As on the order", no_home=True)
    notifying.record_notified(order_id=made.pk, told=told, by=officer, at=AT)
    assert not runs(made)
    assert Deadline.objects.get().proof == "in_person"


def test_a_change_that_he_kept_to_himself_starts_three_days(of, officer) -> None:
    made = order(of, officer, kind="dapo", made_on=None, expires=None)
    assert runs(made)["dapo_notify"].missing == "on which day the order was made"
    given = {"order_id": made.pk, "by": officer, "at": AT}
    notifying.record_notified(told=Telling("not_told", changed_on=TODAY - DAY), **given)
    assert runs(made)["dapo_change"].due_at == datetime(2026, 11, 24, 0, tzinfo=UTC)
    told = Telling("change", told_on=TODAY, changed_on=TODAY - DAY, home="3 Quay Lane")
    notifying.record_notified(told=told, **given)
    assert "dapo_change" not in runs(made)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Telling("first"), "told_on"),
        (Telling("first", told_on=TODAY), "names"),
        (Telling("first", told_on=TODAY + DAY, names="He"), "told_on"),
        (Telling("first", told_on=TODAY, home="3 Quay Lane", no_home=True), "no_home"),
        (Telling("not_told", told_on=TODAY), "told_on"),
        (Telling("other"), "sort"),
    ],
)
def test_what_he_cannot_have_told_is_refused(of, officer, told, field) -> None:
    made = order(of, officer, kind="dapo", expires=None)
    with pytest.raises(NotAnOrder) as error:
        notifying.record_notified(order_id=made.pk, told=told, by=officer, at=AT)
    assert error.value.field == field


def test_by_another_law_nothing_is_asked_until_that_ends(of, officer) -> None:
    made = order(of, officer, kind="spo", expires=None)
    given = {"order_id": made.pk, "why": REASON, "by": officer}
    notifying.exempt(basis="soa", at=AT, **given)
    assert not runs(made)
    with pytest.raises(Meanwhile):
        notifying.exempt(basis="spa", at=AT, **given)
    notifying.end_exemption(at=AT + HOUR, **given)
    assert "himself again" in runs(made)["spo_notify"].missing
    with pytest.raises(Meanwhile):
        notifying.end_exemption(at=AT + HOUR, **given)
    with pytest.raises(NotAnOrder, match="nothing of that kind"):
        notifying.exempt(basis="soa", at=AT, **(given | {"order_id": order(of, officer).pk}))


def test_every_change_is_history_with_who_and_why(of, officer) -> None:
    made = order(of, officer, expires=TODAY + 20 * DAY)
    given = {"order_id": made.pk, "by": officer, "at": AT, "why": REASON}
    said = {name: getattr(made, name) for name in changing.FIELDS}
    with pytest.raises(NotAnOrder, match="Nothing of this is new"):
        changing.amend(said=said, **given)
    changing.amend(said=said | {"power_of_arrest": True, "begins": TODAY}, **given)
    changing.vary(said=recording.Said("place", "Not to enter the quay", "The quay"), **given)
    changing.extend(expires=TODAY + 60 * DAY, **given)
    with pytest.raises(NotAnOrder, match="later day"):
        changing.extend(expires=TODAY + 60 * DAY, **given)
    gone = made.conditions.get(sort="contact")
    changing.end_condition(condition_id=gone.pk, **given)
    with pytest.raises(Meanwhile):
        changing.end_condition(condition_id=gone.pk, **given)
    changing.end(on=TODAY, **given)
    with pytest.raises(Meanwhile):
        changing.end(on=TODAY, **given)
    changing.take_end_back(**given)
    whats = list(OrderAct.objects.order_by("pk").values_list("what", flat=True))
    assert whats == ["recorded", "amended", "varied", "extended", "ended", "holds_again"]
    extended = OrderAct.objects.get(what="extended")
    assert extended.changes == [["Ends", "12 December 2026", "21 January 2027"]]
    gone.refresh_from_db()
    assert (gone.ended_why, gone.ended_by) == (REASON, officer)
    with pytest.raises(WrittenOnce):
        OrderAct.objects.update(why="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(lapses_at=AT)


def test_extending_moves_the_clock_of_its_end_and_ending_stops_all(of, officer) -> None:
    made = order(of, officer, kind="spo", expires=TODAY + 20 * DAY)
    before = runs(made)["order_ends"]
    given = {"order_id": made.pk, "by": officer, "at": AT, "why": REASON}
    changing.extend(expires=TODAY + 30 * DAY, **given)
    after = runs(made)["order_ends"]
    assert after.due_at - before.due_at == 10 * DAY
    assert Deadline.objects.get(pk=before.pk).stopped_how == REASON
    changing.end(on=TODAY, **given)
    assert not runs(made)
    changing.take_end_back(**given)
    assert set(runs(made)) == {"order_ends", "spo_notify"}


def test_a_clock_that_somebody_stopped_by_hand_stays_stopped(of, officer) -> None:
    from safehold.records.deadlines import operations as deadlines

    made = order(of, officer, kind="spo", expires=None)
    served(made, officer, AT - HOUR)
    row = runs(made)["spo_notify"]
    deadlines.stop(deadline_id=row.pk, how=REASON, proof="form", done_at=AT, by=officer, at=AT)
    changing.vary(order_id=made.pk, said=CONTACT, why=REASON, by=officer, at=AT)
    served(made, officer, AT, at=AT)
    assert not runs(made)


def test_an_order_of_no_case_gets_its_clocks_with_the_case(of, officer) -> None:
    made = order(of, officer, kind="dvpn", expires=None, case_id=None)
    assert not runs(made)
    given = {"order_id": made.pk, "case_id": of.pk, "by": officer, "at": AT}
    assert recording.take_into_case(**given)
    assert not recording.take_into_case(**given)
    assert set(runs(made)) == {"dvpn_hearing"}


def test_a_restricted_case_is_not_left_without_its_clock(officer) -> None:
    of = safeguarded(officer, restricted=True)
    made = order(of, officer, kind="dvpn", expires=None)
    other = member(name="Ro Tarn")
    served(made, other, AT - HOUR)
    assert runs(made)["dvpn_hearing"].starts_at == AT - HOUR
    assert queries.whole(made.pk, by=other).deadlines == []
    assert queries.whole(made.pk, by=other).cases == []
    assert queries.whole(made.pk, by=officer).deadlines


def test_whoever_meets_him_breaking_it_need_not_work_on_the_case(officer) -> None:
    of = safeguarded(officer, restricted=True)
    made = order(of, officer, kind="dvpo", expires=TODAY + 9 * DAY)
    other = member(name="Ro Tarn")
    opened = breaking.open_breach(order_id=made.pk, said=Happened(), by=other, at=AT)
    assert CaseIncident.objects.filter(case=of.case, incident=opened.incident).exists()
    assert set(runs(opened)) == {"contempt_court"}
    said = [each.what for each in timeline.of_case(of.case, by=officer)]
    assert "Domestic violence protection order: an incident on a breach" in said


def test_an_order_is_taken_into_a_case_by_whoever_works_on_it(of, officer) -> None:
    made = order(of, officer, case_id=None)
    other = member(name="Ro Tarn")
    for act in (
        lambda: recording.take_into_case(order_id=made.pk, case_id=of.pk, by=other, at=AT),
        lambda: order(of, other),
    ):
        with pytest.raises(Refused):
            act()


def test_whom_it_protects_may_be_put_right_and_that_stays_told(of, officer) -> None:
    made = order(of, officer)
    given = {"order_id": made.pk, "why": REASON, "by": officer, "at": AT}
    recording.protect(identity=of.child, **given)
    with pytest.raises(NotAnOrder, match="already"):
        recording.protect(identity=of.child, **given)
    with pytest.raises(NotAnOrder, match="from themselves"):
        recording.protect(identity=of.he, **given)
    recording.protect_no_more(identity=of.child, **given)
    with pytest.raises(NotAnOrder, match="any more"):
        recording.protect_no_more(identity=of.child, **given)
    child = Person.objects.get(pk=of.child).reference
    assert OrderAct.objects.order_by("pk").last().changes == [["Protects", child, ""]]


def test_one_press_opens_an_incident_with_everybody_in_it(of, officer) -> None:
    facts.add_flag(identity=of.child, kind="child", words="", origin=SAID, by=officer, at=AT)
    made = order(of, officer, protects=(of.she, of.child))
    said = Happened(key=made.pk)
    opened = breaking.open_breach(order_id=made.pk, said=said, by=officer, at=AT)
    assert breaking.open_breach(order_id=made.pk, said=said, by=officer, at=AT) == opened
    incident = Incident.objects.get()
    assert incident.classification == "domestic"
    assert incident.crime_decision == "not_yet", "nobody but a person calls it a crime"
    parts = {role.person.identity: role.part for role in incident.roles.all()}
    assert parts == {of.he: "suspect", of.she: "victim", of.child: "child"}
    assert CaseIncident.objects.filter(case=of.case, incident=incident).exists()
    both = histories.of_pair(of.he, of.she, by=officer)
    assert [entry.incident for entry in both.entries] == [incident]
    known = queries.breaches_among([incident.pk], by=officer)
    assert known == {incident.pk: (made.pk, "Non-molestation order")}
    assert not runs(opened), "a crime is decided of the incident, by its own clock"
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.subject_id) == ("breach of an order opened", str(made.pk))


def test_a_breach_is_whole_or_not_at_all(of, officer, monkeypatch) -> None:
    made = order(of, officer)
    monkeypatch.setattr(breaking.clocks, "breach_opened", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        breaking.open_breach(order_id=made.pk, said=Happened(), by=officer, at=AT)
    assert not Incident.objects.exists()
    assert not Breach.objects.exists()


def test_what_is_for_the_court_has_the_courts_clock_and_is_decided_once(of, officer) -> None:
    made = order(of, officer, kind="dvpo", expires=TODAY + 20 * DAY)
    opened = breaking.open_breach(order_id=made.pk, said=Happened(), by=officer, at=AT)
    assert runs(opened)["contempt_court"].starts_at is None
    given = {"breach_id": opened.pk, "why": REASON, "by": officer, "at": AT}
    with pytest.raises(NotAnOrder):
        breaking.decide_breach(becomes="", **given)
    breaking.decide_breach(becomes="court", **given)
    assert not runs(opened)
    with pytest.raises(Meanwhile, match="decided already"):
        breaking.decide_breach(becomes="no_breach", **given)
    assert Incident.objects.get().crime_decision == "not_yet"


def test_a_breach_that_is_a_crime_is_not_decided_here(of, officer) -> None:
    made = order(of, officer)
    opened = breaking.open_breach(order_id=made.pk, said=Happened(), by=officer, at=AT)
    with pytest.raises(NotAnOrder, match="of the incident"):
        breaking.decide_breach(breach_id=opened.pk, becomes="court", why=REASON, by=officer, at=AT)


@pytest.mark.parametrize(("power", "clock"), [(True, True), (False, False), (None, False)])
def test_an_occupation_order_has_a_clock_where_he_may_be_arrested(of, officer, power, clock):
    made = order(of, officer, kind="occupation", power_of_arrest=power)
    opened = breaking.open_breach(order_id=made.pk, said=Happened(), by=officer, at=AT)
    assert ("occupation_arrest" in runs(opened)) is clock


def test_a_breach_of_an_order_of_no_case_gets_its_clock_with_the_case(of, officer) -> None:
    made = order(of, officer, kind="dvpo", expires=TODAY + 9 * DAY, case_id=None)
    opened = breaking.open_breach(order_id=made.pk, said=Happened(), by=officer, at=AT)
    assert not runs(opened)
    recording.take_into_case(order_id=made.pk, case_id=of.pk, by=officer, at=AT)
    assert set(runs(opened)) == {"contempt_court"}


def test_an_order_that_names_a_colleague_is_for_standards_alone(of, officer) -> None:
    made = order(of, officer)
    Person.objects.filter(pk=of.he).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    Case.objects.filter(pk=of.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    standards = member(Role.PROFESSIONAL_STANDARDS)
    for act in (
        lambda: queries.get(made.pk, by=officer),
        lambda: keeping.look_at_order(order_id=made.pk, reason=REASON, by=officer, at=AT),
        lambda: served(made, officer),
        lambda: breaking.open_breach(order_id=made.pk, said=Happened(), by=officer, at=AT),
    ):
        with pytest.raises(queries.OrderNotFound):
            act()
    assert queries.about_colleagues() == queries.kept_from(officer) == [str(made.pk)]
    assert queries.kept_from(standards) == []
    breaking.open_breach(order_id=made.pk, said=Happened(), by=standards, at=AT)
    incident = Incident.objects.get()
    assert (incident.police_party, incident.crime_rests_with) == (True, "professional_standards")


def test_whoever_may_not_keep_orders_keeps_none(of, officer) -> None:
    made = order(of, officer)
    registrar = member(Role.CRIME_REGISTRAR)
    for act in (
        lambda: order(of, registrar),
        lambda: served(made, registrar),
        lambda: queries.get(made.pk, by=registrar),
        lambda: listing.page(which=Which.HOLDING, after=None, by=registrar, at=AT),
    ):
        with pytest.raises(Refused):
            act()
    assert listing.soon(by=registrar, at=AT) == listing.Soon()
    assert queries.breaches_among([of.pk], by=registrar) == {}
    assert list(timeline.of_case(of.case, by=registrar)) is not None


def test_the_timeline_of_the_case_tells_what_was_done(of, officer) -> None:
    served(order(of, officer), officer, AT - HOUR)
    said = [each.what for each in timeline.of_case(of.case, by=officer)]
    assert "Non-molestation order: recorded" in said
    assert "Non-molestation order: served" in said


def test_each_list_holds_what_the_rules_say_of_one(of, officer) -> None:
    """The lists ask the store; `domain/order_states` says of one: both have to agree."""
    made = [
        order(of, officer, expires=TODAY + days * DAY, made_on=TODAY - 9 * DAY, begins=begins)
        for days in (-1, 0, 1, 27, 28, 29, 300)
        for begins in (None, TODAY - 9 * DAY)
    ]
    made.append(order(of, officer, expires=None))
    made.append(order(of, officer, expires=None, begins=TODAY + DAY))
    notice = order(of, officer, kind="dvpn", expires=None)
    served(notice, officer, AT - 3 * DAY)
    another = order(of, officer, kind="dvpn", expires=None)
    served(another, officer, AT - HOUR)
    changing.end(order_id=made[-2].pk, on=TODAY, why=REASON, by=officer, at=AT)
    served(made[3], officer, AT - HOUR)
    found = {
        which: {
            row.order.pk
            for row in listing.page(which=which, after=None, by=officer, at=AT, limit=99).rows
        }
        for which in Which
    }
    each = {one.order.pk: one for one in queries.of_person(of.he, by=officer)}
    assert found[Which.HOLDING] == {k for k, one in each.items() if one.state(AT) in HOLDING}
    assert found[Which.OVER] == {k for k, one in each.items() if one.state(AT) in OVER}
    assert found[Which.SOON] == {k for k, one in each.items() if listing.ends_soon(one, at=AT)}
    not_over = {k for k, one in each.items() if one.state(AT) not in OVER}
    assert found[Which.UNSERVED] == not_over - {made[3].pk, another.pk}
    counted = listing.soon(by=officer, at=AT)
    assert (counted.own, counted.own_unserved) == (
        len(found[Which.SOON]),
        len(found[Which.UNSERVED]),
    )


@pytest.mark.parametrize("which", [Which.HOLDING, Which.SOON])
def test_a_list_goes_on_where_it_ended(of, officer, which) -> None:
    for days in (3, 3, 1, 9, 5):
        order(of, officer, expires=TODAY + days * DAY, at=AT + days * timedelta(seconds=1))
    seen, after = [], None
    while True:
        page = listing.page(which=which, after=after, by=officer, at=AT, limit=2)
        seen += [row.order.pk for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_supervisors_are_told_of_all_that_ends_soon(of, officer) -> None:
    order(of, officer, expires=TODAY + 3 * DAY)
    boss = member(Role.SUPERVISOR)
    assert listing.soon(by=boss, at=AT) == listing.Soon(0, 0, 1)
    assert listing.soon(by=member(name="Ro Tarn"), at=AT) == listing.Soon()


def test_what_gives_an_address_away_is_known_of_every_protected_home(of, officer) -> None:
    made = order(of, officer)
    facts.add_home(
        identity=of.she, line="14 Alder Row", protected=True, origin=SAID, by=officer, at=AT
    )
    facts.add_home(identity=of.she, line="3 Quay Lane", origin=SAID, by=officer, at=AT)
    facts.add_home(
        identity=of.she, line="9 Old Hill", until=date(2020, 1, 1), origin=SAID, by=officer, at=AT
    )
    facts.add_home(identity=of.he, line="1 His Yard", origin=SAID, by=officer, at=AT)
    found = standing(made, officer)
    assert {"alderrow", "quaylane"} <= found.secret
    assert not {"oldhill", "hisyard"} & found.secret
    other = member(name="Ro Tarn")
    assert queries.secret_from(found, by=officer) == frozenset(), "whoever recorded it reads it"
    assert "alderrow" in queries.secret_from(found, by=other)
    assert "quaylane" not in queries.secret_from(found, by=other)


def test_a_look_is_recorded_before_anything_is_read(of, officer) -> None:
    made = order(of, officer)
    keeping.look_at_order(order_id=made.pk, reason=REASON, by=officer, at=AT)
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.subject_kind, last.reason) == ("looked", "order", REASON)


def test_a_closed_case_takes_no_order(of, officer) -> None:
    made = order(of, officer, case_id=None)
    cases.close(case_id=of.pk, why=REASON, why_open=REASON, by=officer, at=AT)
    with pytest.raises(cases.Closed):
        recording.take_into_case(order_id=made.pk, case_id=of.pk, by=officer, at=AT)
