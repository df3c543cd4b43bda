"""An address of heads is a folder or an address that takes them, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.head_addresses import BadAddress, parse


@pytest.mark.parametrize("text", ["/mnt/audit-heads", "audit-heads", "./a:b", "/mnt/a://b"])
def test_a_folder_is_read_as_one(text: str) -> None:
    assert parse(text).folder == Path(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://heads.example.uk/take",
        "HTTPS://heads.example.uk",
        "http://127.0.0.1:8099/heads",
        "http://localhost/heads",
        "http://[::1]:8099/heads",
    ],
)
def test_an_address_that_takes_heads_is_no_folder(text: str) -> None:
    assert parse(text).folder is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://heads.example.uk/", "neither a folder nor an https:// address"),
        ("s3://bucket/heads", "neither a folder nor an https:// address"),
        ("file:///mnt/heads", "neither a folder nor an https:// address"),
        ("https:/heads", "neither a folder nor an https:// address"),
        ("htps://heads.example.uk", "neither a folder nor an https:// address"),
        ("mailto:heads@example.uk", "neither a folder nor an https:// address"),
        ("https://[heads", "is not an address"),
        ("https://heads.example.uk:port/", "is not an address"),
        ("http://heads.example.uk/", "could be changed on its way"),
        ("http://127.0.0.1.example.uk/", "could be changed on its way"),
        ("http://localhost@example.uk/", "could be changed on its way"),
    ],
)
def test_anything_else_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        parse(text)


@given(st.from_regex(r"[a-z][a-z0-9+.-]{0,8}://[a-z0-9.:@/]{0,20}", fullmatch=True))
def test_nothing_with_a_scheme_becomes_a_folder(text: str) -> None:
    with suppress(BadAddress):
        assert parse(text).folder is None


def test_inside_follows_links(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    data.mkdir()
    outside.mkdir()
    (outside / "back").symlink_to(data)
    (data / "away").symlink_to(outside)

    assert parse(str(outside / "back" / "heads")).is_inside(data)
    assert parse(str(data / "heads")).is_inside(data)
    assert not parse(str(data / "away" / "heads")).is_inside(data)
    assert not parse(str(tmp_path / "data-elsewhere")).is_inside(data)
    assert not parse("https://heads.example.uk/").is_inside(data)
