"""The profile of a force: the two that ship, and what is refused."""

import copy
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.force import ForceProfileError, is_drama_number, parse

FORCES = Path(__file__).parents[2] / "forces"


def profile(key: str) -> dict[str, Any]:
    return tomllib.loads((FORCES / f"{key}.toml").read_text())


@pytest.mark.parametrize("path", sorted(FORCES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_profile_that_ships_is_valid_and_named_after_its_file(path: Path) -> None:
    assert parse(profile(path.stem)).key == path.stem


def test_the_invented_force_gives_only_numbers_kept_for_drama() -> None:
    phones = parse(profile("mereshire")).phones
    lines = [phones.all_hours, phones.sarc, *phones.helplines]
    assert len(lines) >= 3
    assert all(line is not None and is_drama_number(line.number) for line in lines)
    assert (phones.emergency, phones.non_emergency) == ("999", "101")


def test_an_invented_force_with_a_number_somebody_answers_is_refused() -> None:
    wrong = profile("mereshire")
    wrong["phones"]["all_hours"]["number"] = "0808 200 0247"
    with pytest.raises(ForceProfileError, match="needs a number kept for drama"):
        parse(wrong)


def test_a_real_force_with_a_drama_number_is_refused() -> None:
    wrong = profile("hertfordshire")
    wrong["phones"]["helplines"][0]["number"] = "0808 157 0142"
    with pytest.raises(ForceProfileError, match="which nobody answers"):
        parse(wrong)


def test_every_line_and_claim_of_a_real_force_needs_its_source() -> None:
    wrong = profile("hertfordshire")
    wrong["sources"] = []
    with pytest.raises(ForceProfileError) as refused:
        parse(wrong)
    assert [problem.split()[-1] for problem in refused.value.problems] == [
        "name.",
        "unit_name.",
        "Helpline.",
        "claims.white_ribbon.",
        "claims.soteria.",
        "claims.vigilant.",
    ]


def test_what_the_real_force_has_not_confirmed_is_listed_and_not_said() -> None:
    force = parse(profile("hertfordshire"))
    assert force.unconfirmed[:5] == (
        "when_reports_are_read",
        "online_reporting_url",
        "phones.all_hours",
        "phones.sarc",
        "name",
    )
    assert "unit_name" in force.unconfirmed
    assert "police_uk_name" not in force.unconfirmed
    assert force.phones.all_hours is None
    assert force.phones.sarc is None
    assert force.when_reports_are_read == ""
    assert force.reading_sentence.startswith("We cannot say yet when reports sent here are read.")
    assert "999" in force.reading_sentence
    assert "101" in force.reading_sentence


def test_a_confirmed_sentence_is_said_as_it_stands() -> None:
    given = profile("hertfordshire")
    given["when_reports_are_read"] = "The unit reads reports every day from 7am to 11pm."
    force = parse(given)
    assert force.reading_sentence == "The unit reads reports every day from 7am to 11pm."


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("key",), "Mere shire", "key must be lower-case letters, digits and hyphens."),
        (("name",), "", "name must be one line of text."),
        (("name",), "two\nlines", "name must be one line of text."),
        (("demonstration",), "yes", "demonstration must be true or false."),
        (("exit_url",), "http://example.org/", "exit_url must be an https:// address."),
        (("exit_url",), "javascript:alert(1)", "exit_url must be an https:// address."),
        (
            ("exit_url",),
            "https://user@example.org/",
            "exit_url must be an https:// address.",
        ),
        (
            ("exit_fallbacks",),
            "x",
            "exit_fallbacks must be a list of https:// addresses.",
        ),
        (
            ("languages",),
            [],
            'languages must be a list of language codes such as "en-GB".',
        ),
        (("phase", "label"), "Final", "phase.label must be one of Alpha, Beta, Live."),
        (
            ("phase", "version_date"),
            "2026-11-22",
            "phase.version_date must be a date such as 2026-11-22, without quotes.",
        ),
        (("phones", "emergency"), "9", "phones.emergency must be three digits."),
        (("phones", "helplines"), 3, "phones.helplines must be a list of tables."),
        (("phones",), "999", "phones must be a table."),
        (("colour",), "plum", "colour is not a field of a profile."),
        (("phones", "fax"), "1", "phones.fax is not a field of a profile."),
    ],
)
def test_a_wrong_field_is_named_in_one_sentence(
    path: tuple[str, ...], value: object, sentence: str
) -> None:
    wrong = profile("mereshire")
    table = wrong
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = value
    with pytest.raises(ForceProfileError) as refused:
        parse(wrong)
    assert sentence in refused.value.problems


