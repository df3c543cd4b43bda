"""Who may do what, decided from one table that an auditor can read: `rules/access.toml`.

Nothing is granted that the table does not name: an unknown role may do nothing, and an unlisted
page is refused. A role adds permissions and never takes one away; what takes away is a fact about
the subject: a report about a colleague, or a member who is part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache

from safehold import rules


class Permission(StrEnum):
    """One act or one kind of look that a role may be granted."""

    SEE_WORK = "see_work"
    SEE_INBOX = "see_inbox"
    TAKE_REPORT = "take_report"
    HAND_ON_REPORT = "hand_on_report"
    HAND_ON_OTHERS = "hand_on_others"
    HOLD_WATCH = "hold_watch"
    END_REPORT = "end_report"
    SEE_CRIME_DECISIONS = "see_crime_decisions"
    SETTLE_CRIME = "settle_crime"
    OPEN_ACCOUNT = "open_account"
    OPEN_IDENTITY = "open_identity"
    OPEN_RELEASED_NAME = "open_released_name"
    REVIEW_IDENTITY = "review_identity"
    HANDLE_DVDS = "handle_dvds"
    OPEN_INTIMATE = "open_intimate"
    TYPE_REPORT = "type_report"
    ANSWER_REPORTER = "answer_reporter"
    SEE_CONTACT = "see_contact"
    OPEN_CONTACT = "open_contact"
    OVERRIDE_CONTACT = "override_contact"
    REVIEW_OVERRIDE = "review_override"
    ACCEPT_REPORT = "accept_report"
    SET_ASIDE_REPORT = "set_aside_report"
    CONFIRM_SET_ASIDE = "confirm_set_aside"
    DECIDE_FLOOD = "decide_flood"
    PASS_REPORT = "pass_report"  # noqa: S105 - a word of the table, not a secret
    KEEP_CONFLICTS = "keep_conflicts"
    SEE_INCIDENTS = "see_incidents"
    DECIDE_CRIME = "decide_crime"
    SEARCH_PEOPLE = "search_people"
    OPEN_PERSON = "open_person"
    RECORD_INCIDENTS = "record_incidents"
    RECORD_PEOPLE = "record_people"
    MERGE_PEOPLE = "merge_people"
    NAME_READERS = "name_readers"
    SEE_CASES = "see_cases"
    WORK_CASES = "work_cases"
    BREAK_GLASS = "break_glass"
    REVIEW_GLASS = "review_glass"
    IMPORT_RECORDS = "import_records"
    ASSESS_RISK = "assess_risk"
    AGREE_DOWNGRADE = "agree_downgrade"
    KEEP_PHONES = "keep_phones"
    SEE_DEADLINES = "see_deadlines"
    KEEP_DEADLINES = "keep_deadlines"
    EXTEND_BAIL = "extend_bail"
    DECIDE_DEADLINES = "decide_deadlines"
    SEE_SAFETY = "see_safety"
    WORK_SAFETY = "work_safety"
    SEE_ORDERS = "see_orders"
    KEEP_ORDERS = "keep_orders"
    SEE_PLACES = "see_places"
    ANSWER_PLACES = "answer_places"
    PREPARE_PLACES = "prepare_places"
    PUBLISH_PLACES = "publish_places"
    SEE_TROUBLE = "see_trouble"
    MEND_TROUBLE = "mend_trouble"
    SEE_RETENTION = "see_retention"
    REVIEW_RETENTION = "review_retention"
    HOLD_REPORT = "hold_report"
    DESTROY_REPORT = "destroy_report"
    SEE_LOOKS = "see_looks"
    REVIEW_LOOKS = "review_looks"
    SEE_HOTSPOTS = "see_hotspots"
    SEE_USAGE = "see_usage"
    EDIT_PAGES = "edit_pages"
    EDIT_SERVICES = "edit_services"
    SEE_FEEDBACK = "see_feedback"
    OPEN_FEEDBACK = "open_feedback"
    DECIDE_FEEDBACK = "decide_feedback"
    SEE_FEEDBACK_NOTES = "see_feedback_notes"
    KEEP_AGENCIES = "keep_agencies"
    SHARE_REPORT = "share_report"
    SEE_SHARES = "see_shares"
    AGREE_SHARE = "agree_share"
    EXPORT_CASE = "export_case"
    AGREE_EXPORT = "agree_export"
    SEE_EXPORTS = "see_exports"
    REVIEW_EXPORT = "review_export"
    AGREE_DVDS = "agree_dvds"
    SEE_DVDS_FIGURES = "see_dvds_figures"
    SEE_TEAM = "see_team"


class Role(StrEnum):
    """What someone is here to do; a word kept on the member's row."""

    TRIAGE_OFFICER = "triage_officer"
    SAFEGUARDING_OFFICER = "safeguarding_officer"
    ADVOCATE = "advocate"
    SUPERVISOR = "supervisor"
    IDENTITY_KEEPER = "identity_keeper"
    ANALYST = "analyst"
    EDITOR = "editor"
    AUDITOR = "auditor"
    CRIME_REGISTRAR = "crime_registrar"
    PROFESSIONAL_STANDARDS = "professional_standards"


