"""What a check page showed, as a mark that says nothing of it: for Send to send that alone.

Another tab may change an answer, or add a file, while the page stands open. The mark differs from
draft to draft, so that the same answers of two people do not give the same one.
"""

from __future__ import annotations

import hashlib
import json

from safehold.public.report import attaching
from safehold.public.report.drafts import Held
from safehold.public.report.posted import Posted

SEEN = "seen"
LENGTH = 32


def mark(held: Held) -> str:
    """Give the mark of the answers and files that a check page shows."""
    shown = {
        "draft": str(held.ticket.draft_id) if held.ticket else "",
        "answers": held.answers.to_plain(),
        **attaching.names(held),
    }
    plain = json.dumps(shown, sort_keys=True).encode()
    return hashlib.sha256(plain).hexdigest()[:LENGTH]


def differs(held: Held, given: Posted) -> bool:
    """Tell whether a page that was sent showed something else; one without a mark does not say."""
    seen = given.first(SEEN)
    return bool(seen) and seen != mark(held)
