"""What carries a nudge away: one interface for every way.

This is the only connection by which anything about a person leaves the system, and it leaves by a
machine of somebody else: a mail server, a gateway for text messages. It is allowed because she
asked for it on a page that says first what each of them keeps, because there is none until the
force names one, and because the words tell nothing. The message of no exception here holds an
address, a word of a message, a user name or a password.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class NotDelivered(Exception):
    """A message that did not leave; the message says why, in one sentence.

    `for_good` says that the address itself was refused, and that trying again changes nothing.
    """

    def __init__(self, sentence: str, *, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.for_good = for_good


class Unanswered(Exception):
    """A message that was handed over whole, and nothing heard after: it may well have arrived."""


class Transport(Protocol):
    """Something that carries one message."""

    def send(self, address: str, subject: str, text: str, *, until: datetime) -> None:
        """Hand a message over, to arrive by `until` or not at all where that can be said.

        Raises NotDelivered, or Unanswered.
        """
