"""A form that names another character set than ours is refused plainly, on both sites."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases=["default", "intake"])

PARTS = b'--zz\r\nContent-Disposition: form-data; name="q"\r\n\r\n+2AA-\r\n--zz--\r\n'


@pytest.mark.parametrize("charset", ["rot13", "utf-7", "utf-16", "unicode_escape", "no-such"])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=zz"]
)
@pytest.mark.parametrize("address", ["/report/1/", "/feedback/", "/staff/account/login/"])
def test_another_character_set_is_refused(address: str, kind: str, charset: str) -> None:
    answer = Client().generic("POST", address, PARTS, f"{kind}; charset={charset}")
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "us-ascii"])
def test_ours_is_read(charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert Client().generic("POST", "/report/1/", b"q=place.now", kind).status_code == 303
