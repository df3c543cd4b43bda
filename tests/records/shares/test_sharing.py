"""Sharing: only what was ticked, to one key, on a basis, past the list, and seen by a second."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain import sharing
from safehold.domain.access import Refused, Role
from safehold.domain.sharing import CONTACT, NAME, NotShared
from safehold.records.agencies import operations as agencies
from safehold.records.agencies import queries as agency_queries
from safehold.records.audit import queries as events
from safehold.records.audit.models import AuditEvent
from safehold.records.contacts import operations as contacts
from safehold.records.contacts import queries as profiles
from safehold.records.shares import choosing, following, must_not, queries
from safehold.records.shares import sharing as operations
from safehold.records.shares.following import FileGone
from safehold.records.shares.models import Share, ShareAct
from safehold.records.shares.must_not import OnTheList
from safehold.records.shares.sharing import NotWaiting, OtherThanShown, OwnShare
from safehold.records.triage import openings
from safehold.records.triage import operations as triage
from safehold.records.triage.operations import NotReadYet
from tests.desk import AT, member, send_harm
from tests.partners import HOW_KNOWN, TOLD, WHY, WORDS, partner, plan, share, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]


def opened(report_id, to, basis="vital", *, by):
    return choosing.open_to_share(
        report_id=report_id, agency_id=to.agency.pk, basis=basis, by=by, at=AT
    )


def fetched(row, *, by, at=AT, **answers):
    return following.fetch(share_id=row.pk, answers=answers, by=by, at=at)


def acts(subject):
    return [row.action for row in events.events_about(subject).order_by("sequence")]


def test_the_agency_opens_what_was_ticked_with_its_conditions_and_nothing_else():
    by, to = member(), partner()
    row = share(told(by=by), plan(to, "vital", "what", CONTACT), by=by)
    content, name = fetched(row, by=by)
    text = to.opens(content)
    assert name == f"{row.reference}.age"
    assert "wardrobe" in text
    assert "Come to the door" in text
    for word in ("Zanzibar", "turquoise", "otters", "marmalade", "30s"):
        assert word not in text, word
    for line in (*sharing.conditions(), row.reference, to.agency.name, "To find a safe room"):
        assert line in text
    assert acts(operations.about(row.pk)) == ["share made", "share fetched"]


def test_whatever_is_ticked_nothing_unticked_is_in_the_file():
    by, to = member(), partner()
    report_id = told(by=by)

    @settings(max_examples=12, deadline=None)
    @given(st.sets(st.sampled_from(sorted(WORDS)), min_size=1))
    def check(ticked):
        row = share(report_id, plan(to, "vital", *ticked), by=by)
        text = to.opens(fetched(row, by=by)[0])
        for key, word in WORDS.items():
            assert (word in text) is (key in ticked), key
        assert row.parts == [key for key in _order(report_id, to, by) if key in ticked]

    check()


def _order(report_id, to, by):
    return [part.key for part in opened(report_id, to, by=by).parts]


def test_a_share_is_never_made_without_a_basis():
    by, to = member(), partner()
    report_id = told(by=by)

    @settings(max_examples=12, deadline=None)
    @given(st.text(max_size=20))
    def check(basis):
        if basis in sharing.bases():
            return
        with pytest.raises(NotShared):
            operations.share(
                report_id=report_id,
                plan=replace(plan(to), basis=basis),
                seen="",
                once=uuid4(),
                by=by,
                at=AT,
            )

    check()
    assert not Share.objects.exists()
    row = share(report_id, plan(to), by=by)
    row.basis = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_nobody_on_the_list_gets_a_file():
    by = member()
    report_id = told(by=by)
    partners = [partner() for _ in range(3)]

    @settings(max_examples=8, deadline=None)
    @given(st.sets(st.integers(0, 2)))
    def check(listed):
        with transaction.atomic():
            for number in listed:
                must_not.put_agency(
                    report_id=report_id, agency_id=partners[number].agency.pk, why=WHY, by=by, at=AT
                )
        for number, to in enumerate(partners):
            if number in listed:
                with pytest.raises(OnTheList):
                    share(report_id, plan(to), by=by)
            else:
                assert share(report_id, plan(to), by=by).file
        for entry in must_not.standing(report_id):
            must_not.end(entry_id=entry.pk, why=WHY, by=member(Role.SUPERVISOR), at=AT)

    check()


def test_an_agency_listed_after_the_page_was_shown_is_stopped_and_that_is_on_record():
    by, to = member(), partner()
    report_id = told(by=by)
    planned = plan(to)
    seen = sharing.fingerprint(choosing.ready(planned, opened(report_id, to, by=by)).parts)
    must_not.put_agency(report_id=report_id, agency_id=to.agency.pk, why=WHY, by=by, at=AT)
    with pytest.raises(OnTheList):
        operations.share(report_id=report_id, plan=planned, seen=seen, once=uuid4(), by=by, at=AT)
    assert not Share.objects.exists()
    assert acts(openings.about(report_id))[-1] == "share stopped by the list"


def test_the_list_is_checked_inside_the_transaction(monkeypatch):
    by, to = member(), partner()
    report_id = told(by=by)
    whole = operations.ready

    def listed_meanwhile(planned, account):
        made = whole(planned, account)
        must_not.put_agency(report_id=report_id, agency_id=to.agency.pk, why=WHY, by=by, at=AT)
        return made

    planned = plan(to)
    seen = sharing.fingerprint(choosing.ready(planned, opened(report_id, to, by=by)).parts)
    monkeypatch.setattr(operations, "ready", listed_meanwhile)
    with pytest.raises(OnTheList):
        operations.share(report_id=report_id, plan=planned, seen=seen, once=uuid4(), by=by, at=AT)
    assert not Share.objects.exists()


def test_the_list_is_checked_again_when_the_file_is_fetched():
    by, to = member(), partner()
    report_id = told(by=by)
    row = share(report_id, plan(to), by=by)
    must_not.put_agency(report_id=report_id, agency_id=to.agency.pk, why=WHY, by=by, at=AT)
    with pytest.raises(OnTheList):
        fetched(row, by=by)
    assert not ShareAct.objects.exists()
    assert acts(openings.about(report_id))[-1] == "share stopped by the list"


def test_everybody_on_the_list_needs_an_answer_also_who_came_after_the_file():
    by, to = member(), partner()
    report_id = told(by=by)
    with pytest.raises(NotShared) as refused:
        share(report_id, plan(to, answers={}), by=by)
    assert refused.value.field == "answer-suspect"
    row = share(report_id, plan(to), by=by)
    entry = must_not.put_person(report_id=report_id, name="T Moth", why=WHY, by=by, at=AT)
    assert [person.key for person in following.unanswered(row)] == [str(entry.pk)]
    with pytest.raises(NotShared):
        fetched(row, by=by)
    assert fetched(row, by=by, **{str(entry.pk): HOW_KNOWN})[0]
    assert Share.objects.get().answers == {"suspect": HOW_KNOWN, str(entry.pk): HOW_KNOWN}


def test_a_no_is_no_consent_and_a_yes_covers_what_was_asked():
    by, to, housing = member(), partner("idva"), partner("housing")
    refused = told(by=by, share={"answer": "no"})
    with pytest.raises(NotShared, match="said no"):
        opened(refused, to, "consent", by=by)
    agreed = told(by=by)
    nothing_more = {"statements": {}}
    assert share(agreed, plan(to, "consent", NAME, CONTACT, **nothing_more), by=by).file
    for planned in (
        plan(to, "consent", NAME, "what", **nothing_more),
        plan(housing, "consent", NAME, **nothing_more),
    ):
        with pytest.raises(NotShared, match="does not cover"):
            share(agreed, planned, by=by)
    assert share(agreed, plan(housing, "consent", NAME), by=by).statements == {"how_agreed": WHY}


def test_a_hidden_name_never_goes_and_neither_does_who_gave_none():
    by, to = member(), partner()
    for how in ("hidden", "anonymous"):
        report_id = told(by=by, identity={"how": how})
        account = opened(report_id, to, by=by)
        assert not {NAME, CONTACT} & {part.key for part in account.parts}
        with pytest.raises(NotShared, match="not there"):
            share(report_id, plan(to, "vital", NAME), by=by)
        text = to.opens(fetched(share(report_id, plan(to), by=by), by=by)[0])
        assert "Zanzibar" not in text
        assert "900123" not in text


def test_whoever_opened_the_name_shares_nothing():
    keeper = member(Role.PROFESSIONAL_STANDARDS)
    report_id = send_harm(**{**TOLD, "identity": {"how": "hidden"}, "works": {"party": "yes"}})
    from safehold.records.triage import identities

    identities.open_identity(report_id=report_id, reason="She may be in danger", by=keeper, at=AT)
    with pytest.raises(Refused):
        opened(report_id, partner(), by=keeper)


def test_safe_contact_goes_as_it_stands_now():
    by, to = member(), partner()
    report_id = told(by=by)
    profile = profiles.of_report(report_id)
    contacts.correct(
        profile_id=profile.pk,
        terms=profiles.terms_of(profiles.versions(profile)[0]),
        changes={"to": "07700 900777"},
        why="She told me with the word",
        by=by,
        at=AT,
    )
    text = to.opens(fetched(share(report_id, plan(to, "vital", CONTACT), by=by), by=by)[0])
    assert "900777" in text
    assert "900123" not in text


def test_what_changed_since_it_was_read_is_read_again():
    by, to = member(), partner()
    report_id = told(by=by)
    with pytest.raises(OtherThanShown):
        operations.share(
            report_id=report_id, plan=plan(to), seen="something", once=uuid4(), by=by, at=AT
        )
    assert not Share.objects.exists()


def test_a_form_that_is_sent_twice_is_one_share():
    by, to, once = member(), partner(), uuid4()
    report_id = told(by=by)
    assert share(report_id, plan(to), by=by, once=once) == share(
        report_id, plan(to), by=by, once=once
    )
    assert Share.objects.count() == 1


def test_without_agreement_a_supervisor_agrees_before_a_file_is_made():
    by, supervisor, to = member(Role.SUPERVISOR), member(Role.SUPERVISOR), partner()
    report_id = told(by=by)
    row = share(report_id, plan(to, "safeguarding"), by=by)
    assert (row.file, row.made_at) == (None, None)
    with pytest.raises(NotWaiting):
        operations.make_agreed(share_id=row.pk, seen="", by=by, at=AT)
    with pytest.raises(OwnShare):
        operations.agree(share_id=row.pk, agreed=True, why="It has to be now", by=by, at=AT)
    with pytest.raises(queries.ShareNotFound):
        operations.agree(share_id=row.pk, agreed=True, why=WHY, by=member(), at=AT)
    assert queries.to_agree(by=supervisor) == [row]
    assert queries.to_agree(by=by) == []
    operations.agree(
        share_id=row.pk, agreed=True, why="To ask her first is a risk", by=supervisor, at=AT
    )
    assert queries.agreed_to(by=by) == [row]
    with pytest.raises(NotWaiting):
        operations.open_agreed(share_id=row.pk, by=supervisor, at=AT)
    seen = sharing.fingerprint(operations.open_agreed(share_id=row.pk, by=by, at=AT).parts)
    made = operations.make_agreed(share_id=row.pk, seen=seen, by=by, at=AT)
    assert "wardrobe" in to.opens(fetched(made, by=by)[0])
    with pytest.raises(NotWaiting):
        operations.make_agreed(share_id=row.pk, seen=seen, by=by, at=AT)


def test_what_a_supervisor_did_not_agree_to_is_not_made():
    by, to = member(), partner()
    row = share(told(by=by), plan(to, "child"), by=by)
    supervisor = member(Role.SUPERVISOR)
    operations.agree(
        share_id=row.pk, agreed=False, why="Ask her first, she can", by=supervisor, at=AT
    )
    with pytest.raises(NotWaiting):
        operations.open_agreed(share_id=row.pk, by=by, at=AT)
    row.refresh_from_db()
    key = agency_queries.key_of(to.agency.pk)
    row.made_at, row.key, row.file, row.until, row.digest = AT, key, b"x", AT, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_agency_listed_before_it_is_agreed_is_stopped_then():
    by, to = member(), partner()
    report_id = told(by=by)
    row = share(report_id, plan(to, "safeguarding"), by=by)
    must_not.put_agency(report_id=report_id, agency_id=to.agency.pk, why=WHY, by=by, at=AT)
    with pytest.raises(OnTheList):
        operations.agree(share_id=row.pk, agreed=True, why=WHY, by=member(Role.SUPERVISOR), at=AT)


def test_what_could_not_wait_is_looked_at_afterwards_by_somebody_else():
    by, to = member(Role.SUPERVISOR), partner()
    row = share(told(by=by), plan(to), by=by)
    other = member(Role.SUPERVISOR)
    assert queries.to_review(by=other) == [row]
    with pytest.raises(OwnShare):
        following.review(share_id=row.pk, was_right=True, why=WHY, by=by, at=AT)
    following.review(share_id=row.pk, was_right=False, why="A day would have done", by=other, at=AT)
    with pytest.raises(NotWaiting):
        following.review(share_id=row.pk, was_right=True, why=WHY, by=other, at=AT)
    assert queries.to_review(by=other) == []


def test_the_file_is_there_for_whoever_shares_it_and_for_a_time():
    by, to = member(), partner()
    row = share(told(by=by), plan(to), by=by)
    for other in (member(Role.SUPERVISOR), member()):
        with pytest.raises((NotWaiting, queries.ShareNotFound)):
            fetched(row, by=other)
    over = AT + sharing.file_stays()
    assert fetched(row, by=by, at=over - timedelta(seconds=1))[0]
    with pytest.raises(FileGone):
        fetched(row, by=by, at=over)
    assert following.destroy_files(at=over - timedelta(seconds=1)) == 0
    assert following.destroy_files(at=over) == 1
    assert following.destroy_files(at=over) == 0
    kept = Share.objects.get()
    assert kept.file is None
    assert (kept.parts, kept.purpose) == (["what"], "To find a safe room tonight")
    assert acts(operations.about(row.pk))[-1] == "file of a share destroyed"


def test_a_key_that_ended_since_gets_no_file():
    by, to = member(), partner()
    row = share(told(by=by), plan(to), by=by)
    agencies.end_key(
        key_id=row.key_id, why="Their laptop was stolen", by=member(Role.SUPERVISOR), at=AT
    )
    with pytest.raises(FileGone, match="key was ended"):
        fetched(row, by=by)
    with pytest.raises(NotShared, match="no key"):
        share(row.report_id, plan(to), by=by)


def test_what_became_of_it_is_kept_and_a_share_that_is_taken_back_has_no_file():
    by, to = member(), partner()
    row = share(told(by=by), plan(to), by=by)
    for act in ("handed_over", "received", "taken_back", "destroyed"):
        following.note(
            share_id=row.pk, act=act, words="By their portal, to the duty worker", by=by, at=AT
        )
    with pytest.raises(NotShared):
        following.note(
            share_id=row.pk, act="fetched", words="By their portal, I think", by=by, at=AT
        )
    with pytest.raises(FileGone):
        fetched(row, by=by)
    assert [one.act for one in queries.acts_of(row)] == [
        "handed_over",
        "received",
        "taken_back",
        "destroyed",
    ]
    assert Share.objects.get().file is None


def test_whoever_shares_has_read_the_account():
    report_id = send_harm(**TOLD)
    with pytest.raises(NotReadYet):
        opened(report_id, partner(), by=member())


def test_opening_to_share_is_a_look_before_anything_is_fetched():
    by, to = member(), partner()
    report_id = told(by=by)
    before = len(acts(openings.about(report_id)))
    opened(report_id, to, by=by)
    assert acts(openings.about(report_id))[before:] == ["looked", "account opened"]
    reason = AuditEvent.objects.filter(action="account opened").last().reason
    assert reason.startswith(f"To share it with {to.agency.name}")


def test_of_a_colleague_professional_standards_alone_share_and_see():
    standards, supervisor, to = (
        member(Role.PROFESSIONAL_STANDARDS),
        member(Role.SUPERVISOR),
        partner(),
    )
    report_id = told(by=standards, works={"party": "yes"})
    with pytest.raises(Refused):
        opened(report_id, to, by=supervisor)
    row = share(report_id, plan(to, "safeguarding"), by=standards)
    assert queries.to_agree(by=supervisor) == []
    with pytest.raises(queries.ShareNotFound):
        queries.one(row.pk, by=supervisor)
    assert queries.about_colleagues() == [str(row.pk)]
    other = member(Role.PROFESSIONAL_STANDARDS)
    assert operations.agree(share_id=row.pk, agreed=True, why=WHY, by=other, at=AT).agreed


def test_who_shares_sees_their_own_and_who_watches_over_it_every_one():
    by, other, to = member(), member(), partner()
    row = share(told(by=by), plan(to), by=by)
    seen = {
        role: [one.pk for one in queries.page_of(by=who, page=1)]
        for role, who in (
            ("mine", by),
            ("other", other),
            ("supervisor", member(Role.SUPERVISOR)),
            ("auditor", member(Role.AUDITOR)),
        )
    }
    assert seen == {"mine": [row.pk], "other": [], "supervisor": [row.pk], "auditor": [row.pk]}
    for role in (Role.ANALYST, Role.EDITOR, Role.IDENTITY_KEEPER):
        with pytest.raises(Refused):
            queries.page_of(by=member(role), page=1)


def test_no_word_of_the_account_stands_in_the_stores_in_clear():
    by, to = member(), partner()
    share(told(by=by), plan(to, "vital", *WORDS), by=by)
    stored = str(list(Share.objects.values())) + str(list(AuditEvent.objects.values()))
    for word in WORDS.values():
        assert word not in stored, word


def test_nothing_is_saved_where_the_audit_cannot_be_written(monkeypatch):
    by, to = member(), partner()
    report_id = told(by=by)
    planned = plan(to)
    seen = sharing.fingerprint(choosing.ready(planned, opened(report_id, to, by=by)).parts)

    def broken(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr(operations, "record", broken)
    with pytest.raises(RuntimeError, match="no audit"):
        operations.share(report_id=report_id, plan=planned, seen=seen, once=uuid4(), by=by, at=AT)
    assert not Share.objects.exists()


def test_a_question_under_clares_law_is_shared_past_whoever_is_asked_about():
    from tests.desk import send_ask

    by, to = member(), partner("probation")
    report_id = send_ask()
    triage.open_account(report_id=report_id, reason="Allocated to me", by=by, at=AT)
    planned = plan(to, "safeguarding", "subject", answers={"subject": HOW_KNOWN})
    assert share(report_id, planned, by=by).answers == {"subject": HOW_KNOWN}
