"""Who works here."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class StaffMember(AbstractUser):
    """Someone who may sign in: an officer, an advocate, an analyst, an editor, an auditor.

    The role is a word of `safehold.domain.access`; Django's groups serve the CMS alone.
    """

    role = models.CharField(max_length=40, blank=True)
    team = models.CharField(max_length=80, blank=True)
    agency = models.CharField(max_length=80, blank=True)

    class Meta(AbstractUser.Meta):
        db_table = "staff_member"
