"""What an editor meets in the CMS: pages, and nothing that is not in use."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

# Menu items by the names that Wagtail gives them.
IN_USE = {"explorer", "languages", "reports", "help"}


@hooks.register("construct_main_menu")
def only_what_is_in_use(request: HttpRequest, menu_items: list[Any]) -> None:
    """Leave pages, reports and help in the menu."""
    menu_items[:] = [item for item in menu_items if item.name in IN_USE]


@hooks.register("register_admin_menu_item")
def languages() -> MenuItem:
    """Lead to the pages in other languages."""
    address = reverse("pages_in_languages")
    return MenuItem("Languages", address, name="languages", icon_name="globe", order=200)


@hooks.register("construct_homepage_summary_items", order=1_000)
def no_counts(request: HttpRequest, summary_items: list[Any]) -> None:
    """Show no counts of pictures and files that nobody uploads."""
    summary_items.clear()
