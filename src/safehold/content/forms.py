"""The form in which an editor writes a page: what stops it says so in place, and words stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.forms import WagtailAdminPageForm

from safehold.content import conflicts, gate

if TYPE_CHECKING:
    from safehold.content.models import PublicPage


class PublicPageForm(WagtailAdminPageForm):
    """Refuses to publish what nobody has read, and to write over what someone else just saved."""

    instance: PublicPage

    def clean(self) -> dict[str, Any]:
        """Add one sentence for each thing that stops the page, beside the field that mends it."""
        cleaned: dict[str, Any] = super().clean()
        if other := conflicts.found(self.instance, self.data, self.for_user):
            self.add_error(None, other)
        return cleaned

    def _post_clean(self) -> None:
        # After the fields have reached the page: what is checked is what would be published.
        super()._post_clean()
        if "action-publish" not in self.data or self.errors:
            return
        for field, sentence in gate.refusals(self.instance).items():
            self.add_error(field if field in self.fields else None, sentence)
