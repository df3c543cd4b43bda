"""Every address of both sites, and who may ask for it: held to by real requests, role by role.

A route that no row names fails here, whoever added it and however harmless it looks.
"""

from __future__ import annotations

from types import ModuleType
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from safehold.domain import access
from safehold.domain.access import Permission, Role
from tests.desk import PASSWORD, member, sign_in
from tests.routes import public_addresses, routes

ANONYMOUS, PASSWORD_ONLY = "anonymous", "password only"
EVERYONE = frozenset({ANONYMOUS, PASSWORD_ONLY, *map(str, Role)})
WITH_PASSWORD = EVERYONE - {ANONYMOUS}
SIGNED_IN = frozenset(map(str, Role))
UNIT = frozenset({"triage_officer", "supervisor", "professional_standards"})
SAFEGUARDING = UNIT | {"safeguarding_officer"}
STANDARDS = {"professional_standards"}
CASES = SAFEGUARDING | {"advocate"}
SAFETY = SAFEGUARDING | {"advocate"}  # of the cases on which an advocate is named
MAPS = {"triage_officer", "safeguarding_officer", "supervisor", "analyst"}
KEEPING = {"supervisor", "professional_standards"}  # how long reports are kept
KEEPERS = {"editor", "supervisor"}  # of the register of support services
CMS = "/staff/content/"

SOME_ID = UUID("6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11")

