"""The must-not-receive list: who must get nothing of a matter, from the moment it arrives."""

from django.db import models


class Who(models.TextChoices):
    """Somebody who must not receive, by their part in the matter and never by name."""

    SUBJECT = "subject", "The person who is asked about"
    SUSPECT = "suspect", "The person who is said to have done it"


class MustNotReceive(models.Model):
    """One entry. The name stands in the sealed account of the matter and nowhere here."""

    matter = models.UUIDField(db_index=True)
    who = models.CharField(max_length=20, choices=Who)
    since = models.DateTimeField()

    class Meta:
        db_table = "must_not_receive"
        constraints = [
            models.UniqueConstraint(fields=["matter", "who"], name="must_not_receive_once"),
            models.CheckConstraint(
                name="must_not_receive_is_known", condition=models.Q(who__in=Who.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} of {self.matter}"
