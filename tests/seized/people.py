"""What people told us, wrote and opened: every word of theirs is one that stands nowhere else."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyotp
from django.core.files.uploadedfile import SimpleUploadedFile

from safehold.domain.access import Role
from tests.files import made_files
from tests.public.report.visitor import Visitor
from tests.running.test_first_installation import LOGIN, PASSWORD, SET_UP
from tests.seized.hosts import KEEPERS, UNIT, Installation
from tests.seized.wire import WireClient

TELL, SAVE, RETURN, FILES, NEWS = (
    "/report/tell/",
    "/report/save/",
    "/return/",
    "/report/files/",
    "/return/news/",
)
CODE = r'<strong dir="ltr">(\d{4} \d{4} \d{4} \d{4}|[a-z]+(?: [a-z]+){5})</strong>'
REASON = "Allocated to me this morning"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OFFICER, KEEPER = "Halcyon Brook", "Sorrel Vane"
HERS = {  # what each of them said, by what the secrets call it
    "before": "He waited by the quince tree",
    "after": "He stood behind the medlar",
    "named": "Zephyrine Quill",
    "number": "07700 900111",
    "hidden": "Ottoline Marsh",
    "hidden number": "07700 900222",
    "released": "Briony Fell",
    "passed on": "Cressida Tarn",
    "colleague": "He wears the badge of Sedgebrook",
    "place": "Wrenfold Passage",
    "file name": "glimmerwick.jpg",
    "wrote": "Thursday after the kiln is cold",
    "nudge": "+447700900333",
    "saved": "He counted the teasels",
    "unfinished": "He broke the pewter jug",
    "feedback": "The lettering swims like minnows",
    "asked about": "Peregrine Stoat",
    "asks": "Leocadia Thrupp",
    "compared": "Gideon Harrowgate",
    "shared": "He hid the copper kettle",
    "destroyed": "He sang of the drowned orchard",
}
OURS = "We can meet at the tannery"
DANGER: dict[str, dict[str, Any]] = {"risk": {"risk": ["weapon"]}}
CONTACT = {"contact_when": {"days": ["wed"], "parts": ["evening"]}}


@dataclass
class Told:
    """What only whoever made the installation knows: which report is which, and the codes."""

    references: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    sent_at: datetime = LONG_AGO
    site: str = ""
    authenticator: str = ""
    code: str = ""
    saved_code: str = ""
    picture: bytes = b""
    clean: bytes = b""
    cookies: dict[str, str] = field(default_factory=dict)
    seen_with_code: str = ""
    seen_with_saved: str = ""
    seen_on_phone: str = ""


class Public:
    """Everybody who comes to the public site."""

    def __init__(self, site: WireClient, told: Told) -> None:
        self.site, self.told = site, told

    def somebody(self, start: str = TELL, journey: str = "harm") -> Visitor:
        """Open the form on a device that was never here."""
        return Visitor(WireClient(self.site.port, self.site.host), start, journey)

    def tells(self, which: str, /, **answers: Any) -> Visitor:
        """Tell, send, and keep the reference in mind."""
        visitor = self.somebody().walks(**answers).sends("send")
        return self._sent(which, visitor)

    def _sent(self, name: str, visitor: Visitor) -> Visitor:
        assert visitor.page == "sent", visitor.words
        found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", visitor.words)
        assert found is not None, visitor.words
        self.told.references[name] = found[0]
        return visitor

    def hides(self, which: str, /, **answers: Any) -> None:
        """Tell under a hidden name."""
        how = {"identity": {"how": "hidden"}, "name": {"name": HERS[which]}}
        reach = {"contact": {"method": "call", "to": HERS["hidden number"]}, **CONTACT}
        self.tells(which, **how, **reach, **answers)

    def names_herself(self) -> None:
        """Tell under her name, before the key of accounts is rotated."""
        self.tells(
            "before",
            what={"text": HERS["before"]},
            identity={"how": "named"},
            name={"name": HERS["named"]},
            contact={"method": "call", "to": HERS["number"]},
            **CONTACT,
        )

    def come(self) -> None:
        """Everybody else comes, each on a device of her own."""
        self.hides("hidden")
        self.hides("passed on")
        self.hides("released", **DANGER)
        self.tells("colleague", what={"text": HERS["colleague"]}, works={"party": "yes"})
        self.tells("alarmed", **DANGER)
        self.tells("shared", what={"text": HERS["shared"]})
        self.tells("destroyed", what={"text": HERS["destroyed"]})
        self.told.sent_at = datetime.now(UTC)
        self.finds_a_place_unsafe()
        self.sends_a_file_and_takes_a_code()
        self.saves()
        self.stops_half_way()
        self.gives_feedback()
        self.asks_about_somebody()

    def finds_a_place_unsafe(self) -> None:
        """Report a place in words."""
        place = {"where": {"do": "words"}, "words": {"text": HERS["place"]}}
        visitor = self.somebody("/report/place/", "place").begins()
        while visitor.page != "check":
            given = place.get(visitor.page, {})
            visitor.sends(given.get("do", "continue"), **_without(given, "do"))
        self._sent("place", visitor.sends("send"))

    def sends_a_file_and_takes_a_code(self) -> None:
        """Tell without a name, with a picture; take a code, write, and ask for nudges."""
        visitor = self.somebody().begins()
        while visitor.page != "files":
            given = {"evidence": {"evidence": "pictures"}, "what": {"text": HERS["after"]}}
            visitor.sends(**given.get(visitor.page, {}))
        self.told.picture = made_files.photo()
        file = SimpleUploadedFile(HERS["file name"], self.told.picture)
        _posts(visitor, FILES, do="add", file=file)
        assert HERS["file name"] in visitor.html
        while visitor.page != "check":
            visitor.sends()
        self._sent("after", visitor.sends("send"))
        _posts(visitor, visitor.at, do="digits")
        self.told.code = _code(visitor)
        back = self.comes_back(self.told.code)
        once = re.search(r'name="once" value="([0-9a-f]+)"', back.html)
        assert once is not None, back.words
        _posts(back, RETURN, do="write", message=HERS["wrote"], once=once[1])
        _posts(
            back,
            NEWS,
            do="ask",
            channel="text",
            address=HERS["nudge"],
            parts=["morning"],
            days=["mon"],
        )
        assert "You asked for messages." in back.words

    def comes_back(self, code: str) -> Visitor:
        """Type a code on a device that was never here."""
        return self.somebody().sends(at=RETURN, code=code)

    def _half_way(self) -> Visitor:
        visitor = self.somebody().begins()
        while visitor.page != "what":
            visitor.sends()
        return visitor

    def saves(self) -> None:
        """Save under a code, and close the browser."""
        visitor = self._half_way().sends("save", text=HERS["saved"]).sends("words", at=SAVE)
        self.told.saved_code = _code(visitor)
        visitor.sends("kept", at=SAVE)

    def stops_half_way(self) -> None:
        """Write something, and put the phone down."""
        visitor = self._half_way().sends(text=HERS["unfinished"])
        self.told.cookies = visitor.cookies

    def gives_feedback(self) -> None:
        """Say what is wrong with the site."""
        client = WireClient(self.site.port, self.site.host)
        page = client.get("/feedback/").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        answer = client.post("/feedback/", {**hidden, "do": "continue", "wrong": HERS["feedback"]})
        assert answer.status_code in {302, 303}, answer.content.decode()

    def asks_about_somebody(self) -> None:
        """Ask under Clare's Law."""
        visitor = self.somebody("/ask/", "ask").walks(
            subject={"name": HERS["asked about"]},
            name={"name": HERS["asks"]},
            contact={"method": "call", "to": "07700 900444"},
        )
        assert visitor.sends("send").page == "sent", visitor.words

    @property
    def on_the_desk(self) -> int:
        """How many of these the unit sees among reports: all that have a reference, and one more.

        Those about a colleague are for others; an application has no reference to keep.
        """
        return len(self.told.references) - 1 + 1

    def look_again(self) -> None:
        """Whoever has a code, or the phone with the form open, looks at what it shows."""
        back = self.comes_back(self.told.code)
        self.told.seen_with_code = back.html
        note = back.client.post(RETURN, {"do": "proof"}).content.decode()
        assert self.told.references["after"] in note
        self.told.seen_with_code += note
        saved = self.comes_back(self.told.saved_code)
        saved = saved.sends() if saved.page == "now" else saved
        self.told.seen_with_saved = saved.finds("what").html
        phone = self.somebody()
        phone.client.cookies.load(self.told.cookies)
        self.told.seen_on_phone = phone.finds("what").html


