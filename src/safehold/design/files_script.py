"""The script that sends a file in parts: its text, and the hash that the content policy allows."""

from typing import Final

from safehold.design.inline_scripts import hash_of, source_of

SOURCE: Final = source_of("files")
CSP_HASH: Final = hash_of(SOURCE)
