"""The watch: who answers for danger at any hour, how they are reached, and what is open."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Desk(models.TextChoices):
    """Whose watch it is: what is about a colleague alarms professional standards alone."""

    UNIT = "unit", "The unit"
    STANDARDS = "standards", "Professional standards"


class Because(models.TextChoices):
    """Why somebody is alarmed."""

    DANGER = "danger", "A danger prompt, and nobody has taken it"
    LATE = "late", "A clock is long over"
    DEADLINE = "deadline", "A deadline of a case is soon over, or was missed"


class Watch(models.Model):
    """Who held the watch of a desk from when to when. It is taken over and never laid down."""

    desk = models.CharField(max_length=10, choices=Desk)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "duty_watch"
        constraints = [
            models.UniqueConstraint(
                fields=["desk"], condition=Q(until__isnull=True), name="duty_watch_is_one"
            ),
            models.CheckConstraint(
                name="duty_watch_desk_is_known", condition=Q(desk__in=Desk.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk}: {self.member_id}"


class Reach(models.Model):
    """Where a member is told of an alarm: a mobile number, an address for e-mail, or both."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    mobile = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    tried_at = models.DateTimeField(null=True)  # the last round that got as far as to them

    class Meta:
        db_table = "duty_reach"

    def __str__(self) -> str:
        return str(self.member_id)


class Alarm(models.Model):
    """Somebody has to look at a report now. It ends when somebody has it, and by nothing else.

    While it is open its times are of the minute, for it is sent again by them; when it ends they
    are cut to the hour, as everywhere.
    """

    report_id = models.UUIDField()  # or that of a pile of reports, or of a deadline
    of_pile = models.BooleanField(default=False)
    desk = models.CharField(max_length=10, choices=Desk)
    because = models.CharField(max_length=10, choices=Because)
    raised_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "duty_alarm"
        indexes = [
            models.Index(
                fields=["next_at"], name="duty_alarm_open", condition=Q(ended_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report_id"],
                condition=Q(ended_at__isnull=True),
                name="duty_alarm_once_a_report",
            ),
            models.CheckConstraint(
                name="duty_alarm_is_known",
                condition=Q(desk__in=Desk.values, because__in=Because.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.because} of {self.report_id}"
