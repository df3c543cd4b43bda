"""Codes that find and open: what somebody writes down, and what follows from it.

One slow run (Argon2id) turns a code into two values. `find` leads to a row of the store, `open`
is the key of what is in it. Neither leads to the other, nor back to the code: whoever has the
store has to guess codes, and each guess costs that run.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from nacl.pwhash import argon2id

from safehold.crypto.code_words import WORDS, word_of
from safehold.crypto.errors import NotACode
from safehold.crypto.hkdf import hkdf_sha256
from safehold.crypto.locking import lock_content, unlock_content
from safehold.crypto.recipients import CODE_SALT_BYTES

START_DIGITS = 12  # of a code that is used once, within days
DIGITS = 16  # 10^16 codes: fewer could be tried one by one
GROUP = 4
WORDS_IN_A_CODE = 6  # 1,900^6 is 4.7 * 10^19

# One run takes 0.12 s of one of our processors, measured: what a visitor does not notice, and what
# makes 10^16 guesses take 38 million years of that processor. The memory is what keeps a graphics
# card from running thousands side by side; a machine of 2 GiB has it to spare, AT_ONCE times.
MEMORY = 64 * 1024 * 1024
PASSES = 5
AT_ONCE = 4  # a fifth waits for its turn: it is slow, and never refused

_LONGEST_TEXT = 1_000  # of what is typed into one field; a code and whatever stands around it


class _Turns:
    """The turns of this process, of which `derive` takes one."""

    def __init__(self) -> None:
        self.left = BoundedSemaphore(AT_ONCE)


_turns = _Turns()


@dataclass(frozen=True, slots=True)
class Code:
    """A code in its one plain form: sixteen digits, or six words with a space between."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Roots:
    """What follows from a code here: where to look, in hexadecimal, and the key of what is there.

    Both exist in memory, for one request.
    """

    find: str = field(repr=False)
    open: bytes = field(repr=False)


def new_digits() -> Code:
    """Return a fresh code of digits."""
    return Code(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")


def new_start() -> Code:
    """Return a fresh code that only lets its holder take one of her own."""
    return Code(f"{secrets.randbelow(10**START_DIGITS):0{START_DIGITS}}")


def is_start(code: Code) -> bool:
    """Tell whether a code is one that only lets its holder take one of her own."""
    return len(code.secret) == START_DIGITS and code.secret.isdecimal()


def new_words() -> Code:
    """Return a fresh code of words."""
    return Code(" ".join(secrets.choice(WORDS) for _ in range(WORDS_IN_A_CODE)))


def shown(code: Code) -> str:
    """Return a code as people write it: digits in groups of four, words with spaces."""
    if not code.secret.isdecimal():
        return code.secret
    return " ".join(code.secret[at : at + GROUP] for at in range(0, len(code.secret), GROUP))


def read(text: str) -> Code:
    """Return the code that somebody typed. Raises NotACode, which does not repeat the text.

    Capitals, dashes, commas, more spaces than one and the digits of other scripts make no
    difference. A word counts by its first four letters, so it can be cut short or misspelt later.
    """
    if len(text) > _LONGEST_TEXT:
        raise NotACode
    plain = _plain(text)
    digits = _digits(plain)
    if len(digits) in {DIGITS, START_DIGITS}:
        return Code(digits)
    words = [word_of(written) for written in _written_words(plain)]
    if len(words) != WORDS_IN_A_CODE or None in words:
        raise NotACode
    return Code(" ".join(word for word in words if word))


def contains_code(text: str, code: Code) -> bool:
    """Tell whether a text gives a code away, whatever stands between its digits or its words.

    Other digits in between, or other words, hide it: nothing here can find that.
    """
    plain = _plain(text)
    if code.secret.isdecimal():
        return code.secret in _digits(plain)
    words = code.secret.split()
    written = list(_written_words(plain))
    if "".join(words) in "".join(written):
        return True
    meant = [word_of(one) for one in written]
    return any(meant[at : at + len(words)] == words for at in range(len(meant)))


def share_turns(processes: int) -> None:
    """Keep this process's part of AT_ONCE, one at least, where so many serve one machine.

    Called once, before anything derives: the turns that are taken by then are not counted.
    """
    _turns.left = BoundedSemaphore(max(1, AT_ONCE // processes))


def derive(code: Code, salt: bytes) -> Roots:
    """Return where a code leads and what it opens, in this installation.

    It takes a tenth of a second and 64 MiB, and waits where this process has no turn left. Raises
    ValueError where the salt is not one.
    """
    if len(salt) != CODE_SALT_BYTES:
        raise ValueError(f"A salt has {CODE_SALT_BYTES} bytes.")
    with _turns.left:
        stretched = argon2id.kdf(32, code.secret.encode(), salt, opslimit=PASSES, memlimit=MEMORY)
    return Roots(
        find=hkdf_sha256(stretched, info=b"code: find, version 1").hex(),
        open=hkdf_sha256(stretched, info=b"code: open, version 1"),
    )


def lock(payload: bytes, *, key: Roots) -> bytes:
    """Return the payload, padded and encrypted for one code. Raises PayloadTooLarge."""
    return lock_content(payload, secret=_content_key(key), bound_to=bytes.fromhex(key.find))


def unlock(locked: bytes, *, key: Roots) -> bytes:
    """Return the payload of `lock`. Raises ContentUnreadable where code or content do not fit."""
    return unlock_content(locked, secret=_content_key(key), bound_to=bytes.fromhex(key.find))


def _content_key(key: Roots) -> bytes:
    return hkdf_sha256(key.open, info=b"code: saved content, version 1")


def _plain(text: str) -> str:
    # Marks go with what is invisible: some keyboards put a dot over every capital I.
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in taken_apart if unicodedata.category(one) not in ("Mn", "Cf"))


def _digits(plain: str) -> str:
    return "".join(str(unicodedata.decimal(one)) for one in plain if one.isdecimal())


def _written_words(plain: str) -> Iterator[str]:
    return (found.group() for found in re.finditer(r"[^\W\d_]+", plain))
