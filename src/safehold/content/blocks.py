"""The pieces that a public page is made of: few, plain, and hard to get wrong."""

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ListBlock,
    RichTextBlock,
    StaticBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
)

from safehold.content.links import check_target

FEATURES = ["bold", "link"]


class Target(CharBlock):
    """A path of this site, or a call."""

    def __init__(self, **options: object) -> None:
        options.setdefault("help_text", "Such as /report/place/ or tel:999")
        super().__init__(max_length=200, validators=[check_target], **options)


class Plain(StructBlock):
    """A short list."""

    items = ListBlock(CharBlock(max_length=300), min_num=1)
    numbered = BooleanBlock(required=False, help_text="Only where the order matters.")


class Card(StructBlock):
    """One way on. A card without a target is not a link, and is drawn so."""

    title = CharBlock(max_length=60)
    text = CharBlock(max_length=200)
    target = Target(required=False)
    danger = BooleanBlock(required=False, help_text="Only for 999.")

    def clean(self, value: dict[str, object]) -> dict[str, object]:
        """Keep red for danger: a red card has to give the emergency number."""
        cleaned = super().clean(value)
        words = f"{cleaned['title']} {cleaned['text']} {cleaned['target']}"
        if cleaned["danger"] and "999" not in words:
            raise StructBlockValidationError(
                {"danger": ValidationError("Only a card that gives 999 is drawn in red.")}
            )
        return cleaned


class Column(StructBlock):
    """A heading and a few words, beside others of its kind."""

    title = CharBlock(max_length=60)
    text = CharBlock(max_length=300)


class Action(StructBlock):
    """A button that says what it does."""

    text = CharBlock(max_length=60)
    target = Target()


class Body(StreamBlock):
    """What an editor may put on a page."""

    heading = CharBlock(max_length=120, icon="title", help_text="Sentence case, no full stop.")
    paragraph = RichTextBlock(features=FEATURES, icon="pilcrow")
    list = Plain(icon="list-ul")
    emergency = StaticBlock(
        icon="warning", admin_text="What to do in danger, with the numbers of the force's profile."
    )
    helplines = StaticBlock(
        icon="group", admin_text="Lines of people who are not the police, from the force's profile."
    )
    reading = StaticBlock(
        icon="time", admin_text="When reports are read and by whom, from the force's profile."
    )
    cards = ListBlock(Card(), min_num=1, max_num=6, icon="grip")
    columns = ListBlock(Column(), min_num=2, max_num=4, icon="table")
    action = Action(icon="arrow-right")
