"""No page and no process asks anybody else for anything: proved where nobody else is."""

from __future__ import annotations

import json
import os
import sys
import tempfile

import pytest

from tests.running import lonely_network
from tests.running.every_page import Walk
from tests.running.lonely_network import RESOLVER, STRANGER, STRANGER_6, STRANGER_NAME, Report
from tests.servers import environment, filled_installation

_CHROMIUM = {name: os.environ[name] for name in ("SAFEHOLD_CHROMIUM",) if name in os.environ}
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def _environment(**changes: str) -> dict[str, str]:
    # Where the filled installation lies: a browser's own folder would have it made once more.
    ours = {"PYTHONPATH": str(lonely_network.ROOT), "TMPDIR": tempfile.gettempdir()}
    return {**environment(**changes), **ours} | _CHROMIUM


@pytest.fixture(scope="module")
def lonely() -> None:
    reason = lonely_network.missing()
    if reason:
        pytest.skip(f"NOT PROVED that nothing asks a third party: {reason}")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("1", id="one page of a kind"),
        pytest.param("2", id="two pages of a kind", marks=pytest.mark.slow),
    ],
)
def walked(
    request: pytest.FixtureRequest, lonely: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, dict]:
    filled_installation()  # made outside, where it may take its time
    result = tmp_path_factory.mktemp("alone") / "result.json"
    report = lonely_network.run_alone(
        [sys.executable, "-m", "tests.running.every_page"],
        environment=_environment(EVERY_PAGE_RESULT=str(result), EVERY_PAGE_OF_A_KIND=request.param),
    )
    assert report.code == 0, report.output
    return report, json.loads(result.read_text())


def walks(walked: tuple[Report, dict]) -> dict[str, dict]:
    return {name: walk for name, walk in walked[1].items() if name != "proof"}


def test_the_trap_sees_whoever_asks(walked: tuple[Report, dict]) -> None:
    report, _ = walked

    assert f"{STRANGER} tcp 443" in report.proof
    assert f"{STRANGER_6} tcp 443" in report.proof
    assert f"{RESOLVER} udp 53 asks for {STRANGER_NAME}" in report.proof


def test_a_process_that_asks_is_caught_with_the_name_that_it_asked_for(lonely: None) -> None:
    asks = "import urllib.request; urllib.request.urlopen('https://telemetry.example/', timeout=1)"
    report = lonely_network.run_alone([sys.executable, "-c", asks], environment=_environment())

    assert f"{RESOLVER} udp 53 asks for telemetry.example" in report.packets


def test_the_walk_notices_a_page_that_asks(walked: tuple[Report, dict]) -> None:
    proof = walked[1]["proof"]

    assert proof["asked"]["third-party.example"] == 1
    assert proof["strangers"] == ["(on purpose): http://third-party.example/pixel.png"]


def test_nothing_left_while_every_page_was_walked(walked: tuple[Report, dict]) -> None:
    report, _ = walked

    assert report.packets == []


def test_the_browser_asked_our_own_host_alone(walked: tuple[Report, dict]) -> None:
    for name, walk in walks(walked).items():
        others = set(walk["asked"]) - {walk["host"], "data", "blob", "about"}
        assert not others, f"{name} made the browser ask {others}"
        assert walk["asked"][walk["host"]] > len(walk["opened"])


def test_no_page_names_an_address_to_load_but_the_exits(walked: tuple[Report, dict]) -> None:
    for walk in walks(walked).values():
        assert walk["strangers"] == []


def test_the_walk_saw_both_sites_and_broke_nothing(walked: tuple[Report, dict]) -> None:
    public = walked[1]["public"]["opened"]
    staff = {
        path for name, walk in walks(walked).items() if name != "public" for path in walk["opened"]
    }

    assert {"/", "/report/place/", "/cookies/", "/no-such-page/", "(a report sent)"} <= set(public)
    assert {"/staff/", "/staff/reports/", "/staff/places/", "/staff/hotspots/"} <= staff
    assert any(path.startswith("/staff/content/") for path in staff)
    assert not [line for walk in walks(walked).values() for line in walk["broken"]]


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://cdn.example/a.png">',
        "<script src=//cdn.example/a.js></script>",
        '<link rel="preconnect" href="https://fonts.example">',
        "<style>a { background: url(https://cdn.example/a.png) }</style>",
        '<form action="https://collect.example/">',
        '<a ping="https://count.example/" href="/">x</a>',
    ],
)
def test_a_page_that_would_load_from_elsewhere_is_noticed(text: str) -> None:
    walk = Walk("http://127.0.0.1:8000", {"https://www.bbc.co.uk/weather"})
    walk.read("/page/", text)

    assert len(walk.strangers) == 1


def test_a_link_that_a_person_follows_and_the_exit_are_not_loads() -> None:
    walk = Walk("http://127.0.0.1:8000", {"https://www.bbc.co.uk/weather"})
    walk.read("/page/", '<a href="https://www.nationaldahelpline.org.uk/">Helpline</a>')
    walk.read("/page/", '<script data-to="https://www.bbc.co.uk/weather">')
    walk.read("/page/", '<svg xmlns="http://www.w3.org/2000/svg">')

    assert walk.strangers == []
