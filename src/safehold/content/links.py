"""Where a public page may lead, and nowhere else."""

import re

from django.core.exceptions import ValidationError

# A path of ours (with a part of the page, perhaps), or a call.
_PATH = re.compile(r"/(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*(?:#[a-z0-9-]+)?")
_CALL = re.compile(r"tel:[0-9]{3,15}")


def check_target(target: str) -> None:
    """Raise ValidationError unless this is a path of our own or a call.

    A card or a button is the way on for someone in a hurry: it never leads to another site.
    """
    if not (_PATH.fullmatch(target) or _CALL.fullmatch(target)):
        raise ValidationError("Give a path of this site such as /report/place/, or a call: tel:999")