@given(missing=st.sets(st.sampled_from(sorted(profile("mereshire"))), min_size=1))
def test_every_missing_field_is_named_at_once(missing: set[str]) -> None:
    missing -= {"sources", "translations"}
    left = {name: value for name, value in profile("mereshire").items() if name not in missing}
    if not missing:
        parse(left)
        return
    with pytest.raises(ForceProfileError) as refused:
        parse(left)
    for name in missing:
        assert any(problem.startswith(name) for problem in refused.value.problems)


def test_parsing_leaves_its_input_alone() -> None:
    given_profile = profile("hertfordshire")
    before = copy.deepcopy(given_profile)
    parse(given_profile)
    assert given_profile == before


@given(st.integers(min_value=0, max_value=999))
def test_the_whole_of_each_drama_range_is_known(last: int) -> None:
    for start in (
        "01632 960",
        "020 7946 0",
        "03069 990",
        "07700 900",
        "08081 570",
        "0909 8790",
    ):
        assert is_drama_number(f"{start}{last:03}")


@pytest.mark.parametrize("number", ["0808 2000 247", "101", "07700 90000", "01632 961 000", ""])
def test_other_numbers_are_not_drama_numbers(number: str) -> None:
    assert not is_drama_number(number)


def test_a_fact_confirmed_on_a_day_keeps_it() -> None:
    facts = {fact.fact: fact for fact in parse(profile("hertfordshire")).sources}
    assert facts["police_uk_name"].verified_on == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("languages", "complaint"),
    [
        (["cy"], 'languages must begin with "en-GB", which every page is written in.'),
        (["en-GB", "tlh"], "languages names tlh, which rules/languages.toml does not describe."),
        (
            ["en-GB", "en-XA"],
            "languages names en-XA, which rules/languages.toml does not describe.",
        ),
    ],
)
def test_a_profile_offers_only_languages_that_somebody_speaks(
    languages: list[str], complaint: str
) -> None:
    with pytest.raises(ForceProfileError) as refused:
        parse({**profile("mereshire"), "languages": languages})
    assert complaint in refused.value.problems


def test_an_approval_names_its_speaker_its_day_and_its_version() -> None:
    row = {
        "language": "cy",
        "part": "chrome",
        "digest": "0" * 32,
        "approved_by": "A Speaker, interpreter",
        "on": date(2026, 11, 27),
    }
    both = {**profile("mereshire"), "languages": ["en-GB", "cy"]}
    assert parse({**both, "translations": [row]}).approvals[0].approved_by.startswith("A Speaker")
    for name in row:
        lacking = {key: value for key, value in row.items() if key != name}
        with pytest.raises(ForceProfileError, match=rf"translations\[1\]\.{name} must be"):
            parse({**both, "translations": [lacking]})


def test_a_force_says_its_own_words_in_another_language() -> None:
    row = {
        "language": "cy",
        "english": "at any hour",
        "words": "ar unrhyw adeg",
        "approved_by": "A Speaker, interpreter",
        "on": date(2026, 11, 27),
    }
    force = parse({**profile("mereshire"), "translations": [row]})
    assert [(each.english, each.words) for each in force.phrases] == [
        ("at any hour", "ar unrhyw adeg")
    ]
    assert force.approvals == ()
    with pytest.raises(ForceProfileError, match=r"translations\[1\]\.approved_by must be"):
        parse({**profile("mereshire"), "translations": [{**row, "approved_by": ""}]})
