"""The lists of the rules: what somebody is reached for, on which ground, and by which means."""

from __future__ import annotations

from datetime import timedelta

from safehold.rules import load

_TABLES = load("safe_contact").tables
GROUNDS: dict[str, str] = {row["key"]: row["label"] for row in _TABLES["grounds"]["options"]}
# In the order of what they reveal, the least first.
MEANS: dict[str, str] = {row["key"]: row["label"] for row in _TABLES["means"]["options"]}
DUE: dict[str, str] = {row["key"]: row["label"] for row in _TABLES["due"]["options"]}
REVIEW_WITHIN = timedelta(days=_TABLES["review"]["days"])
READ_WITHIN = timedelta(hours=_TABLES["read"]["hours"])
FURTHEST = timedelta(days=_TABLES["furthest"]["days"])
LEAST_REVEALING = next(iter(MEANS))
