"""Who works here."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from safehold.domain.access import Actor, Permission, Role, Subject, can, require, table


class StaffMember(AbstractUser):
    """Someone who may sign in: an officer, an advocate, an analyst, an editor, an auditor.

    The role is a word of `safehold.domain.access`, and a member has one: to hold two, such as
    supervisor and auditor, is to check oneself. Django's groups serve the CMS alone.
    """

    role = models.CharField(max_length=40, blank=True)
    team = models.CharField(max_length=80, blank=True)
    agency = models.CharField(max_length=80, blank=True)

    class Meta(AbstractUser.Meta):
        db_table = "staff_member"
        constraints = [
            models.CheckConstraint(
                name="staff_member_role_is_known",
                condition=models.Q(role__in=["", *(str(role) for role in Role)]),
            ),
        ]

    @property
    def name(self) -> str:
        """Return the name that colleagues know; the sign-in name where none is kept."""
        return self.get_full_name() or self.username

    @property
    def role_label(self) -> str:
        """Return the role as people say it."""
        return table().labels[Role(self.role)] if self.role else "No role"

    @property
    def actor(self) -> Actor:
        """Return the member as the access table sees them; whoever has left holds no role."""
        roles = frozenset({self.role}) if self.role and self.is_active else frozenset[str]()
        return Actor(str(self.pk), roles)

    def may(self, permission: Permission, subject: Subject | None = None) -> bool:
        """Tell whether the access table lets them."""
        return can(self.actor, permission, *([subject] if subject else []))

    def must(self, permission: Permission, subject: Subject | None = None) -> None:
        """Raise Refused unless the access table lets them."""
        require(self.actor, permission, *([subject] if subject else []))
