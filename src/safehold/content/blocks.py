"""The pieces that a public page is made of: few, plain, and hard to get wrong."""

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    RichTextBlock,
    StaticBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
)
from wagtail.rich_text import RichText

from safehold.content.links import check_html, check_target
from safehold.domain import services

FEATURES = ["bold", "link"]
SLOT_NAMES = {
    "emergency": "Danger now",
    "reporting": "Telling someone",
    "anonymity": "Giving no name",
    "clares-law": "Asking about someone (Clare’s Law)",
}


class Target(CharBlock):
    """A path of this site, or a call."""

    def __init__(self, **options: object) -> None:
        options.setdefault("help_text", "Such as /report/place/ or tel:999")
        super().__init__(max_length=200, validators=[check_target], **options)


class Words(RichTextBlock):
    """A paragraph: bold and links of ours, and nothing else that a clipboard brings along."""

    def __init__(self, **options: object) -> None:
        options.setdefault("features", FEATURES)
        super().__init__(**options)

    def clean(self, value: RichText) -> RichText:
        """Refuse a link to another site, and drop what is neither bold, a link nor a break."""
        cleaned: RichText = super().clean(value)
        check_html(cleaned.source)
        return cleaned


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


class OtherForms(ChoiceBlock):
    """Where a signed film and easy words about something stand, once they are approved."""

    def __init__(self, **options: object) -> None:
        options.setdefault("choices", list(SLOT_NAMES.items()))
        super().__init__(**options)


def harms() -> list[tuple[str, str]]:
    """Give what a service can be about, as the register knows it."""
    return list(services.words("harms").items())


def needs() -> list[tuple[str, str]]:
    """Give who a service can have ways of its own for."""
    return list(services.words("needs_served").items())


class Finder(StructBlock):
    """A button that leads to the services for one thing, with nothing of it in the address."""

    harm = ChoiceBlock(choices=harms, required=False, help_text="What it is about.")
    need = ChoiceBlock(choices=needs, required=False, help_text="For whom, where that matters.")


class Body(StreamBlock):
    """What an editor may put on a page."""

    heading = CharBlock(max_length=120, icon="title", help_text="Sentence case, no full stop.")
    paragraph = Words(icon="pilcrow")
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
    finder = Finder(icon="search")
    other_forms = OtherForms(
        icon="media", help_text="British Sign Language and Easy Read, where there are any."
    )


class Section(StreamBlock):
    """What stands under one of the fixed headings of an advice page."""

    paragraph = Words(icon="pilcrow")
    list = Plain(icon="list-ul")
    action = Action(icon="arrow-right")
    finder = Finder(icon="search")
    other_forms = OtherForms(
        icon="media", help_text="British Sign Language and Easy Read, where there are any."
    )
