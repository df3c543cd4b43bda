"""Two opened accounts, question beside question, with what differs said in words."""

from __future__ import annotations

from dataclasses import dataclass

from safehold.records.triage.accounts import Account, Answer


@dataclass(frozen=True, slots=True)
class Beside:
    """One question with what each of two said to it; an answer is None where it was not put."""

    question: str
    one: Answer | None
    other: Answer | None
    says: str


def compared(one: Account, other: Account) -> tuple[list[Beside], list[str]]:
    """Put two accounts beside each other in the order of the first.

    Returns the questions that one of them answered, and those that neither did.
    """
    first, second = _by_question(one), _by_question(other)
    questions = [*first, *(question for question in second if question not in first)]
    rows, silent = [], []
    for question in questions:
        row = _beside(question, first.get(question), second.get(question))
        if row.says:
            rows.append(row)
        else:
            silent.append(question)
    return rows, silent


def _by_question(account: Account) -> dict[str, Answer]:
    return {answer.question: answer for group in account.groups for answer in group.answers}


def _beside(question: str, one: Answer | None, other: Answer | None) -> Beside:
    return Beside(question, one, other, _says(_lines(one), _lines(other)))


def _lines(answer: Answer | None) -> tuple[str, ...]:
    return answer.lines if answer else ()


def _says(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if not one and not other:
        return ""
    if one == other:
        return "The same"
    if one and other:
        return "Different"
    return "Only this report says" if one else "Only the other report says"