class Desk:
    """A member before the staff site of a host."""

    def __init__(self, installation: Installation, host: str, site: WireClient) -> None:
        self.installation, self.host, self.client = installation, host, site

    def signs_in(self, name: str, role: Role) -> Desk:
        """Be taken in, give name and password, and set up an authenticator."""
        login = name.lower().replace(" ", ".")
        more = ("--name", name, "--role", role, "--team", "Safeguarding", "--password-stdin")
        self.installation.type(UNIT, "staff", "add", login, *more, stdin=f"{PASSWORD}\n")
        self.client.get(LOGIN)
        self.client.post(LOGIN, {"login": login, "password": PASSWORD}, follow=True)
        secret = re.search(r"<code>([A-Z2-7]+)</code>", self.client.get(SET_UP).content.decode())
        assert secret is not None
        self.authenticator = secret[1]
        self.client.post(SET_UP, {"code": pyotp.TOTP(secret[1]).now()}, follow=True)
        assert name in self.sees("")
        return self

    def sees(self, path: str) -> str:
        """Open a page."""
        return self._read(path, self.client.get(f"/staff/{path}", follow=True))

    def does(self, path: str, **given: Any) -> str:
        """Press a button of a page."""
        return self._read(path, self.client.post(f"/staff/{path}", given, follow=True))

    def _read(self, path: str, answer: Any) -> str:
        self.answer = answer
        page = answer.content.decode(errors="replace")
        assert answer.status_code == 200, f"{path}: {answer.status_code}\n{_words(page)}"
        return _words(page)


