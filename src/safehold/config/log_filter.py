"""Keep requests out of the log: an address or a form in a log line is a trace of a person.

What the framework would say is a template with an address to fill in, or the very message of an
exception. So its lines are replaced by sentences of ours, which have nowhere to put either.
"""

from __future__ import annotations

import logging
from types import TracebackType

PAGE = "django.request"
REFUSAL = "django.security"
OURS = "safehold"
_OF_THE_REQUEST = ("request", "server_time")


class WithoutTheRequest(logging.Filter):
    """Say what happened and where in the code, and nothing of who asked for what."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True always; what identifies the visitor is removed from the record first."""
        for name in _OF_THE_REQUEST:
            record.__dict__.pop(name, None)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None or _is_below(record.name, PAGE) or _is_below(record.name, REFUSAL):
            record.msg, record.args = _sentence(record, error), ()
        if error is not None:
            record.exc_text = _places(error.__traceback__)
        record.exc_info = None
        return True


def _sentence(record: logging.LogRecord, error: BaseException | None) -> str:
    kind = type(error).__name__ if error is not None else ""
    if _is_below(record.name, PAGE):
        return f"a page failed [{kind or getattr(record, 'status_code', 'no status')}]"
    if _is_below(record.name, REFUSAL):
        return f"a request was refused [{kind or record.name.rpartition('.')[2]}]"
    # Our own words are fixed, and what would fill them is not said; others' may be a message.
    words = str(record.msg) if _is_below(record.name, OURS) else "something failed"
    return f"{words} [{kind}]"


def _is_below(name: str, logger: str) -> bool:
    return name == logger or name.startswith(f"{logger}.")


def _places(trace: TracebackType | None) -> str:
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return "\n".join(lines)
