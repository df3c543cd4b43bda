"""The worker process: what editing public pages leaves to do, as tasks in the records store.

Nothing that a report waits for runs here: the urgent process opens triage slips.
"""

from __future__ import annotations


def run() -> None:
    """Run tasks until a signal; a task in hand is finished first."""
    import django

    django.setup()
    from django.core.management import call_command

    from safehold.config.startup import refuse_unless_ready

    refuse_unless_ready()
    call_command("db_worker", queue_name="*", interval=1.0, verbosity=0)