class Refused(PermissionError):
    """Someone asked for what the table does not give them; the message says so to them."""


class Hidden(Refused):
    """Someone asked about what they may not know of: a page answers as if it were not there."""


class AccessTableError(ValueError):
    """The table names a role, a permission or a restriction that the software does not know."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks. `member_id` is empty for a process; `roles` holds words, known or not."""

    member_id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about, as far as access depends on it.

    `recused` holds the ids of members who are part of it, or too close to someone who is.
    """

    police_party: bool = False
    recused: frozenset[str] = field(default_factory=frozenset)


ANYTHING = Subject()


class Gate(StrEnum):
    """How far someone must have come for a page that needs no permission."""

    ANYONE = "anyone"
    PASSWORD = "password"  # noqa: S105 - a word of the table, not a secret
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class AccessTable:
    """The table as read: permissions and labels of each role, restrictions, and pages."""

    version: str
    meanings: Mapping[Permission, str]
    labels: Mapping[Role, str]
    grants: Mapping[Role, frozenset[Permission]]
    police_party_roles: frozenset[Role]
    police_party_sentence: str
    shift: timedelta
    idle: timedelta
    routes: Mapping[str, Gate | Permission]
    trees: Mapping[str, Gate | Permission]


@cache
def table() -> AccessTable:
    """Return the table in force.

    Raises AccessTableError where the file names what the software does not know, or leaves out a
    role or a permission that it does.
    """
    return parse(rules.load("access"))


def parse(source: rules.Rules) -> AccessTable:
    """Read a table from rules; raises AccessTableError as `table` does."""
    tables = source.tables
    try:
        restriction = tables["restrictions"]["police_party"]
        parsed = AccessTable(
            version=source.version,
            meanings={Permission(word): says for word, says in tables["permissions"].items()},
            labels={Role(word): role["label"] for word, role in tables["roles"].items()},
            grants={
                Role(word): frozenset(Permission(name) for name in role["may"])
                for word, role in tables["roles"].items()
            },
            police_party_roles=frozenset(Role(word) for word in restriction["roles"]),
            police_party_sentence=restriction["sentence"],
            shift=timedelta(hours=tables["session"]["shift_hours"]),
            idle=timedelta(minutes=tables["session"]["idle_minutes"]),
            routes={name: _needed(word) for name, word in tables["routes"].items()},
            trees={start: _needed(word) for start, word in tables["trees"].items()},
        )
    except KeyError as error:
        raise AccessTableError(f"access.toml has no {error}.") from error
    except ValueError as error:
        raise AccessTableError(f"access.toml: {error}.") from error
    _refuse_gaps(parsed)
    return parsed


def _refuse_gaps(parsed: AccessTable) -> None:
    missing = (set(Permission) - parsed.meanings.keys()) | (set(Role) - parsed.grants.keys())
    if missing:
        raise AccessTableError(f"access.toml says nothing of {', '.join(sorted(missing))}.")


def _needed(word: str) -> Gate | Permission:
    return Gate(word) if word in set(Gate) else Permission(word)


def granted(roles: frozenset[str]) -> frozenset[Permission]:
    """Return every permission that the roles hold together, before any subject is known."""
    grants = table().grants
    return frozenset[Permission]().union(*(may for role, may in grants.items() if role in roles))


def refusal(actor: Actor, permission: Permission, subject: Subject = ANYTHING) -> str:
    """Say why the actor may not, in a sentence for them; empty where they may."""
    if permission not in granted(actor.roles):
        return "Your role does not allow this."
    if actor.member_id and actor.member_id in subject.recused:
        return table().police_party_sentence
    rule = table()
    if subject.police_party and not actor.roles & rule.police_party_roles:
        return rule.police_party_sentence
    return ""


def can(actor: Actor, permission: Permission, subject: Subject = ANYTHING) -> bool:
    """Tell whether the actor may."""
    return not refusal(actor, permission, subject)


def require(actor: Actor, permission: Permission, subject: Subject = ANYTHING) -> None:
    """Raise Refused, with the sentence for the actor, unless they may.

    It is Hidden where the subject alone stands in the way.
    """
    sentence = refusal(actor, permission, subject)
    if sentence:
        raise Hidden(sentence) if permission in granted(actor.roles) else Refused(sentence)


def needed_for(route: str, path: str) -> Gate | Permission:
    """Return what a staff page needs, by its route name or else by the start of its path.

    Raises Refused for a page that the table does not name.
    """
    rule = table()
    if route in rule.routes:
        return rule.routes[route]
    for start, needed in rule.trees.items():
        if path.startswith(start):
            return needed
    raise Refused("This page is not in the access table, so nobody may see it.")