# Route of the staff site: an address of it, and who may.
STAFF = {
    "account_login": ("account/login/", EVERYONE),
    "account_left": ("account/left/", EVERYONE),
    "mfa_authenticate": ("account/code/", EVERYONE),
    "account_reauthenticate": ("account/again/", WITH_PASSWORD),
    "mfa_activate_totp": ("account/authenticator/", WITH_PASSWORD),
    "account_change_password": ("account/password/", SIGNED_IN),
    "account_stay": ("account/stay/", SIGNED_IN),
    "mfa_reauthenticate": ("account/code/again/", SIGNED_IN),
    "mfa_index": ("account/", SIGNED_IN),
    "mfa_view_recovery_codes": ("account/recovery-codes/", SIGNED_IN),
    "mfa_generate_recovery_codes": ("account/recovery-codes/new/", SIGNED_IN),
    "protection:work": ("", SIGNED_IN),
    "protection:inbox": ("reports/", UNIT | {"identity_keeper"}),
    "protection:report": (f"reports/{SOME_ID}/", UNIT | {"identity_keeper"}),
    "protection:take": (f"reports/{SOME_ID}/take/", UNIT),
    "protection:account": (f"reports/{SOME_ID}/account/", UNIT),
    "protection:hand_on": (f"reports/{SOME_ID}/hand-on/", UNIT),
    "protection:end": (f"reports/{SOME_ID}/end/", {"supervisor", "professional_standards"}),
    "protection:begin_again": (
        f"reports/{SOME_ID}/begin-again/",
        {"supervisor", "professional_standards"},
    ),
    "protection:watch": ("watch/", UNIT),
    "protection:take_watch": ("watch/take/", UNIT),
    "protection:keep_reach": ("watch/reach/", UNIT),
    "protection:crime_decisions": ("crime-decisions/", {"supervisor", "crime_registrar"}),
    "protection:accept": (f"reports/{SOME_ID}/accept/", UNIT),
    "protection:set_aside": (f"reports/{SOME_ID}/set-aside/", UNIT),
    "protection:confirm": (
        f"reports/{SOME_ID}/confirm/",
        {"supervisor", "professional_standards"},
    ),
    "protection:pass_on": (f"reports/{SOME_ID}/pass-on/", UNIT),
    "protection:people": ("people/", SAFEGUARDING),
    "protection:person_new": ("people/new/", SAFEGUARDING),
    "protection:person": (f"people/{SOME_ID}/", SAFEGUARDING),
    "protection:person_add": (f"people/{SOME_ID}/add/name/", SAFEGUARDING),
    "protection:person_end": (f"people/{SOME_ID}/end/name/{SOME_ID}/", SAFEGUARDING),
    "protection:person_searched": (f"people/{SOME_ID}/searched/", SAFEGUARDING),
    "protection:person_glass": (f"people/{SOME_ID}/emergency/", SAFEGUARDING - STANDARDS),
    "protection:emergencies": ("emergencies/", {"supervisor", "auditor"}),
    "protection:emergency_review": (f"emergencies/{SOME_ID}/", {"supervisor", "auditor"}),
    "protection:cases": ("cases/", CASES),
    "protection:case_new": ("cases/new/", CASES),
    "protection:cases_hand_on": ("cases/hand-on/", KEEPING),
    "protection:case": (f"cases/{SOME_ID}/", CASES),
    "protection:case_incident": (f"cases/{SOME_ID}/incident/", CASES),
    "protection:case_party": (f"cases/{SOME_ID}/party/", CASES),
    "protection:case_join": (f"cases/{SOME_ID}/join/", CASES),
    "protection:case_member": (f"cases/{SOME_ID}/member/", CASES),
    "protection:case_member_end": (f"cases/{SOME_ID}/member/{SOME_ID}/end/", CASES),
    "protection:case_restrict": (f"cases/{SOME_ID}/restrict/", CASES),
    "protection:case_close": (f"cases/{SOME_ID}/close/", CASES),
    "protection:case_reopen": (f"cases/{SOME_ID}/reopen/", CASES),
    "protection:case_keep": (f"cases/{SOME_ID}/keep/", KEEPING),
    "protection:case_must_not": (f"cases/{SOME_ID}/must-not-receive/", CASES),
    "protection:case_must_not_end": (
        f"cases/{SOME_ID}/must-not-receive/{SOME_ID}/end/",
        CASES,
    ),
    "protection:incident_new": ("incidents/new/", SAFEGUARDING),
    "protection:part_add": (f"incidents/{SOME_ID}/parts/add/", SAFEGUARDING),
    "protection:part_tie": (f"incidents/{SOME_ID}/parts/{SOME_ID}/tie/", SAFEGUARDING),
    "protection:part_untie": (f"incidents/{SOME_ID}/parts/{SOME_ID}/untie/", SAFEGUARDING),
    "protection:outcome": (
        f"incidents/{SOME_ID}/outcome/",
        {"supervisor", "professional_standards", "crime_registrar"},
    ),
    "protection:pair": (f"people/{SOME_ID}/with/{SOME_ID}/", SAFEGUARDING),
    "protection:childhood": (f"people/{SOME_ID}/childhood/", SAFEGUARDING),
    "protection:address": (f"addresses/{SOME_ID}/", SAFEGUARDING),
    "protection:address_readers": (f"addresses/{SOME_ID}/readers/", SAFEGUARDING),
    "protection:person_contact": (f"people/{SOME_ID}/safe-contact/", SAFEGUARDING),
    "protection:imports": ("imports/", {"supervisor"}),
    "protection:import": (f"imports/{SOME_ID}/", {"supervisor"}),
    "protection:assessments": (f"cases/{SOME_ID}/assessments/", CASES),
    "protection:assessment_new": (f"cases/{SOME_ID}/assessments/new/", CASES),
    "protection:assessment": (f"cases/{SOME_ID}/assessments/{SOME_ID}/", CASES),
    "protection:assessment_history": (f"cases/{SOME_ID}/assessments/{SOME_ID}/history/", CASES),
    "protection:assessment_part": (f"cases/{SOME_ID}/assessments/{SOME_ID}/part/1/", CASES),
    "protection:assessment_item": (f"cases/{SOME_ID}/assessments/{SOME_ID}/item/low/", CASES),
    "protection:assessment_checks": (f"cases/{SOME_ID}/assessments/{SOME_ID}/checks/", CASES),
    "protection:assessment_review": (f"cases/{SOME_ID}/assessments/{SOME_ID}/review/", CASES),
    "protection:assessment_grade": (f"cases/{SOME_ID}/assessments/{SOME_ID}/grade/", CASES),
    "protection:assessment_earlier": (f"cases/{SOME_ID}/assessments/{SOME_ID}/earlier/", CASES),
    "protection:assessment_phone": (f"cases/{SOME_ID}/assessments/{SOME_ID}/phone/", CASES),
    "protection:phones": ("phones/", CASES),
    "protection:phone": ("phone/", CASES),
    "protection:phone_worker": ("phone/worker.js", CASES),
    "protection:phone_questions": ("phone/questions.json", CASES),
    "protection:phone_state": ("phone/state.json", CASES),
    "protection:phone_send": ("phone/send/", EVERYONE),
    "protection:downgrades": ("downgrades/", KEEPING),
    "protection:downgrade": (f"downgrades/{SOME_ID}/", KEEPING),
    "protection:deadlines": ("deadlines/", CASES),
    "protection:deadlines_changed": ("deadlines/changed/", KEEPING),
    "protection:deadline": (f"deadlines/{SOME_ID}/", CASES),
    "protection:deadline_start": (f"deadlines/{SOME_ID}/start/", SAFEGUARDING),
    "protection:deadline_extend": (f"deadlines/{SOME_ID}/extend/", SAFEGUARDING),
    "protection:deadline_stop": (f"deadlines/{SOME_ID}/stop/", SAFEGUARDING),
    "protection:deadline_hand_on": (f"deadlines/{SOME_ID}/hand-on/", SAFEGUARDING),
    "protection:deadline_seen": (f"deadlines/{SOME_ID}/seen/", SAFEGUARDING),
    "protection:deadline_rule": (f"deadlines/{SOME_ID}/rule/", KEEPING),
    "protection:deadline_new": (f"cases/{SOME_ID}/deadlines/new/", SAFEGUARDING),
    "protection:actions": ("actions/", CASES),
    "protection:safety": (f"cases/{SOME_ID}/safety/", CASES),
    "protection:safety_plan": (f"cases/{SOME_ID}/safety/plan/{SOME_ID}/", CASES),
    "protection:safety_copy": (f"cases/{SOME_ID}/safety/copy/{SOME_ID}/", CASES),
    "protection:safety_print": (f"cases/{SOME_ID}/safety/print/{SOME_ID}/", CASES),
    "protection:safety_action_new": (f"cases/{SOME_ID}/safety/actions/new/", CASES),
    "protection:safety_action": (f"cases/{SOME_ID}/safety/actions/{SOME_ID}/done/", CASES),
    "protection:safety_refer": (f"cases/{SOME_ID}/safety/refer/", CASES),
    "protection:safety_referral": (f"cases/{SOME_ID}/safety/referrals/{SOME_ID}/", CASES),
    "protection:safety_marker_new": (f"cases/{SOME_ID}/safety/markers/new/", CASES),
    "protection:safety_marker": (f"cases/{SOME_ID}/safety/markers/{SOME_ID}/again/", CASES),
    "protection:safety_child": (f"cases/{SOME_ID}/safety/children/{SOME_ID}/", CASES),
    "protection:orders": ("orders/", SAFEGUARDING),
    "protection:order_new": (f"people/{SOME_ID}/orders/new/", SAFEGUARDING),
    "protection:case_order_new": (f"cases/{SOME_ID}/orders/new/", SAFEGUARDING),
    "protection:order": (f"orders/{SOME_ID}/", SAFEGUARDING),
    "protection:order_card": (f"orders/{SOME_ID}/card/", SAFEGUARDING),
    "protection:order_breach": (f"orders/{SOME_ID}/breach/", SAFEGUARDING),
    "protection:order_act": (f"orders/{SOME_ID}/do/end/", SAFEGUARDING),
    "protection:order_end_row": (f"orders/{SOME_ID}/end/service/{SOME_ID}/", SAFEGUARDING),
    "protection:order_breach_decide": (f"breaches/{SOME_ID}/", SAFEGUARDING),
    "protection:linked": ("linked/", {"professional_standards"}),
    "protection:linked_end": (f"linked/{SOME_ID}/end/", {"professional_standards"}),
    "protection:kept": ("kept/", {"professional_standards"}),
    "protection:kept_lift": (f"kept/{SOME_ID}/lift/", {"professional_standards"}),
    "protection:attempts": ("attempts/", {"professional_standards"}),
    "protection:attempt": (f"attempts/1/person/{SOME_ID}/", {"professional_standards"}),
    "protection:person_passed": ("people/passed-on/", SAFEGUARDING),
    "protection:person_pass_on": (f"people/{SOME_ID}/pass-on/", SAFEGUARDING),
    "protection:incident_pass_on": (f"incidents/{SOME_ID}/pass-on/", SAFEGUARDING),
    "protection:case_pass_on": (f"cases/{SOME_ID}/pass-on/", SAFEGUARDING),
    "protection:own_address": ("home-address/", SIGNED_IN),
    "protection:unusual": ("looks/unusual/", {"auditor", "professional_standards"}),
    "protection:unusual_day": (
        f"looks/unusual/{SOME_ID}/",
        {"auditor", "professional_standards"},
    ),
    "protection:floods": ("floods/", UNIT | {"identity_keeper"}),
    "protection:flood": (f"floods/{SOME_ID}/", UNIT | {"identity_keeper"}),
    "protection:flood_back": (
        f"floods/{SOME_ID}/back/",
        {"supervisor", "professional_standards"},
    ),
    "protection:flood_aside": (
        f"floods/{SOME_ID}/aside/",
        {"supervisor", "professional_standards"},
    ),
    "protection:flood_confirm": (
        f"floods/{SOME_ID}/confirm/",
        {"supervisor", "professional_standards"},
    ),
    "protection:flood_end": (
        f"floods/{SOME_ID}/end/",
        {"supervisor", "professional_standards"},
    ),
    "protection:beside": (f"reports/{SOME_ID}/beside/", UNIT),
    "protection:beside_pair": (f"reports/{SOME_ID}/beside/{SOME_ID}/", UNIT),
    "protection:beside_decide": (f"reports/{SOME_ID}/beside/{SOME_ID}/decide/", UNIT),
    "protection:beside_join": (f"reports/{SOME_ID}/beside/{SOME_ID}/join/", UNIT),
    "protection:incident": (f"incidents/{SOME_ID}/", SAFEGUARDING | {"crime_registrar"}),
    "protection:applications": ("clares-law/", UNIT),
    "protection:application": (f"clares-law/{SOME_ID}/", UNIT),
    "protection:application_act": (f"clares-law/{SOME_ID}/identity/", UNIT),
    "protection:open_application": (f"reports/{SOME_ID}/clares-law/", UNIT),
    "protection:application_from_case": (f"cases/{SOME_ID}/clares-law/", UNIT),
    "protection:application_second": (f"clares-law/second/{SOME_ID}/", KEEPING),
    "protection:application_figures": ("clares-law/figures/", {"supervisor", "analyst"}),
    "protection:application_figures_file": ("clares-law/figures.csv", {"supervisor", "analyst"}),
    "protection:team": ("team/", KEEPING),
    "protection:team_member": ("team/1/", KEEPING),
    "protection:contact": (f"contacts/{SOME_ID}/", SAFEGUARDING),
    "protection:contact_due": (f"contacts/{SOME_ID}/due/", SAFEGUARDING),
    "protection:contact_ended": (f"contacts/{SOME_ID}/due/{SOME_ID}/", SAFEGUARDING),
    "protection:contact_correct": (f"contacts/{SOME_ID}/correct/", SAFEGUARDING),
    "protection:contact_override": (
        f"contacts/{SOME_ID}/another-way/",
        {"supervisor", "professional_standards"},
    ),
    "protection:contact_override_of": (
        f"contacts/{SOME_ID}/another-way/{SOME_ID}/",
        {"supervisor", "professional_standards"},
    ),
    "protection:overrides": ("overrides/", {"auditor"}),
    "protection:review_override": (f"overrides/{SOME_ID}/", {"auditor"}),
    "protection:calls": ("calls/", UNIT),
    "protection:conversation": (f"reports/{SOME_ID}/messages/", UNIT),
    "protection:say_status": (f"reports/{SOME_ID}/messages/status/", UNIT),
    "protection:write_back": (f"reports/{SOME_ID}/messages/write/", UNIT),
    "protection:file": (f"reports/{SOME_ID}/files/{SOME_ID}/", UNIT),
    "protection:file_out": (f"reports/{SOME_ID}/files/{SOME_ID}/out/", UNIT),
    "protection:file_mark": (f"reports/{SOME_ID}/files/{SOME_ID}/mark/", UNIT),
    "protection:identity": (
        f"reports/{SOME_ID}/name/",
        {"identity_keeper", "professional_standards"},
    ),
    "protection:pass_on_name": (
        f"name-requests/{SOME_ID}/pass-on/",
        {"identity_keeper", "professional_standards"},
    ),
    "protection:refuse_name": (
        f"name-requests/{SOME_ID}/refuse/",
        {"identity_keeper", "professional_standards"},
    ),
    "protection:released_name": (
        f"reports/{SOME_ID}/released-name/",
        {"triage_officer", "supervisor"},
    ),
    "protection:ask_for_name": (
        f"reports/{SOME_ID}/ask-for-name/",
        {"triage_officer", "supervisor"},
    ),
    "protection:withdraw_name": (
        f"name-requests/{SOME_ID}/withdraw/",
        {"triage_officer", "supervisor"},
    ),
    "protection:identities": ("hidden-names/", {"auditor"}),
    "protection:review_identity": ("hidden-names/1/", {"auditor"}),
    "protection:decide_crime": (
        f"incidents/{SOME_ID}/crime/",
        {"supervisor", "professional_standards", "crime_registrar"},
    ),
    "protection:places": ("places/", UNIT | {"analyst"}),
    "protection:place": (f"places/{SOME_ID}/", UNIT | {"analyst"}),
    "protection:place_kind": (f"places/{SOME_ID}/sort/", UNIT),
    "protection:answer_place": (
        f"places/{SOME_ID}/answer/",
        {"triage_officer", "supervisor"},
    ),
    "protection:publication": ("publication/", {"supervisor", "analyst"}),
    "protection:publish": ("publication/publish/", {"supervisor"}),
    "protection:correct": ("publication/correct/", {"supervisor"}),
    "protection:publish_answer": (f"publication/answers/{SOME_ID}/publish/", {"supervisor"}),
    "protection:withdraw_answer": (f"publication/answers/{SOME_ID}/withdraw/", {"supervisor"}),
    "protection:usage": ("usage/", {"supervisor", "analyst", "editor"}),
    "protection:looks": ("looks/", {"supervisor", "auditor", "professional_standards"}),
    "protection:retention": ("retention/", KEEPING | {"auditor"}),
    "protection:retention_propose": ("retention/propose/", KEEPING),
    "protection:retention_report": (f"retention/{SOME_ID}/", KEEPING | {"auditor"}),
    "protection:retention_keep": (f"retention/{SOME_ID}/keep/", KEEPING),
    "protection:retention_hold": (f"retention/{SOME_ID}/hold/", KEEPING),
    "protection:retention_lift": (f"retention/{SOME_ID}/hold/{SOME_ID}/", KEEPING),
    "protection:retention_list": (f"retention/lists/{SOME_ID}/", KEEPING | {"auditor"}),
    "protection:retention_confirm": (f"retention/lists/{SOME_ID}/confirm/", KEEPING),
    "protection:retention_call_off": (f"retention/lists/{SOME_ID}/call-off/", KEEPING),
    "protection:certificates": ("retention/certificates/", KEEPING | {"auditor"}),
    "protection:certificate": (f"retention/certificates/{SOME_ID}/", KEEPING | {"auditor"}),
    "protection:trouble": ("trouble/", {"supervisor", "auditor"}),
    "protection:try_again": (f"trouble/{SOME_ID}/again/", {"supervisor"}),
    "protection:feedback": ("feedback/", UNIT),
    "protection:feedback_notes": ("feedback/notes/", {"editor"}),
    "protection:one_feedback": (f"feedback/{SOME_ID}/", UNIT),
    "protection:open_feedback": (f"feedback/{SOME_ID}/open/", UNIT),
    "protection:feedback_read": (f"feedback/{SOME_ID}/read/", UNIT),
    "protection:feedback_report": (f"feedback/{SOME_ID}/report/", UNIT),
    "patrol:hotspots": (
        "hotspots/",
        {"triage_officer", "safeguarding_officer", "supervisor", "analyst"},
    ),
    "patrol:download": (
        "hotspots/hotspots.csv",
        {"triage_officer", "safeguarding_officer", "supervisor", "analyst"},
    ),
    "protection:people_alike": ("people/alike/", KEEPING),
    "protection:person_alike": (f"people/{SOME_ID}/alike/", KEEPING),
    "protection:person_pair": (f"people/{SOME_ID}/beside/{SOME_ID}/", KEEPING),
    "protection:person_merge": (f"people/{SOME_ID}/merge/{SOME_ID}/", KEEPING),
    "protection:person_apart": (f"people/{SOME_ID}/apart/{SOME_ID}/", KEEPING),
    "protection:person_merged": (f"people/merges/{SOME_ID}/", KEEPING),
    "protection:person_unmerge": (f"people/merges/{SOME_ID}/take-back/", KEEPING),
    "protection:person_move": (f"people/merges/{SOME_ID}/move/", KEEPING),
    "partnership:case_print": (f"cases/{SOME_ID}/print/", SAFEGUARDING),
    "partnership:export_new": (f"cases/{SOME_ID}/export/", SAFEGUARDING),
    "partnership:exports": ("exports/", SAFEGUARDING | {"auditor"}),
    "partnership:export": (f"exports/{SOME_ID}/", SAFEGUARDING | {"auditor"}),
    "partnership:export_agree": (f"exports/{SOME_ID}/agree/", KEEPING),
    "partnership:export_make": (f"exports/{SOME_ID}/make/", SAFEGUARDING),
    "partnership:export_file": (f"exports/{SOME_ID}/file/", SAFEGUARDING),
    "partnership:export_review": (f"exports/{SOME_ID}/review/", {"auditor"}),
    "partnership:services": ("services/", KEEPERS),
    "partnership:service_new": ("services/new/", KEEPERS),
    "partnership:service": (f"services/{SOME_ID}/", KEEPERS),
    "partnership:service_verify": (f"services/{SOME_ID}/asked/", KEEPERS),
    "partnership:service_withdraw": (f"services/{SOME_ID}/withdraw/", KEEPERS),
    "partnership:agencies": ("agencies/", {"supervisor"}),
    "partnership:agency_new": ("agencies/new/", {"supervisor"}),
    "partnership:agency": (f"agencies/{SOME_ID}/", {"supervisor"}),
    "partnership:agency_end": (f"agencies/{SOME_ID}/end/", {"supervisor"}),
    "partnership:key_enter": (f"agencies/{SOME_ID}/key/", {"supervisor"}),
    "partnership:key_confirm": (f"agencies/keys/{SOME_ID}/confirm/", {"supervisor"}),
    "partnership:key_end": (f"agencies/keys/{SOME_ID}/end/", {"supervisor"}),
    "partnership:must_not": (f"reports/{SOME_ID}/must-not-receive/", UNIT),
    "partnership:must_not_add": (f"reports/{SOME_ID}/must-not-receive/add/", UNIT),
    "partnership:must_not_end": (f"must-not-receive/{SOME_ID}/end/", UNIT),
    "partnership:share_new": (f"reports/{SOME_ID}/share/", UNIT),
    "partnership:shares": ("shares/", UNIT | {"auditor"}),
    "partnership:share": (f"shares/{SOME_ID}/", UNIT | {"auditor"}),
    "partnership:share_agree": (
        f"shares/{SOME_ID}/agree/",
        {"supervisor", "professional_standards"},
    ),
    "partnership:share_review": (
        f"shares/{SOME_ID}/review/",
        {"supervisor", "professional_standards"},
    ),
    "partnership:share_make": (f"shares/{SOME_ID}/make/", UNIT),
    "partnership:share_file": (f"shares/{SOME_ID}/file/", UNIT),
    "partnership:share_note": (f"shares/{SOME_ID}/note/", UNIT),
    # Last: these two sign out.
    "account_leave": ("account/leave/", EVERYONE),
    "account_logout": ("account/logout/", EVERYONE),
}
# On PostgreSQL by day: whoever may do least, and whoever may do most.
BOTH_ENDS = {ANONYMOUS, str(Role.SUPERVISOR)}
EACH = [
    pytest.param(who, marks=[] if who in BOTH_ENDS else [pytest.mark.screen], id=who)
    for who in sorted(EVERYONE)
]
# The CMS is one rule by the start of its path, however its pages are laid out.
CMS_PAGES = ("", "pages/", "reports/locked/")
CMS_MAY = {"editor"}


