"""What an assessment waits for that other rooms know of: asked before it is submitted or graded."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

# Of an assessment: one sentence that says what it waits for, nothing where it waits for nothing.
Question = Callable[[UUID], str]
_questions: list[Question] = []


def ask(question: Question) -> None:
    """Have a question asked from now on."""
    if question not in _questions:
        _questions.append(question)


def waits_for(assessment_id: UUID) -> str:
    """Say in one sentence what an assessment waits for, nothing where it waits for nothing."""
    return next(filter(None, (question(assessment_id) for question in _questions)), "")
