"""The answers as they are read back."""

from hypothesis import given, settings

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.summary import labels_of, summary, under_labels, values_of
from tests.domain.journey.walks import whole_answers


def rows(answers: Answers) -> dict[str, tuple[str, ...]]:
    return {row.question.key: row.values for row in summary(PLACE, answers)}


@settings(deadline=None)
@given(whole_answers(PLACE))
def test_whatever_was_kept_can_be_read_back(answers: Answers) -> None:
    assert set(rows(answers)) <= set(answers.entries)


def test_answers_are_read_back_in_the_words_of_the_page() -> None:
    answers = Answers(
        {
            "now": {"danger": "no"},
            "around": {"reasons": ("dark", "run_down"), "more": "No bins"},
            "when": {"when": "date", "asked_on": "2026-11-22"},
            "date": {"date": "2026-03-07"},
            "part": {},
        }
    )
    assert rows(answers) == {
        "now": ("No",),
        "around": ("It is badly lit", "It is neglected", "No bins"),
        "when": ("On a date I know",),
        "date": ("7 March 2026",),
        "part": (),
    }


def test_a_notice_is_not_an_answer() -> None:
    assert "call" not in rows(Answers({"now": {"danger": "yes"}, "call": {}}))


def test_a_field_among_several_stands_under_its_own_label() -> None:
    answers = Answers.from_plain(
        {
            "contact_when": {"parts": ["morning"], "days": ["mon", "tue"], "more": "Sundays"},
            "contact_seen": {"answer": "yes", "more": "His mother"},
            "voicemail": {"answer": "no"},
        }
    )
    found = {}
    for key in answers.entries:
        question = HARM.question(key)
        lines = zip(labels_of(question, answers), values_of(question, answers), strict=True)
        found[key] = under_labels(lines)
    assert [label for label, _ in found["contact_when"]] == [
        "Time of day",
        "Days, if not every day",
        "Times when we must not",
    ]
    assert found["contact_when"][-1] == ("Times when we must not", ("Sundays",))
    # What the heading asks needs no label of its own.
    assert found["contact_seen"] == (
        ("", ("Yes",)),
        ("Who, and what they must not know", ("His mother",)),
    )
    assert found["voicemail"] == (("", ("No",)),)
