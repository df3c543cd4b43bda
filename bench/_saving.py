"""Save forms under codes and print the codes: `python -m bench._saving HOW_MANY`."""

from __future__ import annotations

import sys

import django

from bench._submitting import ANSWERS


def main(many: int) -> None:
    """Save what was begun, each under a code of its own."""
    django.setup()
    from django.utils.timezone import now

    from safehold.crypto import codes
    from safehold.records.intake.saved import save_under_code

    for _ in range(many):
        code = codes.new_digits()
        save_under_code(code=code, journey="harm", answers=ANSWERS, at=now())
        print(codes.shown(code))


if __name__ == "__main__":
    main(int(sys.argv[1]))
