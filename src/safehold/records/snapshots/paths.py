"""Which paths a page may be published under, and how one that was asked for is read."""

import re

_FOLDER = re.compile(r"/(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*")
LONGEST = 200
# What live pages and static files answer; a stored page here would hide them.
TAKEN = (
    "/accessibility/",
    "/ask/",
    "/cookies/",
    "/easy/",
    "/exit/",
    "/feedback/",
    "/files/",
    "/healthz/",
    "/language/",
    "/leaving/",
    "/places/",
    "/report/",
    "/return/",
    "/staff/",
    "/static/",
    "/support/",
)


class BadPath(ValueError):
    """A path that no page may be published under."""


def checked(path: str) -> str:
    """Return a path that a page may be published under.

    Raises BadPath unless it is lower-case words with hyphens between slashes, and free.
    """
    if len(path) > LONGEST or not _FOLDER.fullmatch(path):
        raise BadPath(f"{path[:60]!r} is not a path such as /what-we-are-doing/.")
    if path.startswith(TAKEN):
        raise BadPath(f"{path} belongs to another part of the site.")
    return path


def normalised(asked: str) -> str:
    """Return the published form of a path as a browser asked for it; never raises.

    Only what is surely meant is mended: letters in capitals, a last slash left out. Anything else
    (dots, doubled or back slashes, odd bytes) comes back as it is and so matches no page.
    """
    mended = asked.lower()
    if not mended.endswith("/"):
        mended += "/"
    return mended if _FOLDER.fullmatch(mended) else asked
