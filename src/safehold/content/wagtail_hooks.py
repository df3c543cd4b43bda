"""What an editor meets in the CMS: pages, and nothing that is not in use."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

# Menu items by the names that Wagtail gives them.
IN_USE = {"explorer", "reports", "help"}


@hooks.register("construct_main_menu")
def only_what_is_in_use(request: HttpRequest, menu_items: list[Any]) -> None:
    """Leave pages, reports and help in the menu."""
    menu_items[:] = [item for item in menu_items if item.name in IN_USE]


@hooks.register("construct_homepage_summary_items")
def no_counts(request: HttpRequest, summary_items: list[Any]) -> None:
    """Show no counts of pictures and files that nobody uploads."""
    summary_items.clear()
