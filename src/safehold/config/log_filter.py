"""Keep requests out of the log: an address or a form in a log line is a trace of a person."""

from __future__ import annotations

import logging
from types import TracebackType


class WithoutTheRequest(logging.Filter):
    """Drop the request object that Django attaches, and the local variables of a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True always; what identifies the visitor is removed from the record first."""
        for name in ("request", "server_time"):
            record.__dict__.pop(name, None)
        if record.name.startswith("django.request"):
            # "Internal Server Error: /its/address" says enough before the colon.
            record.msg, record.args = str(record.msg).split(":")[0], ()
        if record.exc_info and record.exc_info[1] is not None:
            # The message of an exception may hold what was typed; its type and place never do.
            record.msg, record.args = f"{record.msg} [{type(record.exc_info[1]).__name__}]", ()
            record.exc_text = _places(record.exc_info[2])
            record.exc_info = None
        return True


def _places(trace: TracebackType | None) -> str:
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return "\n".join(lines)
