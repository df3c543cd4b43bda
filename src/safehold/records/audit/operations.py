"""Writing the audit: one row an act, last in the transaction of what it records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from safehold.domain import audit_chain
from safehold.domain.audit_chain import GENESIS
from safehold.records.audit import checks, heads
from safehold.records.audit.actions import Action, known
from safehold.records.audit.actors import About, Member, System, actor_fields
from safehold.records.audit.models import CHAIN, AuditEvent

RECORDS = "default"
LONGEST_DETAIL = 4_000  # characters: enough for what was imported, too little for an account
_LOCK = 0x5AFE_A0D1  # PostgreSQL's number for "one appender at a time"
_SCHEDULER = System("scheduler")


class OutsideTransaction(RuntimeError):
    """The audit was written apart from the act that it records."""


class ReasonNeeded(ValueError):
    """A look without a reason."""


class DetailTooLong(ValueError):
    """The detail of a row is longer than anything that belongs there."""


class ChainBroken(Exception):
    """A row of a chain does not hold; the message names the chain, the row and why."""


class HeadsWanting(Exception):
    """The heads cannot vouch for the end of a chain; the message says which and why."""


def append(
    *,
    action: Action,
    by: Member | System,
    subject: About,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one row at the end of the chain, inside the caller's transaction and last in it.

    Raises OutsideTransaction, AnonymousActor, UnknownAction, DetailTooLong, or NotCanonical for
    values that databases do not keep alike.
    """
    connection = connections[RECORDS]
    if not _in_a_callers_transaction(connection):
        raise OutsideTransaction("An audit row belongs in the transaction of what it records.")
    detail = dict(detail or {})
    if len(str(detail)) > LONGEST_DETAIL:
        raise DetailTooLong(f"The detail of an audit row is at most {LONGEST_DETAIL} characters.")
    columns = {
        **actor_fields(by),
        "action": str(known(action)),
        "subject_kind": subject.kind,
        "subject_id": subject.identifier,
        "reason": reason,
        "detail": detail,
    }
    _wait_for_other_appenders(connection)
    last = AuditEvent.objects.order_by("-sequence").values("sequence", "hash").first()
    link = audit_chain.link(
        chain=CHAIN,
        sequence=last["sequence"] + 1 if last else 1,
        previous=last["hash"] if last else GENESIS,
        fields={**columns, "at": audit_chain.timestamp(at)},
    )
    event = AuditEvent(
        sequence=link.sequence, previous=link.previous, hash=link.hash, at=at, **columns
    )
    event.save()
    return event


def record_look(*, by: Member | System, reason: str, subject: About, at: datetime) -> AuditEvent:
    """Record and commit a look; call it before the record is fetched.

    Raises ReasonNeeded where no reason is given, and RuntimeError inside another transaction,
    which could still undo it.
    """
    if not reason.strip():
        raise ReasonNeeded("Say why you need to look.")
    with transaction.atomic(using=RECORDS, durable=True):
        return append(action=Action.LOOKED, by=by, subject=subject, at=at, reason=reason.strip())


def publish_head(*, at: datetime) -> list[heads.SignedHead]:
    """Sign the ends of both chains and write them to every configured address.

    Every address is tried. Raises HeadsNotPublished naming each one that failed.
    """
    signed = heads.signed_heads(at=at)
    heads.publish(signed)
    return signed


def verify_nightly(*, at: datetime) -> None:
    """Check both chains, their heads and every stored report, and record what was found.

    Raises ChainBroken or HeadsWanting after recording, so that what is wrong is both on the record
    and loud.
    """
    found = checks.verify_all()
    replaced, unguarded = checks.replaced_reports(), checks.unguarded_tables()
    gone = checks.reports_gone()
    with transaction.atomic(using=RECORDS):
        for result in found:
            append(
                action=Action.CHAIN_VERIFIED if result.holds else Action.CHAIN_BROKEN,
                by=_SCHEDULER,
                subject=About("chain", result.chain),
                at=at,
                detail=result.as_detail(),
            )
            if result.lacks_heads or result.outlives_heads(at):
                append(
                    action=Action.HEADS_WANTING,
                    by=_SCHEDULER,
                    subject=About("chain", result.chain),
                    at=at,
                )
        for action, found_ones in (
            (Action.REPORT_REPLACED, replaced),
            (Action.REPORT_GONE, gone),
        ):
            for report_id in found_ones:
                append(action=action, by=_SCHEDULER, subject=About("report", report_id), at=at)
        for table in unguarded:
            append(action=Action.GUARD_MISSING, by=_SCHEDULER, subject=About("table", table), at=at)
    broken = checks.in_words(found, replaced=replaced, unguarded=unguarded, gone=gone)
    if broken:
        raise ChainBroken(" ".join(broken))
    if wanting := checks.doubts(found, at=at):
        raise HeadsWanting(" ".join(wanting))


def _in_a_callers_transaction(connection: BaseDatabaseWrapper) -> bool:
    # A test's own transaction does not count, or a missing one would show only in production.
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)


def _wait_for_other_appenders(connection: BaseDatabaseWrapper) -> None:
    # SQLite lets one transaction write at a time from its start (transaction mode IMMEDIATE).
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
