"""Who tells, with a name or without, and how to reach her safely."""

from __future__ import annotations

from safehold.domain import linking
from safehold.domain.journey import place_questions
from safehold.domain.journey.ruled import NAMES_COMPARED, NOT_SURE, YES_NO, one, options
from safehold.domain.journey.specification import (
    Always,
    Condition,
    Field,
    Is,
    Kind,
    Never,
    NoneOf,
    Option,
    Question,
)
from safehold.rules import load

RULES = load("harm_reports")
_LIMITS = RULES.tables["limits"]
OTHERS = ("someone", "witness", "professional")
REACHABLE = ("call", "text", "email", "post", "person")
WITH_A_NAME = ("named", "hidden")
# What is sealed apart from the account where somebody asked for it: who she is, how to reach her.
IDENTITY_KEYS = (
    "name",
    "contact",
    "contact_when",
    "contact_seen",
    "voicemail",
    "letter",
    "code",
    "language",
    "if_urgent",
)

OF_OTHERS = Is("who_for", "who", OTHERS)
NAMED = Is("identity", "how", WITH_A_NAME)
BY_CONTACT = Is("contact", "method", REACHABLE)


def reaching(
    asked: Condition, choices: tuple[Option, ...], *, needed: bool = False
) -> tuple[Question, ...]:
    """Give the questions about a name and a safe way to reach whoever it is.

    `asked` is the condition under which they are put; `needed` that name and way must be given.
    """
    return (
        Question(
            "name",
            "What is your name?",
            (Field("name", Kind.LINE, "Your name", limit=_LIMITS["line"]),),
            hint=NAMES_COMPARED,
            asked=asked,
            needs=("name",),
            needed=Always() if needed else Never(),
            missing="Give your name. We cannot answer without it.",
            group="You",
        ),
        Question(
            "contact",
            "How can we reach you safely?",
            (
                Field(
                    "method",
                    Kind.ONE,
                    "How can we reach you safely?",
                    options=choices,
                ),
                Field(
                    "to",
                    Kind.LINE,
                    "The number or address, or who to ask",
                    limit=_LIMITS["line"],
                ),
            ),
            hint="Choose what nobody else sees or hears.",
            asked=asked,
            needs=("method", "to"),
            needed=Always() if needed else Never(),
            missing="Choose how we can reach you, and give the number or address.",
            group="You",
        ),
        Question(
            "contact_when",
            "When is it safe to reach you?",
            (
                Field(
                    "parts",
                    Kind.SEVERAL,
                    "Time of day",
                    options=options(place_questions.RULES.tables["parts_of_day"]),
                ),
                Field(
                    "days",
                    Kind.SEVERAL,
                    "Days, if not every day",
                    options=options(place_questions.RULES.tables["days"]),
                ),
                Field(
                    "more",
                    Kind.TEXT,
                    "Times when we must not",
                    limit=_LIMITS["words"],
                ),
            ),
            hint="Choose as many as you like.",
            asked=BY_CONTACT,
            group="You",
        ),
        Question(
            "contact_seen",
            "Could anyone else see or hear it?",
            (
                Field(
                    "answer",
                    Kind.ONE,
                    "Could anyone else see or hear it?",
                    options=(*YES_NO, NOT_SURE),
                ),
                Field(
                    "more", Kind.TEXT, "Who, and what they must not know", limit=_LIMITS["words"]
                ),
            ),
            hint="Someone at home, or who shares your phone or account, or who opens letters.",
            asked=BY_CONTACT,
            group="You",
        ),
        one(
            "voicemail",
            "May we leave a message if you do not answer?",
            YES_NO,
            asked=Is("contact", "method", ("call",)),
            group="You",
        ),
        one(
            "letter",
            "May the envelope show that it is from the police?",
            YES_NO,
            asked=Is("contact", "method", ("post",)),
            group="You",
        ),
        Question(
            "code",
            "Is there a word that shows it is really you?",
            (Field("word", Kind.LINE, "A word", limit=_LIMITS["line"]),),
            hint="We ask for it before we say anything. Choose one that nobody near you guesses.",
            asked=BY_CONTACT,
            group="You",
        ),
        one(
            "officer",
            "Who would you rather talk to?",
            options(RULES.tables["officer"]),
            asked=BY_CONTACT,
            group="You",
        ),
        Question(
            "language",
            "Which language should we speak?",
            (
                Field("language", Kind.LINE, "A language, if not English", limit=_LIMITS["line"]),
                Field("interpreter", Kind.ONE, "Do you want an interpreter?", options=YES_NO),
            ),
            hint="An interpreter is never someone from your family.",
            asked=BY_CONTACT,
            group="You",
        ),
        Question(
            "if_urgent",
            "When we cannot wait for your way",
            (
                Field("other", Kind.LINE, "Another way that is safe", limit=_LIMITS["line"]),
                Field(
                    "never",
                    Kind.TEXT,
                    "What we must never do, and why",
                    limit=_LIMITS["words"],
                ),
            ),
            asked=BY_CONTACT,
            group="You",
        ),
    )


WHO_TELLS = (
    one(
        "identity",
        "How do you want to tell us?",
        options(RULES.tables["identity"]),
        field="how",
        hint="If you skip this, it is without your name.",
        group="You",
    ),
    Question(
        "if_hidden",
        "What “hidden” means, and what it cannot do",
        asked=Is("identity", "how", ("hidden",)),
    ),
    Question(
        "if_anonymous",
        "What “without your name” means",
        asked=NoneOf((NAMED,)),
    ),
    *reaching(NAMED, options(RULES.tables["contact"])),
    Question(
        linking.QUESTION,
        "May we put what you tell us beside what others tell us of the same person?",
        (
            Field(
                linking.FIELD,
                Kind.ONE,
                "May we put what you tell us beside what others tell us of the same person?",
                options=(
                    Option(linking.YES, "Yes, you may put it beside theirs"),
                    Option(linking.NO, "No, keep it by itself"),
                ),
            ),
        ),
        group="You",
    ),
    Question(
        "may_contact",
        "May we contact the person it was done to?",
        (
            Field(
                "answer",
                Kind.ONE,
                "May we contact the person it was done to?",
                options=(
                    Option("yes", "Yes, it is safe"),
                    Option("no", "No, it is not safe"),
                    NOT_SURE,
                ),
            ),
            Field(
                "more",
                Kind.TEXT,
                "What must we know first? Do they know that you are telling us?",
                limit=_LIMITS["words"],
            ),
        ),
        asked=OF_OTHERS,
        group="You",
    ),
)
