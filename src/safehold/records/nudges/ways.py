"""Which way is set up for a channel, and in which words it speaks."""

from __future__ import annotations

from django.conf import settings

from safehold.domain.nudging import Channel, Wording, wordings
from safehold.records.nudges.mail import Smtp
from safehold.records.nudges.text_messages import SmsByHttp
from safehold.records.nudges.transports import Transport


def transport(channel: Channel) -> Transport | None:
    """Return what carries by a channel here, None where nothing is set up."""
    if channel is Channel.EMAIL:
        server, sender = settings.NUDGE_SMTP, settings.NUDGE_FROM
        return Smtp(server, sender) if server and sender else None
    return SmsByHttp(settings.NUDGE_SMS) if settings.NUDGE_SMS else None


def words(channel: Channel) -> tuple[Wording, ...]:
    """Return the messages to choose from: the force's own list where it has one."""
    return wordings(channel, settings.NUDGE_TEXTS)
