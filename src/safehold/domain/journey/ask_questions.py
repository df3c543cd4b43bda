"""The journey for a question about someone's past: Clare's Law, Right to Ask and Right to Know.

With a name only: an answer is told in person, to someone whose identity was checked.
"""

from __future__ import annotations

from safehold.domain.journey import place_questions, reporter_questions
from safehold.domain.journey.reporter_questions import reaching
from safehold.domain.journey.ruled import (
    NAMES_COMPARED,
    NOT_SURE,
    RATHER_NOT,
    YES_NO,
    one,
    options,
    own_words,
    several,
    words,
)
from safehold.domain.journey.specification import (
    Always,
    Field,
    Is,
    Journey,
    Kind,
    Option,
    Question,
)
from safehold.rules import load

RULES = load("dvds")
_HARM = reporter_questions.RULES.tables
_LIMITS = RULES.tables["limits"]
_FOR_OTHERS = Is("who_asks", "who", ("someone", "professional"))
# Whoever asks is met in person, so "do not contact me" is no answer here.
_WAYS = tuple(way for way in options(_HARM["contact"]) if way.key != "none")


def _line(name: str, label: str, hint: str = "") -> Field:
    return Field(name, Kind.LINE, label, hint=hint, limit=_LIMITS["line"])


_FIRST = (
    one(
        "now",
        "Is anyone in danger right now?",
        (*YES_NO, NOT_SURE),
        field="danger",
        group="Now",
    ),
    Question("call", "Call 999 if you can", asked=Is("now", "danger", ("yes", "not_sure"))),
    Question("not_a_report", "What this form is, and what it is not"),
    one(
        "who_asks",
        "Whose partner do you ask about?",
        options(RULES.tables["who_asks"]),
        field="who",
        group="Now",
    ),
    Question("for_others", "If you ask for somebody else", asked=_FOR_OTHERS),
    one("young", "Are you under 16?", (*YES_NO, RATHER_NOT), group="Now"),
    Question("if_under_16", "If you are under 16", asked=Is("young", "answer", ("yes",))),
    one(
        "works",
        "Does the person you ask about work for the police or a partner agency?",
        options(place_questions.RULES.tables["party"]),
        field="party",
        hint="A partner agency is one that works with the police, such as a council, a hospital or "
        "a refuge. If you say yes, or that you are not sure, only professional standards can open "
        "this: the department that looks into the police’s own people. The same holds if a name in "
        "it may be that of one of our staff, or of someone close to them: a program compares names "
        "before anyone reads it.",
        group="Now",
    ),
)

_ASKED_ABOUT = (
    Question(
        "subject",
        "Who is the person you ask about?",
        (
            _line("name", "Full name"),
            _line("other_names", "Other names, now or earlier"),
            _line("born", "Date of birth, or about how old"),
        ),
        hint="Whatever you know. The name is what we need most. " + NAMES_COMPARED,
        needs=("name",),
        needed=Always(),
        missing="Give the name of the person you ask about, or as much of it as you know.",
        group="The person you ask about",
    ),
    Question(
        "lived",
        "Where do they live, and where have they lived?",
        (
            _line("now", "Where they live now"),
            own_words(_LIMITS["words"], "Where they lived in the last five years"),
        ),
        hint="A town is better than nothing.",
        group="The person you ask about",
    ),
    one(
        "relation",
        "How are the two of them together?",
        options(RULES.tables["relation"]),
        field="how",
        hint="The person you ask about, and the one who may be in danger.",
        group="The person you ask about",
    ),
    one(
        "lives",
        "Do the two live in the same home?",
        (
            Option("yes", "Yes"),
            Option("sometimes", "Sometimes"),
            Option("no", "No"),
            RATHER_NOT,
        ),
        group="The person you ask about",
    ),
    one(
        "children",
        "Do children live there, or visit?",
        (*YES_NO, NOT_SURE, RATHER_NOT),
        group="Children",
    ),
    words(
        "children_about",
        "What should we know about the children?",
        hint="How many, how old, where they are now.",
        limit=_LIMITS["words"],
        asked=Is("children", "answer", ("yes", "not_sure")),
        group="Children",
    ),
    Question(
        "if_children",
        "What we do where there are children",
        asked=Is("children", "answer", ("yes", "not_sure")),
    ),
    words(
        "why",
        "What makes you ask?",
        hint="Something that happened, something you heard, a feeling. If it was a crime, we have "
        "to record it.",
        limit=_LIMITS["words"],
        group="Why",
    ),
    several("risk", "Is any of this true?", options(_HARM["risk"]), group="Why"),
)

_WHO_MAY_BE_IN_DANGER = (
    Question(
        "at_risk",
        "Who may be in danger?",
        (
            _line("name", "Their name"),
            _line("to", "How we could reach them safely"),
            Field(
                "knows",
                Kind.ONE,
                "Do they know that you are asking?",
                options=(*YES_NO, NOT_SURE),
            ),
        ),
        hint="If anything can be told, it is told to whoever can best protect them: often to them, "
        "and not to you. " + NAMES_COMPARED,
        asked=_FOR_OTHERS,
        group="Who may be in danger",
    ),
)

_YOU = (
    *reaching(Always(), _WAYS, needed=True),
    Question(
        "born",
        "When were you born, and where do you live?",
        (_line("date", "Date of birth"), _line("address", "Address")),
        hint="So that we can check who you are. You show it when we meet.",
        group="You",
    ),
    Question("proof", "When we meet"),
    several(
        "needs",
        "Do you need anything from us?",
        options(_HARM["needs"]),
        more=own_words(_LIMITS["words"], "Which language, or what else helps"),
        group="You",
    ),
)

ASK = Journey(
    key="ask",
    version=RULES.version,
    questions=(
        *_FIRST,
        *_ASKED_ABOUT,
        *_WHO_MAY_BE_IN_DANGER,
        *_YOU,
        *place_questions.about_you("They show who gets an answer, and who does not."),
    ),
)