def test_every_staff_route_has_a_row():
    found = [name for name, at in routes("safehold.config.urls.staff") if not at.startswith(CMS)]
    assert set(found) - {"healthz"} == set(STAFF)


def test_every_row_of_the_access_table_is_a_page():
    assert set(access.table().routes) <= set(STAFF)
    assert set(access.table().trees) == {CMS, "/staff/hotspots/"}


def test_every_page_of_the_cms_needs_the_one_permission():
    pages = [(name, at) for name, at in routes("safehold.config.urls.staff") if at.startswith(CMS)]
    assert len(pages) > 50
    for name, at in pages:
        assert access.needed_for(name, at) is Permission.EDIT_PAGES, name


def test_the_public_site_has_no_staff_route():
    for name, at in routes("safehold.config.urls.public"):
        assert not at.startswith("/staff/"), name
        assert name == "healthz" or name.startswith("public:"), name


def turned_away(response: HttpResponse) -> bool:
    where = response.headers.get("Location", "")
    return response.status_code == 403 or where.startswith(
        ("/staff/account/login/", "/staff/account/authenticator/")
    )


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who == ANONYMOUS:
        return client
    if who == PASSWORD_ONLY:
        member_of_it = member(Role.SUPERVISOR)
        Authenticator.objects.filter(user=member_of_it).delete()
        login = {"login": member_of_it.username, "password": PASSWORD}
        client.post("/staff/account/login/", login)
        return client
    sign_in(client, member(Role(who)))
    return client


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
@pytest.mark.parametrize("who", EACH)
def test_each_role_reaches_what_its_rows_say_and_nothing_else(who):
    client = client_of(who)
    for ask in (client.get, client.post):
        for name, (at, may) in STAFF.items():
            if may == EVERYONE:
                continue
            response = ask(f"/staff/{at}")
            assert turned_away(response) is (who not in may), (name, response.status_code)
            assert response.status_code < 500, name
    for at in CMS_PAGES:
        assert turned_away(client.get(CMS + at)) is (who not in CMS_MAY), at
    for name, (at, may) in STAFF.items():
        if may == EVERYONE:
            assert client.get(f"/staff/{at}").status_code in {200, 302, 405}, name


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_whoever_gave_only_a_password_sees_the_second_factor_and_nothing_else():
    client = client_of(PASSWORD_ONLY)
    for name, (at, may) in STAFF.items():
        if PASSWORD_ONLY not in may:
            response = client.get(f"/staff/{at}")
            assert response.headers["Location"] == "/staff/account/authenticator/", name
    for at in CMS_PAGES:
        assert client.get(CMS + at).headers["Location"] == "/staff/account/authenticator/", at


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_a_page_that_nobody_listed_is_refused_to_everybody(settings):
    new = ModuleType("urls_with_a_new_page")
    new.urlpatterns = [
        path("staff/new/", lambda request: HttpResponse("open"), name="new"),
        path("", include("safehold.config.urls.all")),
    ]
    client = client_of("supervisor")
    settings.ROOT_URLCONF = new
    response = client.get("/staff/new/")
    assert response.status_code == 403
    assert "not in the access table" in response.content.decode()
    assert Client().get("/staff/new/").status_code == 403


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_no_public_page_asks_who_somebody_is_or_sets_a_staff_cookie():
    asked = 0
    for address in public_addresses():
        client = Client(raise_request_exception=False)
        response = client.get(address)
        asked += 1
        assert not turned_away(response), address
        assert not {"staff", "staffcsrf", "sessionid"} & set(client.cookies), address
    assert asked > 3
