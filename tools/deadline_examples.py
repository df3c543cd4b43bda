"""Write docs/deadlines.md from the examples worked by hand, or check that it is up to date."""

from __future__ import annotations

import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from safehold.domain import deadline_rules
from safehold.domain.deadlines import LONDON

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests/domain/deadline_examples.toml"
PAGE = ROOT / "docs/deadlines.md"
HEAD = (
    "# Deadlines, reckoned by hand\n\n"
    "What each clock is comes from `src/safehold/rules/deadlines.toml`; what is marked there as to "
    "be confirmed is marked here. The examples were counted by hand with a printed calendar "
    "(`tests/domain/deadline_examples.toml`), and a test compares each with what the software "
    "reckons. This page is written from both: `.venv/bin/python tools/deadline_examples.py write`."
    "\n\n"
    "An hour is an elapsed hour, and a day ends at local midnight. Hours that skip days leave out "
    "Sundays, Christmas Day, Good Friday and the bank holidays of England and Wales; of a bank "
    "holiday that falls on a Saturday only the substitute day is left out, which gives the earlier "
    "date. Days (or months) “beginning with” a day count that day as the first. Working days do "
    "not count the day on which something starts. The holidays of {first} to {last} are loaded: "
    "beyond them nothing that needs them is reckoned.\n"
)


def examples() -> list[dict[str, Any]]:
    """Return the examples as they were written down."""
    found: list[dict[str, Any]] = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["examples"]
    return found


def page() -> str:
    """Return the page: the examples, then every clock with its source."""
    holidays = deadline_rules.calendar()
    lines = [HEAD.format(first=holidays.first_year, last=holidays.last_year)]
    lines += ["## Examples\n", "| Clock | Starts | Due | How |", "|---|---|---|---|"]
    lines += [_example(one) for one in examples()]
    lines += [
        "\n## Every clock\n",
        "| Clock | Starts with | How long | Source |",
        "|---|---|---|---|",
    ]
    lines += [_clock(rule) for rule in deadline_rules.every().values()]
    return "\n".join(lines) + "\n"


def _example(one: dict[str, Any]) -> str:
    rule = deadline_rules.every()[one["rule"]]
    length = rule.length(
        enhanced=one.get("enhanced", True), number=one.get("number"), rung=one.get("rung", 0)
    )
    start = one.get("start")
    return _row(
        f"{rule.label}: {length.words}",
        _moment(start) if start else f"Not known: {one['missing']}",
        _due(one),
        one["why"],
    )


def _due(one: dict[str, Any]) -> str:
    if "due" in one:
        return _moment(one["due"])
    return f"end of {_day(one['end_of'])}" if "end_of" in one else str(one["no_date"])


def _clock(rule: deadline_rules.Rule) -> str:
    if rule.ladder:
        steps = [f"{step.number} ({step.words.lower()})" for step in rule.ladder]
        unit = rule.length(enhanced=True).words.partition(" ")[2]
        long = f"{', '.join(steps)}: {unit}"
    elif rule.least is not None:
        long = f"{rule.least} to {rule.length(enhanced=True, number=rule.number).words}"
    else:
        long = rule.length(enhanced=False).words
    if rule.enhanced:
        long += f"; {rule.enhanced} with enhanced rights, which is the default"
    sure = "" if rule.confirmed else " **To be confirmed.**"
    return _row(
        rule.label, rule.starts_with, long, f"{rule.source}. [Read here]({rule.url}).{sure}"
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _moment(at: datetime) -> str:
    return f"{_day(at.date())}, {at.replace(tzinfo=LONDON):%H:%M}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit(f"{PAGE.name} is not what the examples and the rules say: run it with `write`.")
