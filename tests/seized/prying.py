"""What somebody can do with what they hold: every key on every lock, until nothing new opens.

An attacker does not keep our rules: which report an envelope belongs to, and which kind it says it
is, are bound into it for us, and passed by here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyrage
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt

from safehold.crypto import chunks, codes, conversations, drafts
from safehold.crypto.codes import Code, Roots
from safehold.crypto.envelopes import MAGIC, body_key, parts
from safehold.crypto.errors import ContentUnreadable, CryptoError, DraftUnreadable, NotACode
from safehold.crypto.opening import OpeningKeys, _file_key
from safehold.crypto.padding import unpad
from tests.seized.loot import Loot, Opened, Row, as_words, flat, identifier, lies_in, take_apart

A_KEY = re.compile(rb"(?<![\w-])[\w-]{43}(?![\w-])=?")  # 32 bytes as words of base64
A_FILE = b"age-encryption.org/"  # how every file for a partner begins
A_PARTNER_KEY = re.compile(rb"AGE-SECRET-KEY-1[0-9A-Z]+")
A_CODE = re.compile(rb"\b\d{4} \d{4} \d{4} \d{4}\b")
Plain = tuple[bytes, str]  # what opened, and the row that it was in
ROUNDS = 6  # a code in a draft opens a place, whose content leads on: far fewer are needed


@dataclass
class Found:
    """Everything that can be read in the end, and which facts follow from rows."""

    open: Opened
    plain: dict[bytes, str] = field(default_factory=dict)  # what opened, and its row in clear

    def texts(self) -> Iterator[str]:
        """Give every row, line and page, and everything that opened beside the row it was in."""
        yield from self.open.texts
        for content, beside in self.plain.items():
            yield flat(f"{beside} {content.decode(errors='replace')}")

    def reads(self, needles: Iterable[str]) -> bool:
        """Tell whether one row, line or content says all of this; one text also in any file."""
        wanted = [flat(needle) for needle in needles]
        if any(all(needle in text for needle in wanted) for text in self.texts()):
            return True
        return len(wanted) == 1 and lies_in(wanted[0], (*self.open.raw, *self.plain))

    def reads_bytes(self, content: bytes) -> bool:
        """Tell whether a file can be had as it is."""
        return any(content in each for each in (*self.open.raw, *self.plain))

    def rows(self, table: str) -> list[Row]:
        """Give the rows of one table, none where it is not held."""
        return self.open.rows.get(table, [])

    def said(self, word: str) -> bool:
        """Tell whether a page that is held says this."""
        return any(word in text for text in self.open.texts)

    def slips(self) -> list[dict[str, Any]]:
        """Give every slip that can be read: opened, or as the records store keeps it."""
        opened = [content for each in self.plain if "wants_reply" in (content := _mapping(each))]
        return [*opened, *map(dict, self.rows("triage_slip"))]


def pry(loot: Loot) -> Found:
    """Try everything, again and again, until a round opens nothing new."""
    found = Found(take_apart(loot))
    typed = {_code_of(text) for text in loot.codes} - {None}
    derived: dict[tuple[Code, bytes], Roots] = {}
    for _ in range(ROUNDS):
        before = len(found.plain)
        for way in (_envelopes, _drafts, _files, _for_partners):
            found.plain |= dict(way(found))
        known = typed | {_code_of(one.decode()) for one in _seen(A_CODE, found)} - {None}
        for code in known:
            for salt in found.open.salts:
                if code is not None and (code, salt) not in derived:
                    derived[code, salt] = codes.derive(code, salt)
        found.plain |= dict(_under_codes(found, derived.values()))
        if len(found.plain) == before:
            return found
    raise AssertionError("it goes on opening")


def _envelopes(found: Found) -> Iterator[Plain]:
    keys = OpeningKeys(found.open.keys)
    for value, row in _values(found):
        if not value.startswith(MAGIC):
            continue
        try:
            taken = parts(value)
            secret = body_key(_file_key(taken, keys))
        except CryptoError:
            continue
        bound = taken.header + taken.commitment
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(taken.body, bound, taken.nonce, secret)
        yield unpad(padded), as_words(row)


def _drafts(found: Found) -> Iterator[Plain]:
    for row in found.rows("intake_draft"):
        for half in {one.rstrip(b"=").decode() for one in _seen(A_KEY, found)}:
            try:
                key = drafts.join_halves(
                    draft_id=identifier(row["id"]),
                    server_half=bytes(row["server_half"]),
                    device_half=half,
                )
                yield drafts.unlock(bytes(row["content"]), key=key), as_words(row)
            except DraftUnreadable:
                continue


def _files(found: Found) -> Iterator[Plain]:
    """Try every key that was read on every part of a file."""
    keys = {one.decode() for content in found.plain for one in A_KEY.findall(content)}
    for table, owner in (
        ("intake_sentpart", "file_id"),
        ("intake_uploadpart", "upload_id"),
        ("exhibit_cleaned_part", "exhibit_id"),
    ):
        for row in found.rows(table):
            for key in keys:
                try:
                    part = chunks.unlock_part(
                        bytes(row["content"]),
                        key=key,
                        file_id=identifier(row[owner]),
                        number=int(row["number"]),
                    )
                    yield part, as_words(row)
                except ContentUnreadable:
                    continue


def _for_partners(found: Found) -> Iterator[Plain]:
    """Try the key of every partner on every file of that kind."""
    keys = [pyrage.x25519.Identity.from_str(one.decode()) for one in _seen(A_PARTNER_KEY, found)]
    files = [(value, as_words(row)) for value, row in _values(found)]
    files += [(each, "") for each in found.open.raw]
    for content, beside in files:
        if content.startswith(A_FILE) and keys:
            try:
                yield pyrage.decrypt(content, keys), beside
            except pyrage.DecryptError:
                continue


def _under_codes(found: Found, roots: Iterable[Roots]) -> Iterator[Plain]:
    for each in roots:
        holder = conversations.holder_of(each)
        place = hashlib.sha256(bytes.fromhex(each.find)).hexdigest()
        for table in ("intake_saveddraft", "intake_returnplace", "intake_startcode"):
            for row in found.rows(table):
                # Not by its mark alone: whoever has the code tries it on every row.
                try:
                    yield codes.unlock(bytes(row["content"]), key=each), as_words(row)
                except ContentUnreadable:
                    assert row["find"] != place, f"{table} has a mark that opens nothing"
        for row in found.rows("intake_said"):
            try:
                yield conversations.open_as(holder, bytes(row["for_her"] or b"")), as_words(row)
            except ContentUnreadable:
                continue


def _values(found: Found) -> Iterator[tuple[bytes, Row]]:
    for rows in found.open.rows.values():
        for row in rows:
            for each in row.values():
                if isinstance(each, (bytes, memoryview)):
                    yield bytes(each), row


def _seen(pattern: re.Pattern[bytes], found: Found) -> set[bytes]:
    texts = (text.encode() for text in found.open.texts)
    return {one for content in (*texts, *found.plain) for one in pattern.findall(content)}


def _mapping(content: bytes) -> dict[str, Any]:
    try:
        read = json.loads(content)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _code_of(text: str) -> Code | None:
    try:
        return codes.read(text)
    except NotACode:
        return None
