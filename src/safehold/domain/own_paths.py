"""Which page of ours a visitor came from, as far as a browser's word for it can be believed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 120
_PATH = re.compile(r"/(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*")
# Not pages to go back to: what takes the feedback itself, the way out, files, the staff side.
_NOWHERE = ("/feedback/", "/exit/", "/static/", "/staff/")


def page_of(path: str) -> str:
    """Return a path of lower-case words between slashes, which the public site may serve, or "".

    An empty answer is no error: most browsers say where they come from, and none has to.
    """
    if len(path) > LONGEST or not _PATH.fullmatch(path) or path.startswith(_NOWHERE):
        return ""
    return path


def page_before(referer: str, *, origin: str) -> str:
    """Return the page that a Referer header names, if it is one of ours, or "".

    `origin` is scheme and host as the request had them. Query and fragment are dropped.
    """
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    if f"{parts.scheme}://{parts.netloc}" != origin:
        return ""
    return page_of(parts.path)
