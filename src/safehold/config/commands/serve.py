"""`safehold serve`: the web, the worker and both processes of scheduled work."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from functools import partial

import click

from safehold.config.environment import read
from safehold.config.processes import Child, Supervisor

_THIS_COMMAND = [sys.executable, "-c", "from safehold.config.cli import main; main()", "serve"]
PARTS = {
    "public": ("web", "scheduler"),  # the scheduler destroys idle drafts, nothing else
    "staff": ("web", "urgent", "worker", "scheduler"),
    "all": ("web", "urgent", "worker", "scheduler"),
}


def _web(host: str, port: int, workers: int) -> None:
    from safehold.config import web

    web.run(host=host, port=port, workers=workers)


def _worker() -> None:
    from safehold.config import worker

    worker.run()


def _scheduler() -> None:
    from safehold.config import scheduler

    scheduler.run()


def _urgent() -> None:
    from safehold.config import scheduler

    scheduler.run_urgent()


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.2):
            return True
    except OSError:
        return False


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port}: {error.strerror}."
            ) from error


def _children(site: str, host: str, port: int, workers: int) -> list[Child]:
    address = ["--host", host, "--port", str(port), "--workers", str(workers)]
    ready: dict[str, Callable[[], bool]] = {"web": partial(_answers, host, port)}
    return [
        Child(
            name=part,
            command=[*_THIS_COMMAND, "--only", part, *address],
            ready=ready.get(part, lambda: True),
        )
        for part in PARTS[site]
    ]


def _all(site: str, host: str, port: int, workers: int) -> int:
    _refuse_taken(host, port)
    parts = _children(site, host, port, workers)
    serving = partial(click.echo, f"Serving SITE={site} on http://{host}:{port} (Ctrl-C ends it).")
    return Supervisor(parts, say=partial(click.echo, err=True), began=serving).run()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes [SAFEHOLD_WORKERS].")
@click.option("--only", type=click.Choice(PARTS["all"]), help="One part alone.")
def command(host: str, port: int, workers: int | None, only: str | None) -> None:
    """Serve the site, with its worker and scheduled work, until Ctrl-C."""
    environment = read()
    workers = workers or environment.workers
    os.environ["SAFEHOLD_BIND"] = host
    os.environ["SAFEHOLD_WORKERS"] = str(workers)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")
    if only is None:
        sys.exit(_all(environment.site, host, port, workers))
    if only not in PARTS[environment.site]:
        raise click.ClickException(f"SITE={environment.site} has no {only}.")
    parts: dict[str, Callable[[], None]] = {
        "web": partial(_web, host, port, workers),
        "urgent": _urgent,
        "worker": _worker,
        "scheduler": _scheduler,
    }
    parts[only]()
