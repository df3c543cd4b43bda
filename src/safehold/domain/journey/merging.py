"""Two tabs on one draft: what one step changed is put on top of what is kept by now.

A step saves what it changed itself and nothing else, so that a page which was read before another
tab saved does not undo what that tab saved.
"""

from __future__ import annotations

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.specification import Journey


def merged(journey: Journey, *, read: Answers, changed: Answers, now: Answers) -> Answers:
    """Give the answers that are kept now, with what one step changed in those that it had read.

    Of two answers to one question the later stays. An answer that follows from another question
    is left out where the other tab changed that question meanwhile: it was given to something else.
    """
    ours, theirs = _changes(read, changed), _changes(read, now)
    entries = {}
    for question in journey.questions:
        key = question.key
        others = theirs if key in ours else ours
        if others & set(question.follows):
            continue
        source = changed if key in ours else now
        if source.has(key):
            entries[key] = source.entry(key)
    return walk.cleared(journey, Answers(entries))


def _changes(before: Answers, after: Answers) -> set[str]:
    keys = {*before.entries, *after.entries}
    return {
        key
        for key in keys
        if before.has(key) != after.has(key) or dict(before.entry(key)) != dict(after.entry(key))
    }
