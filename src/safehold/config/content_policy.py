"""What a browser may do on our pages, and the headers that say so: one place for all sites.

Three grounds. A public page runs the script that leaves, and one page the one that sends a file in
parts, both allowed by their hashes, since a stored page cannot carry a nonce. A staff page runs
scripts and workers of our own origin. The CMS, under its own path alone, may style inline and show
its preview in a frame: its editor needs both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from safehold.design import exit_script, files_script

STAFF_PATH: Final = "/staff/"
CMS_PATH: Final = "/staff/content/"

_NONE, _SELF = "'none'", "'self'"
_EVERYWHERE: Final = {
    "default-src": [_NONE],
    "style-src": [_SELF],
    # data: is the empty icon, which costs no request and shows nothing of ours in a tab.
    "img-src": [_SELF, "data:"],
    "connect-src": [_SELF],
    "form-action": [_SELF],
    "base-uri": [_NONE],
    "frame-ancestors": [_NONE],
}
PUBLIC: Final[Mapping[str, list[str]]] = MappingProxyType(
    {
        **_EVERYWHERE,
        "script-src": [f"'{exit_script.CSP_HASH}'", f"'{files_script.CSP_HASH}'"],
        "media-src": [_SELF],
        "require-trusted-types-for": ["'script'"],
    }
)
STAFF: Final[Mapping[str, list[str]]] = MappingProxyType(
    {
        **_EVERYWHERE,
        "script-src": [_SELF],
        "worker-src": [_SELF],
        "img-src": [_SELF, "data:", "blob:"],
    }
)
CMS: Final[Mapping[str, list[str]]] = MappingProxyType(
    {
        **STAFF,
        "style-src": [_SELF, "'unsafe-inline'"],
        "font-src": [_SELF, "data:"],
        "frame-src": [_SELF],
        "frame-ancestors": [_SELF],
    }
)

# Nothing of a visitor's device is asked for, and full screen would take the Escape key from us.
PERMISSIONS_POLICY: Final = (
    "browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), "
    "microphone=(), payment=(), usb=()"
)

_ALWAYS: Final = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy_for(path: str) -> Mapping[str, list[str]]:
    """Choose the policy of a path: the CMS, another staff page, or public."""
    if path.startswith(CMS_PATH):
        return CMS
    return STAFF if path.startswith(STAFF_PATH) else PUBLIC


def headers(path: str) -> Mapping[str, str]:
    """Give every header that an answer at this path carries, ready to be sent."""
    return _headers(
        CMS_PATH if path.startswith(CMS_PATH) else STAFF_PATH if path.startswith(STAFF_PATH) else ""
    )


@cache
def _headers(ground: str) -> Mapping[str, str]:
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in policy_for(ground).items())
    framed = "SAMEORIGIN" if ground == CMS_PATH else "DENY"
    return MappingProxyType(
        {"Content-Security-Policy": policy, "X-Frame-Options": framed, **_ALWAYS}
    )
