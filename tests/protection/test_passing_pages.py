"""Pages of what was passed on: the register, the button, and that nobody else gets a word of it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role, table
from safehold.records.conflicts import comparing, operations
from safehold.records.conflicts.models import LinkedParty
from safehold.records.contacts.models import Profile
from safehold.records.conversations import operations as conversations
from safehold.records.incidents.models import Incident
from safehold.records.intake import returns
from safehold.records.intake.models import NameMarks
from safehold.records.triage import operations as triage
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, member, send_harm, sign_in
from tests.desk_codes import send_with_code
from tests.test_access_matrix import SOME_ID, STAFF

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
SENTENCE = table().police_party_sentence
# Words of hers that stand nowhere else.
SECRETS = ("marchbanks", "zanzibar", "07700 900123", "winterbourne", "tarantella")
WHY = "Her account says later that he is in the response team"
LINKED = "/staff/linked/"


def client_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def officer():
    return member(name="Dena Okafor")


@pytest.fixture
def standards():
    return member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")


def link(standards, officer):
    operations.add_linked(
        name="Thessaly Marchbanks",
        relation="former",
        colleague=officer,
        colleague_name="",
        by=standards,
        at=AT,
    )


def test_the_register_is_empty_then_holds_somebody_then_not(officer, standards):
    client = client_of(standards)
    page = words(client.get(LINKED))
    assert "Nobody is on the register yet" in page
    assert "Names are not compared" in page
    typed = {"name": "Thessaly Marchbanks", "relation": "former", "colleague": str(officer.pk)}
    assert client.post(LINKED, typed)["Location"] == LINKED
    comparing.keep_marks(at=AT)
    page = words(client.get(LINKED))
    assert "Thessaly Marchbanks" in page
    assert "Dena Okafor: former partner" in page
    assert "Names are not compared" not in page
    row = LinkedParty.objects.get()
    end = f"{LINKED}{row.pk}/end/"
    assert "Former partner of Dena Okafor" in words(client.get(end))
    assert "Give a reason" in words(client.post(end, {"why": ""}))
    assert client.post(end, {"why": "They have moved away since"})["Location"] == LINKED
    assert "Nobody is on the register yet" in words(client.get(LINKED))
    assert client.get(end).status_code == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "", "relation": "family"}, "Write their name."),
        ({"name": "Thessaly", "relation": "family", "colleague_name": "Ibb Tarrant"}, "surname"),
        ({"name": "Thessaly Vane", "relation": "family"}, "one of the two"),
        ({"name": "Thessaly Vane", "relation": "family", "colleague_name": "Ibb"}, "surname"),
        ({"name": "Thessaly Vane", "colleague_name": "Ibb Tarrant"}, "Choose one."),
    ],
)
def test_what_is_wrong_is_said_in_place_and_nothing_typed_is_lost(standards, typed, says):
    page = words(client_of(standards).post(LINKED, typed))
    assert says in page
    for value in typed.values():
        assert value in page
    assert not LinkedParty.objects.exists()


def test_an_officer_passes_what_she_read_to_standards_and_they_pass_it_back(officer, standards):
    report_id = send_harm(what={"text": "It is zanzibar"})
    page, on = f"/staff/reports/{report_id}/", f"/staff/reports/{report_id}/pass-on/"
    client = client_of(officer)
    assert "Pass it to professional standards" not in words(client.get(page))
    assert "Open it first" in words(client.get(on))
    client.post(f"{page}account/", {"reason": REASON})
    assert "Pass it to professional standards" in words(client.get(page))
    assert "Give a reason" in words(client.post(on, {"pass_reason": ""}))
    assert client.post(on, {"pass_reason": WHY})["Location"] == "/staff/reports/"
    refused = client.get(page)
    assert (refused.status_code, SENTENCE in words(refused)) == (404, False)

    theirs = client_of(standards)
    shown = words(theirs.get(page))
    assert "Dena Okafor passed it to professional standards" in shown
    assert WHY in shown
    assert "zanzibar" in words(theirs.post(f"{page}account/", {"reason": REASON}))
    assert "Pass it to the unit" in words(theirs.get(on))
    theirs.post(on, {"pass_reason": "He left the force four years ago"})
    shown = words(client.get(page))
    assert "Professional standards (Oriel Quayle) passed it to the unit" in shown
    assert WHY not in shown
    assert "zanzibar" in words(client.post(f"{page}account/", {"reason": REASON}))


def test_an_officer_whose_linked_person_it_names_reads_one_sentence(officer, standards):
    report_id = send_harm(what={"text": "my friend thessaly marchbanks, zanzibar"})
    link(standards, officer)
    client = client_of(officer)
    page = f"/staff/reports/{report_id}/"
    met = client.post(f"{page}account/", {"reason": REASON})
    theirs = send_harm(works={"party": "yes"})
    any_other = client.post(f"/staff/reports/{theirs}/account/", {"reason": REASON})
    # The same page, to the letter, but for what a form is signed with.
    unsigned = [
        re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", words(each))
        for each in (met, any_other)
    ]
    assert unsigned[0] == unsigned[1]
    assert met.status_code == any_other.status_code == 404
    shown = words(client_of(standards).get(page))
    assert "A name in it was met when Dena Okafor opened it, and it was not shown" in shown


def test_a_supervisor_cannot_tell_who_was_kept_from_what(officer, standards):
    report_id = send_harm(what={"text": "my friend thessaly marchbanks"})
    link(standards, officer)
    client_of(officer).post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    reference = TriageSlip.objects.get(pk=report_id).reference
    client = client_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    for at in ("/staff/looks/", f"/staff/looks/?about=member&id={officer.pk}", "/staff/trouble/"):
        page = words(client.get(at))
        assert reference not in page
        assert str(report_id)[:8] not in page
        assert "passed" not in page, at
        assert "kept from" not in page, at
        assert "was refused" not in page

    # Given back, nobody learns of how it went.
    theirs = client_of(standards)
    theirs.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    theirs.post(f"/staff/reports/{report_id}/pass-on/", {"pass_reason": "Not ours, a neighbour"})
    client_of(officer).post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    page = words(client.get(f"/staff/looks/?about=report&id={report_id}"))
    assert "Dena Okafor</a> opened the account" in page
    assert "passed" not in page
    assert "kept from" not in page


def looked(client, **query) -> str:
    page = client.get("/staff/looks/", query).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", main)


def test_who_looked_numbers_no_rows_for_whoever_does_not_see_all_of_them(standards):
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        reader = client_of(member(role, name="Pell Lisle"))
        assert ">Row<" not in looked(reader)
        assert 'class="number"' not in looked(reader)
    assert ">Row<" in looked(client_of(standards))


@pytest.mark.parametrize("kind", ["report", "incident", "application", "contact", "share"])
def test_who_looked_at_what_is_hidden_is_as_of_what_is_not_there(standards, kind):
    hidden = send_harm(works={"party": "yes"})
    theirs = client_of(standards)
    theirs.post(f"/staff/reports/{hidden}/account/", {"reason": REASON})
    kept = {"report": hidden}
    if kind == "incident":
        theirs.post(f"/staff/reports/{hidden}/accept/", {"classification": "domestic", "note": ""})
        kept["incident"] = Incident.objects.get().pk
    key, absent = str(kept.get(kind, hidden)), "0" * 8 + "-0000-4000-8000-000000000000"
    boss, other = (client_of(member(Role.SUPERVISOR, name=name)) for name in ("Pell", "Ro"))
    found = [
        [
            looked(asks, about=kind, id=each).replace(each, "").replace(each[:8], "")
            for asks in (boss, other)
        ]
        for each in (key, absent)
    ]
    assert found[0] == found[1]
    # In the list of everything, each finds their own question and not the other's.
    everything = looked(boss)
    for each in (key, absent):
        assert everything.count(f"id={each}") == 1


def test_who_looked_says_nothing_of_what_a_supervisor_is_kept_from(officer, standards):
    boss = member(Role.SUPERVISOR, name="Pell Lisle")
    report_id = send_harm(what={"text": "my friend thessaly marchbanks"})
    link(standards, boss)
    client = client_of(boss)
    client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    theirs = client_of(standards)
    theirs.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    theirs.post(f"/staff/reports/{report_id}/pass-on/", {"pass_reason": "Not ours, a neighbour"})
    client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    at_work = client_of(officer)
    at_work.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    at_work.post(f"/staff/reports/{report_id}/accept/", {"classification": "domestic", "note": ""})
    said = looked(client)
    assert str(report_id) not in said
    assert str(Incident.objects.get().pk) not in said
    assert "Nobody that you may know of." in looked(client, about="report", id=str(report_id))
    assert str(report_id) in looked(client_of(member(Role.SUPERVISOR, name="Ro Tarn")))


def test_a_supervisor_sees_that_names_are_not_compared():
    comparing.keep_marks(at=AT)
    client = client_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    assert "Names are not compared" not in words(client.get("/staff/trouble/"))
    NameMarks.objects.using("intake").all().delete()
    assert "Names are not compared" in words(client.get("/staff/trouble/"))


# No word of a matched report by any route, whatever is sent to it.


ENDS = ("account_leave", "account_logout", "account_change_password", "account_stay")


def _addresses(everything: dict[str, UUID]) -> list[str]:
    """Give an address of every page, with the key of what was passed on where it takes one."""
    found = []
    for name, (at, _) in STAFF.items():
        key = everything.get(at.partition("/")[0], everything["reports"])
        if name not in ENDS:
            found.append("/staff/" + at.replace(str(SOME_ID), str(key)))
    return found


# Each role opens every address once by day, and answers differently typed at night.
EXAMPLES = 1 if settings.default.max_examples == 50 else 5
OTHERS = [each for each in Role if each is not Role.PROFESSIONAL_STANDARDS]
FIELDS = (
    "reason",
    "why",
    "pass_reason",
    "set_aside_reason",
    "confirm_reason",
    "note",
    "report_reason",
    "text",
    "key",
    "reference",
    "owner",
    "copy",
    "classification",
)


@pytest.fixture
def everything(officer, standards):
    """A report with all that can hang on it, passed on because of a name."""
    report_id, place = send_with_code(
        what={"text": "my friend thessaly, zanzibar"},
        identity={"how": "named"},
        name={"name": "Orla Winterbourne"},
        contact={"method": "call", "to": "07700 900123"},
    )
    returns.write(place, text="tarantella", at=AT)
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    triage.accept_report(
        report_id=report_id,
        decisions=Decisions(None, "", "", "not_classified", "tarantella note"),
        by=officer,
        at=AT,
    )
    returns.write(place, text="thessaly marchbanks", at=AT)
    link(standards, officer)
    with pytest.raises(Refused):
        conversations.open_conversation(report_id=report_id, reason=REASON, by=officer, at=AT)
    incident = Incident.objects.get(report_id=report_id)
    profile = Profile.objects.get(report_id=report_id)
    return {"reports": report_id, "contacts": profile.pk, "incidents": incident.pk}


@pytest.mark.parametrize("role", OTHERS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    typed=st.dictionaries(
        st.sampled_from(FIELDS),
        st.sampled_from([REASON, "not_classified", "received", "original", "yes"]),
    )
)
def test_no_role_but_standards_gets_a_word_of_it_by_any_route(everything, officer, role, typed):
    client = _signed_in(role, officer)
    for address in _addresses(everything):
        for response in (
            client.get(address, typed),
            client.post(address, {"reason": REASON, **typed}),
        ):
            shown = "" if response.streaming else words(response).casefold()
            for secret in SECRETS:
                assert secret not in shown, (role, address)


def test_standards_do_get_it_by_those_routes(everything, standards):
    # Otherwise the test above could pass on pages that show nothing to anybody.
    client = client_of(standards)
    found = set()
    for address in _addresses(everything):
        for response in (client.get(address), client.post(address, {"reason": REASON})):
            shown = "" if response.streaming else words(response).casefold()
            found |= {secret for secret in SECRETS if secret in shown}
    assert found == set(SECRETS)


_CLIENTS: dict[tuple[int, str], Client] = {}


def _signed_in(role: Role, officer) -> Client:
    if (officer.pk, role) not in _CLIENTS:
        who = officer if role == Role.TRIAGE_OFFICER else member(role, name="Ibb Tarrant")
        _CLIENTS[officer.pk, role] = client_of(who)
    return _CLIENTS[officer.pk, role]
