"""What each ground allows: public pages one script, staff pages our origin, the CMS its styles."""

from __future__ import annotations

import pytest

from safehold.config import content_policy

PUBLIC, STAFF, CMS = "/report/place/", "/staff/", "/staff/content/pages/3/edit/"


def _policy(path: str) -> dict[str, list[str]]:
    header = content_policy.headers(path)["Content-Security-Policy"]
    parts = [part.split() for part in header.split("; ")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", [PUBLIC, STAFF, CMS])
def test_nothing_is_allowed_that_is_not_named(path: str) -> None:
    policy = _policy(path)

    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert not [value for values in policy.values() for value in values if "http" in value]
    assert not [value for values in policy.values() for value in values if "*" in value]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]


def test_a_public_page_runs_the_two_scripts_that_stand_in_pages_and_loads_none() -> None:
    scripts = _policy(PUBLIC)["script-src"]

    assert len(scripts) == 2
    assert all(script.startswith("'sha256-") for script in scripts)
    assert _policy(PUBLIC)["frame-ancestors"] == ["'none'"]
    assert "worker-src" not in _policy(PUBLIC)


def test_only_the_cms_styles_inline_and_is_framed_by_itself() -> None:
    relaxed = {
        path: "'unsafe-inline'" in _policy(path)["style-src"] for path in (PUBLIC, STAFF, CMS)
    }

    assert relaxed == {PUBLIC: False, STAFF: False, CMS: True}
    assert content_policy.headers(CMS)["X-Frame-Options"] == "SAMEORIGIN"
    assert content_policy.headers(STAFF)["X-Frame-Options"] == "DENY"


def test_staff_pages_may_start_a_worker_of_our_own_for_the_map() -> None:
    assert _policy(STAFF)["worker-src"] == ["'self'"]


@pytest.mark.parametrize("path", [PUBLIC, STAFF, CMS])
def test_other_headers_are_the_same_everywhere(path: str) -> None:
    headers = content_policy.headers(path)

    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "fullscreen=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/staffing/", "/staff", "/staff/contents/", "/x/staff/content/"])
def test_a_path_that_only_looks_like_one_gets_no_looser_policy(path: str) -> None:
    expected = content_policy.STAFF if path.startswith("/staff/") else content_policy.PUBLIC

    assert content_policy.policy_for(path) is expected
