"""Marks of opened words: equal for equal words, and telling nothing to whoever lacks the key.

The key of a mark is made of the private key that opens the words themselves, so whoever could make
marks to guess with could open every account instead; and the two sides of the border to
professional standards, which have keys of their own, have marks that never match.
"""

import hashlib

from safehold.crypto.opening import OpeningKeys

MARK_BYTES = 20


def marks_of(words: str, *, keys: OpeningKeys) -> tuple[str, ...]:
    """Return the marks of words, one under each of the keys that open them.

    With one for each, words opened before a key was added and after it still meet.
    """
    return tuple(_mark(words, keys.by_id[key].secret) for key in sorted(keys.by_id))


def _mark(words: str, secret: bytes) -> str:
    key = hashlib.blake2b(secret, digest_size=32, person=b"marks-of-words").digest()
    return hashlib.blake2b(words.encode(), key=key, digest_size=MARK_BYTES).hexdigest()
