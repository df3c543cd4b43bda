"""What a visitor agreed to: read by every screen that would do more than it must."""

from django.http import HttpRequest

from safehold.public.consent import choice


def may_count(request: HttpRequest) -> bool:
    """Tell whether the visitor said yes to being counted; nothing read, or nonsense, is a no."""
    made = choice.of(request)
    return made is not None and made.count


def may_remember(request: HttpRequest) -> bool:
    """Tell whether the visitor said yes to settings that outlive the visit; else it is a no."""
    made = choice.of(request)
    return made is not None and made.remember
