"""What the public site may keep: drafts that nobody can read alone, and sealed reports."""

from __future__ import annotations

from django.db import models

from safehold.records.append_only import (
    AppendOnly,
    AppendOnlyQuerySet,
    WrittenOnceModel,
    WrittenOnceQuerySet,
)

CHAIN = "intake"


class Draft(models.Model):
    """An unfinished report, encrypted under a key of which only half is here.

    Journey, answers and, once sent, the reference are all inside `content`: the row does not tell
    which report somebody began or whether it was sent. `last_used_at` is cut to the minute.
    """

    id = models.UUIDField(primary_key=True)
    server_half = models.BinaryField(max_length=32)
    content = models.BinaryField()
    last_used_at = models.DateTimeField(db_index=True)


class SavedDraft(models.Model):
    """An unfinished report that only a code opens, which nobody but its writer has.

    `find` is the SHA-256 of what the code leads to, `content` is locked under what it opens: the
    row holds nothing that follows from one without the code. A day is all that it says of time.
    """

    find = models.CharField(primary_key=True, max_length=64)
    content = models.BinaryField()
    keep_until = models.DateField(db_index=True)


class SealedReport(WrittenOnceModel):
    """A report as it arrived: envelopes that this process cannot open.

    `identity` is a hidden name for its keepers, `release` the same name for the unit, or nothing.

    What kind of report it is stands only inside the slip. `received_at` is cut to the hour, so
    that the row cannot be matched with a record of who was online in which minute; the number of
    its event in the intake chain keeps the order. `submission` follows from the draft's whole key:
    the same draft is recorded once, and cannot be tied to its report when half the key is gone.
    """

    id = models.UUIDField(primary_key=True)
    reference = models.CharField(max_length=9)
    received_at = models.DateTimeField()
    slip = models.BinaryField()
    account = models.BinaryField()
    identity = models.BinaryField(null=True)
    release = models.BinaryField(null=True)
    submission = models.CharField(max_length=64)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="sealed_report_reference"),
            models.UniqueConstraint(fields=["submission"], name="sealed_report_submission"),
        ]


class Upload(models.Model):
    """A file that somebody adds to a draft. Its name, size and key are inside `content`.

    `content` is locked under the draft's key, and empty while only what was saved under a code
    leads to it. `saved_until` is the last day of that.
    """

    id = models.UUIDField(primary_key=True)
    draft_id = models.UUIDField(null=True, db_index=True)
    saved_until = models.DateField(null=True, db_index=True)
    content = models.BinaryField()


class UploadPart(models.Model):
    """One part of a file on its way, locked under the file's own key."""

    id = models.UUIDField(primary_key=True)
    upload_id = models.UUIDField()
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload_id", "number"], name="upload_part_once")
        ]


class SentPart(WrittenOnceModel):
    """One part of a file that was sent with a report; only the report's account opens it."""

    id = models.UUIDField(primary_key=True)
    report_id = models.UUIDField(db_index=True)
    file_id = models.UUIDField()
    number = models.IntegerField()
    content = models.BinaryField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_id", "number"], name="sent_part_once")]


class ReturnPlace(models.Model):
    """Where a code leads once a report was sent. What it holds opens with the code alone.

    `public_key` follows from the code: with it the unit writes to whoever holds the code, and
    cannot read what it wrote.
    """

    find = models.CharField(primary_key=True, max_length=64)
    report_id = models.UUIDField(unique=True)
    public_key = models.BinaryField(max_length=32)
    content = models.BinaryField()


class CallPass(models.Model):
    """What lets a member type a report for a caller on the public form: once, within minutes.

    `find` follows from the pass. The member is known by the call alone, in the other store.
    """

    find = models.CharField(primary_key=True, max_length=64)
    call_id = models.UUIDField()
    how = models.CharField(max_length=10)
    expires_at = models.DateTimeField(db_index=True)


class StartCode(models.Model):
    """What lets a caller take a code of her own, once. It opens nothing of the report.

    `content` is empty once it was used; the row stays for a while, to say so to whoever comes next.
    """

    find = models.CharField(primary_key=True, max_length=64)
    content = models.BinaryField()
    last_day = models.DateField(db_index=True)
    used_on = models.DateField(null=True)


class Said(WrittenOnceModel):
    """One entry between the unit and the holder of a code, sealed to each; a day is all of time.

    `for_her` is null in what she wrote: whoever finds her code does not read it.
    """

    id = models.UUIDField(primary_key=True)
    report_id = models.UUIDField()
    number = models.IntegerField()
    from_us = models.BooleanField()
    day = models.DateField()
    for_us = models.BinaryField()
    for_her = models.BinaryField(null=True)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report_id", "number"], name="said_in_order")
        ]


class Nudge(models.Model):
    """Where, how and at which safe times whoever sent a report is told that there is news.

    All of it is inside `sealed`, an envelope that the unattended worker opens and the public site
    cannot. That a row is there says that somebody asked; a day is all that it says of time.
    """

    report_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    kept_since = models.DateField()


class Tombstone(AppendOnly):
    """That a report was destroyed, on which day and under which act of the records store.

    It comes before: the database removes no report, part of a file or message without one. What
    arrived stands in the chain by its digests, and that it was destroyed does too.
    """

    report_id = models.UUIDField(primary_key=True)
    act = models.UUIDField()
    day = models.DateField()

    objects = AppendOnlyQuerySet.as_manager()


class SpentCode(models.Model):
    """Where a code led before its report was destroyed, to say so to its holder.

    Nothing ties it to the report any more: `find` follows from the code alone.
    """

    find = models.CharField(primary_key=True, max_length=64)
    last_day = models.DateField(db_index=True)


class NameMarks(models.Model):
    """Marks of names that are compared on arrival, one row: what they are of is nowhere here.

    `marks` are of one length, one after the other, in an order that says nothing. Who has this row
    can try whether a name is among them: see docs/adr/0026.
    """

    id = models.SmallIntegerField(primary_key=True)
    version = models.UUIDField(unique=True)
    key = models.BinaryField(max_length=32)
    marks = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="name_marks_are_one_row")
        ]


class PassedReport(models.Model):
    """To whose keys later messages of a report are sealed, once somebody passed it on."""

    report_id = models.UUIDField(primary_key=True)
    for_standards = models.BooleanField()


class IntakeEvent(AppendOnly):
    """One act in this store. `detail` holds digests of envelopes, never what is in them."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    report_id = models.CharField(max_length=36, db_index=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]


class IntakeHead(models.Model):
    """The end of the chain, one row: the public role may not read the events themselves.

    Whoever appends holds this row's lock until the commit, so events become visible in the order
    of their numbers and a reader who pages by number misses none.
    """

    id = models.SmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="intake_head_is_one_row")
        ]
