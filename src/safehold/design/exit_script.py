"""The script that leaves: its text, read once, and the hash that the content policy allows."""

from typing import Final

from safehold.design.inline_scripts import hash_of, source_of

SOURCE: Final = source_of("exit")
CSP_HASH: Final = hash_of(SOURCE)
