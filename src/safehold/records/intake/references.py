"""The reference of a report: what she may note, and what staff call the report by.

It is not a code to return with and opens nothing; coming back by code is a later piece. It follows
from the draft's key and not from what was said, so sending the same draft again gives the same one.
"""

from safehold.crypto.drafts import DraftKey, fingerprint

# No vowels, so that no word appears, and one of each pair that looks or sounds alike.
ALPHABET = "2346789CDFGHJKMNPQRTVWXY"
GROUP = 4


def reference(key: DraftKey, *, attempt: int = 0) -> str:
    """Return two groups of four characters; another `attempt` gives another reference."""
    number = int.from_bytes(fingerprint(key, purpose=b"reference-%d" % attempt, length=32), "big")
    characters = []
    for _ in range(2 * GROUP):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return f"{''.join(characters[:GROUP])}-{''.join(characters[GROUP:])}"


def submission_mark(key: DraftKey) -> str:
    """Return what makes a draft recorded once, in hexadecimal."""
    return fingerprint(key, purpose=b"submission", length=32).hex()
