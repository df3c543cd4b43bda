"""A code survives the way over paper, and leads nowhere but to what it was made for."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mnemonic import Mnemonic

from safehold.crypto import code_words, codes
from safehold.crypto.code_words import LEFT_OUT, STEM, WORDS, word_of
from safehold.crypto.codes import (
    Code,
    Roots,
    contains_code,
    derive,
    lock,
    new_digits,
    new_words,
    read,
    shown,
    unlock,
)
from safehold.crypto.errors import ContentUnreadable, NotACode, PayloadTooLarge
from safehold.crypto.padding import LARGEST, SMALLEST
from tests.conftest import REAL_CODES

SALT = bytes(range(16))
PINNED_FIND = "bc5af59cc98045a83048ee8311995fe78c51ae6fe613ec0b417b88a63894cec9"
PINNED_OPEN = "7d4ab9c27a3a57815976b01eef5123af9c78af492cf703e23661d0b2eef5ed34"
ONE = Roots(find="11" * 32, open=b"o" * 32)


@pytest.fixture(autouse=True, scope="module")
def _as_in_a_real_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as real:
        for name, value in zip(("PASSES", "MEMORY"), REAL_CODES, strict=True):
            real.setattr(codes, name, value)
        yield


digit_codes = st.integers(0, 10**16 - 1).map(lambda number: Code(f"{number:016}"))
word_codes = st.lists(st.sampled_from(WORDS), min_size=6, max_size=6).map(
    lambda words: Code(" ".join(words))
)
between_digits = st.text(" -–—.,:/\t\n\u00a0\u200b", max_size=3)
between_words = st.text(" -–—.,:/\t\n\u00a0;", min_size=1, max_size=3)
# A digit as it can be typed: here, full width, Arabic-Indic, Persian, Bengali.
scripts = st.sampled_from("0０٠۰০").map(ord)
cases = st.sampled_from([str.lower, str.upper, str.title, lambda word: word.replace("i", "İ")])


@st.composite
def noisy_digits(draw: st.DrawFn, code: Code) -> str:
    pieces = [chr(draw(scripts) + int(digit)) + draw(between_digits) for digit in code.secret]
    return draw(between_digits) + "".join(pieces)


@st.composite
def noisy_words(draw: st.DrawFn, code: Code) -> str:
    pieces = []
    for word in code.secret.split():
        kept = word[: draw(st.integers(min(STEM, len(word)), len(word)))]
        pieces.append(draw(cases)(kept) + draw(between_words))
    return draw(between_words) + "".join(pieces)


def test_a_new_code_of_digits_is_shown_in_four_groups_of_four() -> None:
    made = [new_digits() for _ in range(200)]
    assert len(set(made)) == 200
    for code in made:
        groups = shown(code).split(" ")
        assert [len(group) for group in groups] == [4, 4, 4, 4]
        assert all(group.isascii() and group.isdecimal() for group in groups)


def test_a_new_code_of_words_is_six_words_of_the_list() -> None:
    made = [new_words() for _ in range(200)]
    assert len(set(made)) == 200
    for code in made:
        words = shown(code).split(" ")
        assert len(words) == 6
        assert set(words) <= set(WORDS)


def test_a_code_of_digits_may_begin_with_noughts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes.secrets, "randbelow", lambda below: 7)
    assert shown(new_digits()) == "0000 0000 0000 0007"


@given(code=digit_codes | word_codes)
def test_a_code_as_shown_is_read_as_itself(code: Code) -> None:
    assert read(shown(code)) == code


@given(data=st.data(), code=digit_codes)
def test_digits_are_read_whatever_stands_between_them_and_in_any_script(
    data: st.DataObject, code: Code
) -> None:
    assert read(data.draw(noisy_digits(code))) == code


@given(data=st.data(), code=word_codes)
def test_words_are_read_in_any_case_cut_short_and_with_commas(
    data: st.DataObject, code: Code
) -> None:
    assert read(data.draw(noisy_words(code))) == code


def test_a_numbered_list_and_a_late_slip_of_the_pen_are_read() -> None:
    code = Code("abandon picnic zebra act garden umbrella")
    assert read("1. abandon\n2. picnik\n3. zebra\n4. act\n5. gardin\n6. umbrela") == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "1234 5678 1234 567",
        "1234 5678 1234 5678 9",
        "abandon picnic zebra act garden",
        "abandon picnic zebra act garden umbrella zebra",
        "abandon picnic zebra act garden qqqq",
        "aba picnic zebra act garden umbrella",
        "abandon picnic zebra act garden weapon",
        "½" * 16,
        "1" * 16 + " " * 1_000,
    ],
)
def test_what_is_no_code_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(NotACode) as refused:
        read(text)
    assert str(refused.value) == "This is not a code."
    assert refused.value.__cause__ is None


@given(st.text())
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    try:
        code = read(text)
    except NotACode:
        return
    assert read(shown(code)) == code


def test_a_code_and_its_roots_do_not_show_themselves() -> None:
    code = Code("1234567812345678")
    assert repr(code) == str(code) == "Code()"
    assert repr(ONE) == "Roots()"


def test_the_words_can_be_told_by_their_first_four_letters() -> None:
    assert len({word[:STEM] for word in WORDS}) == len(WORDS) >= 1_900
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    assert [word_of(word) for word in WORDS] == list(WORDS)


def test_no_word_of_a_code_hurts_its_reader() -> None:
    hurtful = {
        "abuse", "assault", "attack", "blame", "blood", "bomb", "bullet", "chase", "control",
        "crime", "danger", "fatal", "follow", "force", "guilt", "gun", "hunt", "hurt", "husband",
        "injury", "jealous", "kill", "knife", "marriage", "obey", "pistol", "police", "prison",
        "punch", "rape", "report", "rifle", "shoot", "slap", "spike", "stalk", "suffer", "trap",
        "ugly", "useless", "victim", "violence", "weapon", "whip", "wife", "witness",
    }  # fmt: skip
    assert not hurtful & set(WORDS)
    assert set(Mnemonic("english").wordlist) >= LEFT_OUT, "a word that is left out of nothing"


def test_too_few_words_are_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_words, "LEFT_OUT", frozenset(WORDS[:100]) | LEFT_OUT)
    with pytest.raises(RuntimeError, match="1801 words are left"):
        code_words._words()


@given(data=st.data(), code=digit_codes, before=st.text(), after=st.text())
def test_a_text_with_the_digits_of_a_code_contains_it(
    data: st.DataObject, code: Code, before: str, after: str
) -> None:
    assert contains_code(before + data.draw(noisy_digits(code)) + after, code)


@given(
    data=st.data(),
    code=word_codes,
    before=st.text(max_size=40),
    after=st.text(max_size=40),
    glued=st.booleans(),
)
def test_a_text_with_the_words_of_a_code_contains_it(
    data: st.DataObject, code: Code, before: str, after: str, glued: bool
) -> None:
    words = code.secret.replace(" ", "") if glued else data.draw(noisy_words(code))
    assert contains_code(f"{before} {words} {after}", code)


def test_a_text_with_less_than_a_code_does_not_contain_it() -> None:
    digits = Code("1234567812345678")
    assert not contains_code("", digits)
    assert not contains_code("On the 13th he wrote 345678 times, from 1234 5678.", digits)
    words = Code("abandon picnic zebra act garden umbrella")
    assert not contains_code("", words)
    assert not contains_code("picnic zebra act garden umbrella abandon", words)
    assert not contains_code("1234 5678 1234 5678", words)
    assert contains_code("It is 1234 and 5678, then 1234-5678.", digits)
    assert contains_code("My code: Abandon, picnic; ZEBRA act\ngarden UMBRELLA!", words)


def test_find_and_open_follow_from_the_code_and_the_salt_alone() -> None:
    code = Code("1234567812345678")
    roots = derive(code, SALT)
    assert derive(read("1234-5678-1234-5678"), SALT) == roots
    assert (len(bytes.fromhex(roots.find)), len(roots.open)) == (32, 32)
    others = [
        roots,
        derive(Code("1234567812345679"), SALT),
        derive(Code("abandon picnic zebra act garden umbrella"), SALT),
        derive(code, bytes(16)),
    ]
    assert len({one.find for one in others} | {one.open.hex() for one in others}) == 8


def test_a_derivation_never_changes_or_nothing_saved_could_be_found() -> None:
    roots = derive(Code("1234567812345678"), SALT)
    assert roots.find == PINNED_FIND
    assert roots.open.hex() == PINNED_OPEN


def test_neither_value_gives_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bytes, bytes]] = []
    given_out = codes.hkdf_sha256

    def watched(secret: bytes, *, info: bytes) -> bytes:
        seen.append((secret, info))
        return given_out(secret, info=info)

    monkeypatch.setattr(codes, "hkdf_sha256", watched)
    roots = derive(Code("1234567812345678"), SALT)
    (one, find), (other, opens) = seen
    assert one == other
    assert find != opens
    assert one not in (bytes.fromhex(roots.find), roots.open)


def test_a_derivation_runs_argon2id_once_with_the_stated_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[dict[str, Any]] = []

    def kdf(size: int, password: bytes, salt: bytes, **cost: Any) -> bytes:
        runs.append({"password": password, "salt": salt, **cost})
        return bytes(size)

    monkeypatch.setattr(codes.argon2id, "kdf", kdf)
    derive(Code("1234567812345678"), SALT)
    assert runs == [
        {
            "password": b"1234567812345678",
            "salt": SALT,
            "opslimit": codes.PASSES,
            "memlimit": 64 * 1024 * 1024,
        }
    ]


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        derive(Code("1234567812345678"), salt)


@pytest.mark.parametrize(("processes", "turns"), [(1, 4), (2, 2), (3, 1), (64, 1)])
def test_no_more_than_four_derivations_hold_memory_at_once_and_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, processes: int, turns: int
) -> None:
    monkeypatch.setattr(codes, "_turns", codes._Turns())
    codes.share_turns(processes)
    counting = threading.Lock()
    running, most = 0, 0

    def kdf(size: int, password: bytes, salt: bytes, **cost: Any) -> bytes:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with counting:
            running -= 1
        return password.ljust(size, b"\0")

    monkeypatch.setattr(codes.argon2id, "kdf", kdf)
    made = [Code(f"{number:016}") for number in range(24)]
    with ThreadPoolExecutor(24) as pool:
        found = list(pool.map(lambda code: derive(code, SALT), made))
    assert most == turns
    assert codes.AT_ONCE == 4
    assert len({roots.find for roots in found}) == 24


def test_a_derivation_that_fails_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def kdf(*_: Any, **__: Any) -> bytes:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(codes.argon2id, "kdf", kdf)
        for _ in range(2 * codes.AT_ONCE):
            with pytest.raises(MemoryError):
                derive(Code("1234567812345678"), SALT)
    assert derive(Code("1234567812345678"), SALT).open


@given(payload=st.binary(max_size=9_000))
def test_what_a_code_locks_it_opens(payload: bytes) -> None:
    assert unlock(lock(payload, key=ONE), key=ONE) == payload


def test_content_belongs_to_its_key_and_to_its_place() -> None:
    locked = lock(b"said", key=ONE)
    assert b"said" not in locked
    for wrong in (replace(ONE, open=b"p" * 32), replace(ONE, find="22" * 32)):
        with pytest.raises(ContentUnreadable):
            unlock(locked, key=wrong)


@settings(max_examples=50)
@given(place=st.integers(0, 1 + 24 + SMALLEST + 15), flip=st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, flip: int) -> None:
    locked = bytearray(lock(b"said", key=ONE))
    locked[place] ^= flip
    with pytest.raises(ContentUnreadable):
        unlock(bytes(locked), key=ONE)


def test_short_and_long_answers_look_the_same_and_too_long_ones_are_refused() -> None:
    assert len(lock(b"", key=ONE)) == len(lock(b"x" * (SMALLEST - 4), key=ONE))
    with pytest.raises(PayloadTooLarge):
        lock(bytes(LARGEST), key=ONE)