class Unit:
    """The officers, on three hosts, and what each of them does."""

    def __init__(
        self, installation: Installation, sites: Mapping[str, WireClient], told: Told
    ) -> None:
        self.told = told
        self.officer = Desk(installation, UNIT, sites[UNIT]).signs_in(OFFICER, Role.TRIAGE_OFFICER)
        self.keeper = Desk(installation, KEEPERS, sites[KEEPERS]).signs_in(
            KEEPER, Role.IDENTITY_KEEPER
        )
        told.authenticator = self.officer.authenticator

    def waits_for_slips(self, count: int) -> None:
        """Wait until the unattended scheduler has opened every slip."""
        until = time.monotonic() + 60
        while len(self._ids(self.officer)) < count:
            assert time.monotonic() < until, self.officer.sees("reports/")
            time.sleep(0.5)

    def _ids(self, desk: Desk) -> dict[str, str]:
        html = desk.client.get("/staff/reports/").content.decode()
        found = re.findall(r'href="/staff/reports/([0-9a-f-]{36})/"[^>]*>([^<]+)<', html)
        return {reference.strip(): identifier for identifier, reference in found}

    def work(self) -> None:
        """Read, open, accept, answer, ask for a name and use it."""
        ids = self._ids(self.officer)
        self.ids = {name: ids[each] for name, each in self.told.references.items() if each in ids}
        for act in (
            self._accepts_the_place,
            self._reads_who_is_named,
            self._opens_what_is_released,
            self._asks_for_a_name,
            self._looks_at_the_file_and_answers,
            self.reads_feedback,
            self.opens_the_application,
        ):
            act()

    def _opens(self, name: str) -> str:
        report = f"reports/{self.ids[name]}/"
        self.officer.does(f"{report}account/", reason=REASON)
        return report

    def _accepts_the_place(self) -> None:
        report = self._opens("place")
        chosen = {"place": "new", "name": HERS["place"], "kind": "path", "note": ""}
        self.officer.does(f"{report}accept/", classification="behaviour", **chosen)
        assert "Incident" in _words(self.officer.answer.content.decode())

    def _reads_who_is_named(self) -> None:
        self._opens("before")

    def _opens_what_is_released(self) -> None:
        report = self._opens("released")
        assert HERS["released"] in self.officer.does(f"{report}released-name/", reason=REASON)

    def _asks_for_a_name(self) -> None:
        report = self._opens("passed on")
        self.officer.does(f"{report}ask-for-name/", reason=REASON, soon="now")
        assert HERS["passed on"] in self.keeper.does(f"{report}name/", reason=REASON)
        form = re.search(
            r"/staff/(name-requests/[0-9a-f-]{36}/pass-on/)", self.keeper.answer.content.decode()
        )
        assert form is not None, self.keeper.sees(f"{report}name/")
        self.keeper.does(form[1])
        assert HERS["passed on"] in self.officer.does(f"{report}released-name/", reason=REASON)
        assert HERS["hidden"] in self.keeper.does(
            f"reports/{self.ids['hidden']}/name/", reason=REASON
        )

    def _looks_at_the_file_and_answers(self) -> None:
        report = self._opens("after")
        page = self.officer.answer.content.decode()
        (file,) = set(re.findall(rf"/staff/{report}(files/[0-9a-f-]{{36}}/)", page))
        assert (
            "data:image"
            in self.officer.client.post(
                f"/staff/{report}{file}", {"reason": REASON}
            ).content.decode()
        )
        self.told.clean = self.officer.client.post(
            f"/staff/{report}{file}out/", {"which": "cleaned", "why": REASON}
        ).content
        assert self.told.clean.startswith(b"\xff\xd8")
        assert HERS["wrote"] in self.officer.does(f"{report}messages/", reason=REASON)
        page = self.officer.answer.content.decode()
        (shown,) = re.findall(r'name="shown" value="(\d+)"', page)
        self.officer.does(f"{report}messages/write/", text=OURS, shown=shown)

    def reads_feedback(self) -> None:
        """Open what was written about the site."""
        page = self.officer.client.get("/staff/feedback/").content.decode()
        (one,) = set(re.findall(r'href="/staff/(feedback/[0-9a-f-]{36}/)"', page))
        assert HERS["feedback"] in self.officer.does(f"{one}open/", reason=REASON)

    def opens_the_application(self) -> None:
        """Open who asks under Clare's Law, and about whom."""
        page = self.officer.client.get("/staff/reports/").content.decode()
        others = set(re.findall(r'href="/staff/reports/([0-9a-f-]{36})/"', page))
        (asked,) = others - set(self.ids.values())
        assert HERS["asked about"] in self.officer.does(f"reports/{asked}/account/", reason=REASON)
        self.officer.does(f"reports/{asked}/clares-law/")


def _words(page: str) -> str:
    page = re.sub(r"<(script|style|title).*?</\1>", " ", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def _without(given: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != key}


def _posts(visitor: Visitor, path: str, **given: Any) -> None:
    visitor.response = visitor.client.post(path, given, follow=True)
    visitor._arrived(path)


def _code(visitor: Visitor) -> str:
    found = re.search(CODE, visitor.html)
    assert found is not None, visitor.words
    return found[1]
