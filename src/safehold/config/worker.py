"""The worker process: background tasks of the staff site, from its own store."""

from __future__ import annotations


def run() -> None:
    """Run tasks until a signal; a task in hand is finished first."""
    import django

    django.setup()
    from django.core.management import call_command

    from safehold.config.startup import refuse_unless_ready

    refuse_unless_ready()
    call_command("db_worker", queue_name="*", interval=1.0, verbosity=0)
