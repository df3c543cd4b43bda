"""What is still open in a case, as the rooms above say: it is not closed over without a word.

A room that keeps open work of cases gives its question here when it is loaded; this room knows none
of them.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Question = Callable[[UUID], str]

_questions: list[Question] = []


def ask(question: Question) -> None:
    """Have a question asked of every case that is to be closed.

    It answers with a few words on what is open ("3 actions"), empty where nothing is.
    """
    if question not in _questions:
        _questions.append(question)


def still_open(case_id: UUID) -> list[str]:
    """Return what is still open in a case, a few words each."""
    return [words for words in (question(case_id) for question in _questions) if words]
