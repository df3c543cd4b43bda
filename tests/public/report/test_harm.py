"""A person tells what was done to somebody, from the first page to the receipt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.signs import told
from safehold.records.intake.models import Draft, SealedReport
from tests.public.report.visitor import PLACE, Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

TELL = "/report/tell/"
NAMED: dict[str, dict[str, Any]] = {
    "identity": {"how": "named"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
}


@pytest.fixture
def teller(client: Client) -> Visitor:
    """Someone who opens the form about what was done to somebody."""
    return Visitor(client, TELL, "harm")


def opened(keys: Path, *, identity: bool = False) -> dict[str, Any]:
    report = SealedReport.objects.get()
    kind, purpose, sealed = (
        (Kind.IDENTITY, Purpose.IDENTITY, report.identity)
        if identity
        else (Kind.ACCOUNT, Purpose.ACCOUNT, report.account)
    )
    assert sealed is not None
    plain = open_envelope(
        bytes(sealed),
        kind=kind,
        subject=str(report.id),
        keys=load_opening_keys(keys, purposes=[purpose]),
    )
    content: dict[str, Any] = json.loads(plain)
    return content


def test_the_first_page_sets_nothing_and_says_who_reads_and_what_is_kept(teller: Visitor) -> None:
    teller.goes()
    assert teller.cookies == {}
    assert Draft.objects.count() == 0
    for said in ("Call 999", "nobody reads", "30 minutes", "skip every question", "under 18"):
        assert said in teller.words


def test_the_check_page_says_what_must_never_be_done_under_its_own_label(teller: Visitor) -> None:
    teller.walks(
        **NAMED,
        contact_when={"more": "Sunday evening"},
        if_urgent={"never": "Ring my mother"},
    )
    assert teller.page == "check"
    assert "What we must never do, and why Ring my mother" in teller.words
    assert "Times when we must not Sunday evening" in teller.words


def test_every_question_can_be_skipped(teller: Visitor) -> None:
    teller.walks()
    assert teller.heading == "Check your answers"
    teller.sends("send")
    assert teller.page == "sent"
    assert SealedReport.objects.get().reference in teller.words
    assert SealedReport.objects.get().identity is None


def test_support_and_what_cannot_wait_come_before_any_question_of_what_happened(
    teller: Visitor,
) -> None:
    met = []
    teller.begins()
    while teller.page != "what":
        met.append(teller.page)
        teller.sends(**{"about": {"about": ["sexual", "spiking"]}}.get(teller.page, {}))
    assert met.index("soon") < met.index("support") < len(met)
    assert met[0] == "now"
    assert met.index("works") < met.index("about")


def test_someone_under_18_is_told_who_is_told_and_why_in_words_of_her_own(
    teller: Visitor,
) -> None:
    teller.begins().sends().sends(who="me").sends(answer="yes")
    assert teller.page == "if_young"
    for said in ("Who is told", "Your parents or carers", "Childline", "not your fault"):
        assert said in teller.words
    assert "safeguarding referral" not in teller.words


def test_a_professional_is_told_of_the_duties_that_stay(teller: Visitor) -> None:
    teller.begins().sends().sends(who="professional").sends(answer="yes")
    assert teller.page == "if_child"
    assert "your own safeguarding referral" in teller.words
    teller.goes("young_other").sends(answer="no")
    assert teller.page == "works"


def test_what_cannot_wait_is_said_of_what_was_chosen_and_of_nothing_else(teller: Visitor) -> None:
    teller.begins()
    while teller.page != "about":
        teller.sends()
    teller.sends(about=["spiking"])
    assert teller.page == "soon"
    assert "before the next visit to the toilet" in teller.words
    assert "Forced Marriage Unit" not in teller.words
    teller.goes("about").sends(about=["unsure"])
    assert teller.page == "support", "there is nothing of it that cannot wait"


def test_a_name_given_openly_is_in_the_account(teller: Visitor, keys: Path) -> None:
    teller.walks(**NAMED).sends("send")
    assert SealedReport.objects.get().identity is None
    assert "Zanzibar Quill" in json.dumps(opened(keys))


def test_a_hidden_name_is_sealed_to_a_key_of_its_own(teller: Visitor, keys: Path) -> None:
    teller.walks(**{**NAMED, "identity": {"how": "hidden"}}).sends("send")
    assert "Zanzibar" not in json.dumps(opened(keys))
    assert "07700 900123" not in json.dumps(opened(keys))
    assert "Zanzibar Quill" in json.dumps(opened(keys, identity=True))


def test_what_hidden_cannot_do_is_said_before_the_name_is_asked(teller: Visitor) -> None:
    teller.begins()
    while teller.page != "identity":
        teller.sends()
    teller.sends(how="hidden")
    assert teller.page == "if_hidden"
    for said in (
        "if you tell us any of these",
        "A weapon, or a threat to kill",
        "A court may order to see parts",
    ):
        assert said in teller.words
    assert teller.sends().page == "name"


def test_whoever_gives_no_name_is_asked_neither_for_it_nor_how_to_reach_her(
    teller: Visitor,
) -> None:
    teller.walks()
    asked = set(teller.numbers)
    assert "if_anonymous" in asked
    assert not asked & {"name", "contact", "contact_when", "code", "share"}
    assert "we can reply only if you take a code" in teller.words


@pytest.mark.parametrize("how", ["hidden", "anonymous"])
def test_being_put_beside_others_has_a_page_that_says_what_it_risks(
    teller: Visitor, keys: Path, how: str
) -> None:
    teller.begins()
    while teller.page != "identity":
        teller.sends()
    teller.sends(how=how)
    while teller.page != "others":
        teller.sends()
    for said in ("that one person", "The risk", "even without your name", "or skip this"):
        assert said in teller.words
    teller.sends(answer="yes")
    while teller.page != "check":
        teller.sends()
    assert "Yes, you may put it beside theirs" in teller.words
    teller.sends("send")
    chosen = [each for each in opened(keys)["answers"] if each["key"] == "others"]
    assert chosen[0]["fields"] == {"answer": ["yes"]}


def test_whoever_gives_a_name_openly_is_told_what_skipping_means(teller: Visitor) -> None:
    teller.walks(**NAMED)
    words = teller.goes("others").words
    assert "If you skip this, we take it as a yes, since you give your name" in words
    assert "It does not tell us who you are" not in words
    teller.goes("identity").sends(how="anonymous").sends()
    words = teller.finds("others").words
    assert "we take it as a yes" not in words
    assert "If you say no, or skip this, we read it all the same" in words


def test_whoever_stops_before_that_page_is_told_before_sending(teller: Visitor) -> None:
    told_before = "we may put what you tell us beside what others tell us"
    teller.begins()
    while teller.page != "contact":
        teller.sends(**NAMED.get(teller.page, {}))
    teller.sends("finish", **NAMED["contact"])
    while teller.page != "check":
        teller.sends()
    assert told_before in teller.words
    assert told_before not in teller.finds("others").sends(answer="no").words
    assert teller.page == "check"


def test_whoever_has_had_enough_can_send_what_she_has(teller: Visitor, keys: Path) -> None:
    teller.begins()
    while teller.page != "identity":
        assert "send what I have" not in teller.words
        teller.sends()
    while teller.page != "what":
        teller.sends()
    teller.sends("finish", text="He waited by the gate")
    assert teller.page == "check"
    assert "He waited by the gate" in teller.words
    teller.sends("send")
    assert "He waited by the gate" in json.dumps(opened(keys))


def test_stopping_never_passes_over_what_cannot_wait(teller: Visitor) -> None:
    teller.begins()
    while teller.page != "risk":
        teller.sends()
    teller.sends("finish", risk=["strangled"])
    assert teller.page == "doctor"
    assert teller.sends().page == "check"


def test_a_place_is_looked_for_only_in_the_open_and_may_be_left_out(teller: Visitor) -> None:
    teller.begins()
    while teller.page != "place":
        teller.sends()
    teller.sends(kind="online")
    assert teller.page == "who"
    teller.goes("place").sends(kind="home")
    assert teller.page == "words"
    teller.goes("place").sends(kind="street")
    assert teller.page == "where"
    assert teller.sends("skip").page == "words"
    teller.goes("where").sends("find", find="QM1 1AA")
    teller.goes("check")
    assert teller.page == "words"


def test_a_form_begun_elsewhere_is_carried_on_or_destroyed_first(teller: Visitor) -> None:
    teller.begins().sends(danger="no")
    other = Visitor(teller.client).goes()
    assert "begun to tell us something else" in other.words
    assert f'href="{teller.at}"' in other.html
    other.sends("forget")
    assert Draft.objects.count() == 0
    assert other.at == PLACE
    assert other.begins().sends().page == "happened"


def test_an_answer_to_the_other_form_from_an_old_tab_lands_in_neither(teller: Visitor) -> None:
    teller.begins().sends(danger="no")
    asked = teller.page
    old = Visitor(teller.client, PLACE, "place")
    old.sends(at="around", more="A lamp is out")
    assert teller.goes(f"/report/{teller.numbers[asked]}/").page == asked


def test_every_sign_of_danger_is_told_at_the_start_about_hiding_and_after(teller: Visitor) -> None:
    signs = " ".join(told("harm"))
    assert signs in teller.goes().words
    teller.begins()
    while teller.page != "identity":
        teller.sends()
    assert signs in teller.sends(how="hidden").words
    while teller.page != "check":
        teller.sends()
    assert signs in teller.sends("send").words


def test_that_a_tick_is_the_sure_way_is_said_beside_the_signs_and_where_she_writes(
    teller: Visitor,
) -> None:
    words = teller.goes().words
    signs = words.index("Each of these puts your report first")
    tick = words.index("by what you tick, a program puts the report first")
    assert signs < tick < words.index("If it comes to court")
    teller.begins()
    while teller.page != "what":
        teller.sends()
    assert "The sure way to have a report put first is what you tick" in teller.words


def test_the_receipt_of_a_place_tells_its_own_signs_of_danger(client: Client) -> None:
    place = Visitor(client).walks(where={"do": "words"}, words={"text": "The path"})
    assert " ".join(told("place")) in place.sends("send").words


def test_the_receipt_shows_nothing_that_was_told(teller: Visitor) -> None:
    teller.walks(**NAMED, what={"text": "Zanzibar steps"}).sends("send")
    assert "Zanzibar" not in teller.html
    assert "07700" not in teller.html


def test_a_page_asks_for_no_name_only_of_whoever_gives_none(teller: Visitor) -> None:
    teller.walks(**NAMED)
    assert "do not write your name" not in teller.goes("what").words
    teller.goes("identity").sends(how="anonymous").sends()
    assert "do not write your name" in teller.finds("what").words


def test_every_notice_of_the_form_has_a_page(teller: Visitor) -> None:
    teller.walks(
        now={"danger": "yes"},
        young={"answer": "yes"},
        about={"about": ["home"]},
        identity={"how": "hidden"},
        hurt={"hurt": "now"},
        children={"answer": "not_sure"},
        evidence={"evidence": ["pictures"]},
    )
    notices = {question.key for question in HARM.questions if question.notice}
    assert notices - set(teller.numbers) == {"if_child", "if_anonymous", "if_police"}


def test_a_young_witness_is_told_who_is_told_as_well(teller: Visitor) -> None:
    teller.begins().sends().sends(who="witness").sends(answer="yes")
    assert teller.page == "if_young"
    assert teller.sends().page == "young_other"


def test_whoever_works_past_the_force_is_named_where_he_is_police(teller: Visitor) -> None:
    teller.begins()
    while teller.page != "works":
        teller.sends()
    teller.sends(party="not_sure")
    assert teller.page == "if_police"
    for said in ("any other police force", "Independent Office for Police Conduct"):
        assert said in teller.words


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"method": "call"}, "Give the number or address for this way"),
        ({"to": "07700 900123"}, "Choose how to use this number or address"),
    ],
)
def test_a_way_without_a_number_and_a_number_without_a_way_are_asked_again(
    teller: Visitor, sent: dict[str, str], sentence: str
) -> None:
    teller.begins()
    while teller.page != "contact":
        teller.sends(**{"identity": {"how": "named"}}.get(teller.page, {}))
    teller.sends(**sent)
    assert teller.page == "contact"
    assert teller.problem.startswith(sentence)
    assert teller.sends("skip").page == "others"


def test_a_number_is_dropped_where_she_wants_no_contact(teller: Visitor, keys: Path) -> None:
    teller.walks(**{**NAMED, "contact": {"method": "none", "to": "07700 900123"}}).sends("send")
    assert "07700" not in json.dumps(opened(keys))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("named", "Whoever reads it sees your name"),
        ("hidden", "does not see your name"),
        ("anonymous", "You gave no name: we can reply only if you take a code"),
    ],
)
def test_before_sending_it_says_who_sees_the_name(teller: Visitor, how: str, said: str) -> None:
    teller.walks(identity={"how": how}, name={"name": "Quill"})
    assert said in teller.words
    assert "we can reply only if you take a code" in teller.words


NO_NAME = "You gave no name."


@pytest.mark.parametrize("how", ["named", "hidden"])
@pytest.mark.parametrize("told", [{}, {"works": {"party": "yes"}}, {"now": {"danger": "yes"}}])
def test_a_name_that_she_never_gave_is_not_spoken_of(
    teller: Visitor, how: str, told: dict[str, dict[str, Any]]
) -> None:
    teller.walks(identity={"how": how}, **told)
    assert NO_NAME in teller.words
    for said in ("see your name", "sees your name", "how to reach you at once"):
        assert said not in teller.words


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Whoever reads it does not see how to reach you"),
        ({"works": {"party": "yes"}}, "The one who reads it does not see how to reach you"),
        ({"now": {"danger": "yes"}}, "Those who answer see how to reach you at once"),
        ({"identity": {"how": "named"}}, "Whoever reads it sees how to reach you"),
    ],
)
def test_a_way_to_reach_her_without_a_name_is_said_to_be_that(
    teller: Visitor, told: dict[str, dict[str, Any]], said: str
) -> None:
    answers = {"identity": {"how": "hidden"}, "contact": NAMED["contact"]} | told
    teller.walks(**answers)
    assert NO_NAME in teller.words
    assert said in teller.words
    assert "your name at once" not in teller.words


def test_every_page_says_the_same_of_a_hidden_name_for_professional_standards(
    teller: Visitor,
) -> None:
    theirs = "If only professional standards can open your report, nobody sees a hidden name at"
    never = "not even where there is danger or a child"
    assert theirs in teller.goes().words
    answers = NAMED | {"identity": {"how": "hidden"}, "works": {"party": "yes"}}
    answers |= {"now": {"danger": "yes"}, "young": {"answer": "yes"}}
    teller.begins()
    seen = {}
    while teller.page != "check":
        seen[teller.page] = teller.words
        teller.sends(**answers.get(teller.page, {}))
    told = {page for page, words in seen.items() if never in words}
    assert told == {"if_police", "if_hidden"}
    assert never in teller.words
    assert "at once, although" not in teller.words
    assert theirs in teller.sends("send").words


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"risk": {"risk": ["weapon"]}}, "Those who answer see your name at once"),
        ({"children": {"answer": "not_sure"}}, "Those who answer see your name at once"),
        ({"now": {"danger": "yes"}}, "Those who answer see your name at once"),
        ({"risk": {"risk": ["none"]}}, "A keeper apart from them can, with a reason"),
        (
            {"risk": {"risk": ["weapon"]}, "works": {"party": "not_sure"}},
            "Another of them can, with a reason",
        ),
    ],
)
def test_before_sending_it_says_whether_a_hidden_name_is_released(
    teller: Visitor, told: dict[str, dict[str, Any]], said: str
) -> None:
    teller.walks(**NAMED | {"identity": {"how": "hidden"}} | told)
    assert said in teller.words
    assert ("Those who answer see your name at once" in teller.words) == said.startswith("Those")


@pytest.mark.parametrize("how", ["named", "hidden", "anonymous"])
def test_that_a_court_may_see_it_is_said_on_every_path(teller: Visitor, how: str) -> None:
    names = {"who you are"} if how != "anonymous" else {"a name that we do not have"}
    court = "A court may order to see parts of what you tell us"
    assert court in teller.goes().words
    teller.begins()
    seen = {}
    while teller.page != "check":
        seen[teller.page] = teller.words
        teller.sends(**{"identity": {"how": how}}.get(teller.page, {}))
    told_before = {page for page, words in seen.items() if court in words}
    assert (
        told_before == {"named": set(), "hidden": {"if_hidden"}, "anonymous": {"if_anonymous"}}[how]
    )
    assert court in teller.words
    assert all(each in teller.words for each in names)


@pytest.mark.parametrize("start", ["/report/place/", "/ask/"])
def test_that_a_court_may_see_it_is_said_where_other_forms_begin(
    client: Client, start: str
) -> None:
    assert (
        "A court may order to see parts of what you tell us" in Visitor(client, start).goes().words
    )


def test_the_first_page_says_it_before_anything_is_asked(client: Client) -> None:
    words = client.get("/report/tell/").content.decode()
    assert "those who answer see a hidden name at once" in words
    assert "A court may order to see parts of what you tell us" in words


def test_a_hidden_name_for_professional_standards_is_said_to_be_theirs(teller: Visitor) -> None:
    teller.begins()
    while teller.page != "identity":
        teller.sends(**({"party": "yes"} if teller.page == "works" else {}))
    teller.sends(how="hidden")
    assert "which only professional standards can open" in teller.words
    assert "at once if" not in teller.words
    assert "Another of them can, with a reason" in teller.words


def test_a_name_that_was_to_be_hidden_is_never_open_after_the_draft_expired(
    teller: Visitor, keys: Path
) -> None:
    teller.client.cookies["d"] = "0" * 32
    teller.client.cookies["k"] = "A" * 43
    teller.sends(at="name", name="Zanzibar Quill")
    assert teller.page == "now"
    while teller.page != "identity":
        teller.sends()
    teller.sends(how="hidden").sends()
    assert 'value="Zanzibar Quill"' in teller.html
    teller.sends(name="Zanzibar Quill").sends("finish", at="contact")
    while teller.page != "check":
        teller.sends()
    teller.sends("send")
    assert "Zanzibar" not in json.dumps(opened(keys))
    assert "Zanzibar" in json.dumps(opened(keys, identity=True))


def test_a_place_that_was_passed_is_said_to_be_passed(client: Client) -> None:
    visitor = Visitor(client, "/report/tell/", "harm").begins()
    while visitor.page != "where":
        visitor.sends(**({"kind": "street"} if visitor.page == "place" else {}))
    visitor.sends("skip")
    while visitor.page != "check":
        visitor.sends()
    assert "Where is the place? Skipped" in visitor.words
