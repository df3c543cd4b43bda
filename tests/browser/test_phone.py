"""An assessment on an enrolled phone: begun, asked without a line, sent, taken over, graded."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TOLD = "He hid the spare handset in the blue bread tin"
WHY = "She told me so at home, and I believe her"
# All that a browser keeps of us, and all that stands on the page.
KEPT = """
async () => {
  const found = [document.documentElement.outerHTML, location.href, document.title];
  document.querySelectorAll('input, textarea').forEach(each => found.push(each.value));
  found.push(JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url, await (await cache.match(request)).text());
    }
  }
  const done = request => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = await done(database.transaction(store).objectStore(store).getAll());
      found.push(`STORE ${store} ${JSON.stringify(rows)}`);
    }
    database.close();
  }
  return found;
}
"""


def kept(page: Page) -> str:
    """Return everything that the phone keeps or shows."""
    return "\n".join(page.evaluate(KEPT))


def rows_of(page: Page, store: str) -> str:
    """Return the rows of one store, as text."""
    found = re.search(rf"^STORE {store} (.*)$", kept(page), re.MULTILINE)
    assert found
    return found.group(1)


def a_case(servers: Servers) -> tuple[str, list[str]]:
    """Return a practice case with two parties, and every word that leads to it."""
    with sqlite3.connect(f"file:{servers.data}/records.sqlite3?mode=ro", uri=True) as store:
        case, of = store.execute(
            "SELECT c.id, c.reference FROM work_case c JOIN risk_assessment a ON a.case_id = c.id"
        ).fetchone()
        names = store.execute(
            "SELECT n.written FROM person_name n"
            " JOIN work_case_party p ON p.person_id = n.person_id WHERE p.case_id = ?",
            [case],
        ).fetchall()
    key = f"{case[:8]}-{case[8:12]}-{case[12:16]}-{case[16:20]}-{case[20:]}"
    return key, [of, key, case, *(each for (each,) in names)]


def enrols(phone: Officer, boss: Officer) -> None:
    """Ask on the phone; a supervisor approves it by its mark."""
    phone.page.goto(f"{phone.servers.staff}/staff/phones/")
    phone.accessible(phone.page)
    phone.page.get_by_role("button", name="Ask for this phone").click()
    mark = phone.page.locator("#this + p strong").inner_text()
    boss.page.goto(f"{boss.servers.staff}/staff/phones/")
    boss.accessible(boss.page)
    boss.page.get_by_role("button", name=f"Approve {mark}").click()
    expect(boss.page.get_by_role("main")).to_contain_text("Approved")


def begins(phone: Officer, case: str) -> str:
    """Begin an assessment, open the history, and go on on this phone; return its address."""
    page, at = phone.page, f"{phone.servers.staff}/staff/cases/{case}/assessments/"
    page.goto(f"{at}new/")
    page.locator("input[name=instrument][value=dash]").check()
    page.locator("input[name=victim]").nth(0).check()
    page.locator("input[name=accused]").nth(1).check()
    page.get_by_role("button", name="Begin, and open the history").click()
    # In practice the history may have been opened in this shift, when the case was filled in.
    if page.get_by_role("button", name="Record the reason and look").count():
        page.get_by_role("textbox").fill(WHY)
        page.get_by_role("button", name="Record the reason and look").click()
    made = page.url.removesuffix("history/")
    page.goto(f"{made}phone/")
    phone.accessible(page)
    page.get_by_role("button", name="Begin on this phone").click()
    expect(page.get_by_role("status").first).to_have_text("All that you saved is with the unit.")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.accessible(page)
    return made


def answers(page: Page, item: str, number: int, words: str = "") -> None:
    """Choose an answer to a question, write, and leave it for another."""
    page.locator(f"label[for={item}-g{number}]").click()
    page.locator(f"#{item}-words").fill(words)
    page.locator("#injury-words" if item != "injury" else "#kill-words").focus()
    expect(page.locator(f"#{item}-g{number}")).not_to_be_checked()
    expect(page.locator(f"#{item}-words")).to_have_value("")


def grades(phone: Officer, made: str) -> None:
    """Say what was searched, submit, and grade."""
    page = phone.page
    page.goto(f"{made}checks/")
    for box in page.locator("input[type=radio][value=nothing]").all():
        box.check()
    page.get_by_role("button", name="Save what is said here").click()
    page.get_by_role("button", name="Submit").click()
    page.get_by_label("High", exact=True).check()
    page.get_by_label("Why this grade?").fill(WHY)
    page.get_by_role("button", name="Record the grade, and start what it starts").click()
    expect(page.get_by_role("main")).to_contain_text(WHY)


def no_line(context: BrowserContext, page: Page, *, off: bool) -> None:
    """Take the line away, or give it back."""
    context.set_offline(off)
    page.evaluate("dispatchEvent(new Event(navigator.onLine ? 'online' : 'offline'))")


def test_an_assessment_comes_through_a_lost_connection_and_the_phone_cannot_read_it(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    visit = new_visit(phone=True)
    phone, boss = (Officer(each, servers, accessible) for each in (visit, new_visit()))
    phone.signs_in("safeguarding")
    boss.signs_in("supervisor")
    case, leading = a_case(servers)
    enrols(phone, boss)
    made, page = begins(phone, case), phone.page
    state = page.get_by_role("status").first
    leading.append(made.rstrip("/").rpartition("/")[2])

    page.get_by_role("button", name="Go on").click()
    accessible(page)
    no_line(visit.context, page, off=True)
    answers(page, "kill", 0, TOLD)
    expect(page.locator("#kill-note")).to_contain_text("Saved on this phone")
    expect(state).to_contain_text("No connection. What you saved waits on this phone")
    accessible(page)

    page.reload()
    expect(state).to_contain_text("No connection. What you saved waits on this phone")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#kill-note")).to_contain_text("Saved on this phone")
    answers(page, "strangle", 1)
    everything = kept(page)
    for word in (TOLD, "bread tin", TOLD.encode().hex(), *leading, "Safeguarding officer"):
        assert word not in everything, word
    assert rows_of(page, "waiting").count('"sealed"') >= 2
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0

    no_line(visit.context, page, off=False)
    expect(state).to_have_text("All that you saved is with the unit.")
    expect(page.locator("#kill-note")).to_contain_text("With the unit")
    assert rows_of(page, "waiting") == "[]"
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing is begun")
    assert [rows_of(page, store) for store in ("begun", "waiting", "sent")] == ["[]"] * 3

    page.goto(f"{made}phone/")
    accessible(page)
    page.get_by_role("button", name="Open what came, and take it over").click()
    expect(page.get_by_role("main")).to_contain_text("All of it was taken over")
    page.goto(f"{made}item/kill/")
    expect(page.get_by_role("main")).to_contain_text(TOLD)
    grades(phone, made)
    assert not visit.outside


def test_begun_without_a_line_the_start_is_sent_first_and_a_signed_out_phone_sends(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    visit = new_visit(phone=True)
    phone, boss = (Officer(each, servers, accessible) for each in (visit, new_visit()))
    phone.signs_in("officer")
    boss.signs_in("supervisor")
    enrols(phone, boss)
    page, state = phone.page, phone.page.get_by_role("status").first
    page.goto(f"{servers.staff}/staff/phone/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_role("main")).to_contain_text("Nothing is begun")

    no_line(visit.context, page, off=True)
    page.reload()
    page.locator("label[for=start-0]").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(state).to_contain_text("Nobody knows yet that you began")
    answers(page, "kill", 0)
    accessible(page)

    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or ""))
    visit.context.clear_cookies(name="staff")  # the sign-in ended meanwhile
    no_line(visit.context, page, off=False)
    expect(state).to_have_text("All that you saved is with the unit.")
    kinds = [found.group(1) for each in sent if (found := re.search(r'"kind":"(\w+)"', each))]
    assert kinds[:2] == ["start", "answer"]


def test_the_public_origin_has_no_worker(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    for path in ("/", "/report/", "/support/"):
        visit.page.goto(servers.public + path)
        found = visit.page.evaluate(
            "navigator.serviceWorker.getRegistrations().then(l => l.length)"
        )
        assert found == 0
    assert visit.page.goto(f"{servers.public}/staff/phone/worker.js").status == 404
    assert visit.page.evaluate("caches.keys().then(l => l.length)") == 0
