"""The journey for what was done to somebody: its questions, with lists from the rules.

The one who tells may be the one it was done to, someone who knows, a witness or a professional;
so a question says "the person it was done to", and never which sex anybody has. Nothing has to be
answered.
"""

from __future__ import annotations

from dataclasses import replace

from safehold.domain.journey import place_questions
from safehold.domain.journey.place_questions import WHEREABOUTS, about_you
from safehold.domain.journey.ruled import NOT_SURE, RATHER_NOT, YES_NO, options
from safehold.domain.journey.specification import (
    AnyOf,
    Condition,
    Field,
    Is,
    Journey,
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
OPEN_PLACES = ("street", "venue", "transport")
# What is sealed apart from the account where somebody asked for it: who she is, how to reach her.
IDENTITY_KEYS = ("name", "contact", "contact_when", "contact_seen", "voicemail", "letter", "code")

_OF_OTHERS = Is("who_for", "who", OTHERS)
_NAMED = Is("identity", "how", WITH_A_NAME)
_BY_CONTACT = Is("contact", "method", REACHABLE)


def _one(
    key: str,
    heading: str,
    choices: tuple[Option, ...],
    *,
    group: str,
    field: str = "answer",
    hint: str = "",
    asked: Condition | None = None,
) -> Question:
    fields = (Field(field, Kind.ONE, heading, options=choices),)
    made = Question(key, heading, fields, hint=hint, group=group)
    return made if asked is None else replace(made, asked=asked)


def _several(key: str, heading: str, *, group: str, hint: str = "", more: str = "") -> Question:
    fields = [Field(key, Kind.SEVERAL, heading, options=options(RULES.tables[key]))]
    if more:
        fields.append(Field("more", Kind.TEXT, more, limit=_LIMITS["words"]))
    said = f"{hint} Choose as many as you like.".strip()
    return Question(key, heading, tuple(fields), hint=said, group=group)


def _words(
    key: str,
    heading: str,
    *,
    group: str,
    hint: str = "",
    limit: str = "words",
    asked: Condition | None = None,
) -> Question:
    made = Question(
        key,
        heading,
        (Field("text", Kind.TEXT, heading, limit=_LIMITS[limit]),),
        hint=hint,
        group=group,
    )
    return made if asked is None else replace(made, asked=asked)


_FIRST = (
    _one(
        "now",
        "Is anyone in danger right now?",
        (*YES_NO, NOT_SURE),
        field="danger",
        group="Now",
    ),
    Question("call", "Call 999 if you can", asked=Is("now", "danger", ("yes", "not_sure"))),
    _one(
        "who_for",
        "What do you want to tell us about?",
        options(RULES.tables["who_for"]),
        field="who",
        group="Now",
    ),
    _one(
        "young",
        "Are you under 18?",
        (*YES_NO, RATHER_NOT),
        asked=NoneOf((_OF_OTHERS,)),
        group="Now",
    ),
    Question("if_young", "If you are under 18", asked=Is("young", "answer", ("yes",))),
    _one(
        "young_other",
        "Is the person it was done to under 18?",
        (*YES_NO, NOT_SURE),
        asked=_OF_OTHERS,
        group="Now",
    ),
    Question(
        "if_child", "If it is about a child", asked=Is("young_other", "answer", ("yes", "not_sure"))
    ),
    _one(
        "works",
        "Does the person who did it work for the police or a partner agency?",
        options(place_questions.RULES.tables["party"]),
        field="party",
        hint="A partner agency is one that works with the police, such as a council, a hospital or "
        "a refuge. If you say yes, or that you are not sure, only professional standards can open "
        "this report: the department that looks into the police’s own people. Otherwise the unit "
        "reads it.",
        group="Now",
    ),
    _several("about", "What is it about?", group="Now"),
    Question(
        "soon",
        "What cannot wait",
        asked=Is(
            "about",
            "about",
            ("home", "control", "sexual", "stalking", "honour", "spiking", "exposure", "online"),
        ),
    ),
    Question("support", "People who can help, with or without the police"),
)

_WHO_TELLS = (
    _one(
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
        asked=NoneOf((_NAMED,)),
    ),
    Question(
        "name",
        "What is your name?",
        (Field("name", Kind.LINE, "Your name", limit=_LIMITS["line"]),),
        asked=_NAMED,
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
                options=options(RULES.tables["contact"]),
            ),
            Field(
                "to",
                Kind.LINE,
                "The number or address, or whom to ask",
                limit=_LIMITS["line"],
            ),
        ),
        hint="Choose what nobody else sees or hears.",
        asked=_NAMED,
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
                "more",
                Kind.TEXT,
                "Days, or times when we must not",
                limit=_LIMITS["words"],
            ),
        ),
        hint="Choose as many as you like.",
        asked=_BY_CONTACT,
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
            Field("more", Kind.TEXT, "Who, and what they must not know", limit=_LIMITS["words"]),
        ),
        hint="Someone at home, or who shares your phone or account, or who opens letters.",
        asked=_BY_CONTACT,
        group="You",
    ),
    _one(
        "voicemail",
        "May we leave a message if you do not answer?",
        YES_NO,
        asked=Is("contact", "method", ("call",)),
        group="You",
    ),
    _one(
        "letter",
        "May our name be on the envelope?",
        YES_NO,
        asked=Is("contact", "method", ("post",)),
        group="You",
    ),
    Question(
        "code",
        "Is there a word that shows it is really you?",
        (Field("word", Kind.LINE, "A word", limit=_LIMITS["line"]),),
        hint="We ask for it before we say anything. Choose one that nobody near you would guess.",
        asked=_BY_CONTACT,
        group="You",
    ),
    _one(
        "officer",
        "Whom would you rather talk to?",
        options(RULES.tables["officer"]),
        asked=_BY_CONTACT,
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
        asked=_OF_OTHERS,
        group="You",
    ),
)

_HAPPENED = (
    _words(
        "what",
        "What happened?",
        hint="In your own words, as much or as little as you like. It need not be in order, and it "
        "need not be everything.",
        limit="account",
        group="What happened",
    ),
)


def _times() -> tuple[Question, ...]:
    heading = "When did it happen?"
    asked = place_questions.TIMES
    when = replace(
        asked["when"],
        heading=heading,
        fields=tuple(
            replace(each, label=heading) if each.name == "when" else each
            for each in asked["when"].fields
        ),
    )
    return when, asked["date"], asked["days"], asked["part"]


def _places() -> tuple[Question, ...]:
    where, which, point, words = WHEREABOUTS
    in_the_open = Is("place", "kind", OPEN_PLACES)
    return (
        _one(
            "place",
            "Where did it happen?",
            options(RULES.tables["where"]),
            field="kind",
            group="Where",
        ),
        replace(
            where,
            hint="A postcode, a street or a town. To tell streets of one name apart, put the town "
            "after a comma.",
            asked=in_the_open,
            needs=(),
            needed=Never(),
            group="Where",
        ),
        replace(which, group="Where"),
        replace(point, group="Where"),
        replace(
            words,
            heading="Where was it, in your own words?",
            hint="The name of a place, or what is near it. No address of a home is needed.",
            asked=Is(
                "place",
                "kind",
                ("work_study", *OPEN_PLACES, "vehicle", "several", "elsewhere"),
            ),
            group="Where",
        ),
    )


_RESPONSIBLE = (
    _one(
        "who",
        "Who did it?",
        options(RULES.tables["who"]),
        field="who",
        hint="Seen from the person it was done to.",
        group="Who did it",
    ),
    _one(
        "lives",
        "Do they live in the same home?",
        (
            Option("yes", "Yes"),
            Option("sometimes", "Sometimes"),
            Option("no", "No"),
            RATHER_NOT,
        ),
        asked=Is("who", "who", ("partner", "ex", "family", "known", "several")),
        group="Who did it",
    ),
    _words(
        "person",
        "What do you know about whoever did it?",
        hint="A name, an age, what they look like, where they may be, a vehicle, accounts online. "
        "Whatever you know.",
        group="Who did it",
    ),
    _several("risk", "Is any of this true?", group="Who did it"),
    _one(
        "hurt",
        "Was anyone hurt?",
        options(RULES.tables["hurt"]),
        field="hurt",
        hint="On the body, or in another way.",
        group="What happened",
    ),
    Question(
        "doctor",
        "See a doctor",
        asked=AnyOf((Is("hurt", "hurt", ("now",)), Is("risk", "risk", ("strangled",)))),
    ),
)

_CHILDREN = (
    _one(
        "children",
        "Do children live there, or did any see or hear it?",
        (*YES_NO, NOT_SURE, RATHER_NOT),
        group="Children",
    ),
    _words(
        "children_about",
        "What should we know about the children?",
        hint="How many, how old, where they are now. Names only if you want to give them.",
        asked=Is("children", "answer", ("yes", "not_sure")),
        group="Children",
    ),
    Question(
        "if_children",
        "What we do where there are children",
        asked=Is("children", "answer", ("yes", "not_sure")),
    ),
)

_MORE = (
    _several(
        "evidence",
        "Is there anything that shows what happened?",
        hint="You need none to tell us. Do not put yourself in danger, or wait, to collect any.",
        more="Anything we should know about it",
        group="What else",
    ),
    _several(
        "wish",
        "What would you like to happen?",
        hint="You can change your mind later.",
        more="Anything else that you want or do not want",
        group="What else",
    ),
    _one(
        "share",
        "May we give your name and safe contact to a support service?",
        (
            Option("yes", "Yes"),
            Option("talk", "Talk to me first"),
            Option("no", "No"),
        ),
        hint="A service that is not the police, so that it can offer help.",
        asked=_BY_CONTACT,
        group="What else",
    ),
    _several(
        "needs",
        "Do you need anything from us?",
        more="Which language, or what else helps",
        group="What else",
    ),
)

HARM = Journey(
    key="harm",
    version=RULES.version,
    questions=(
        *_FIRST,
        *_WHO_TELLS,
        *_HAPPENED,
        *_times(),
        *_places(),
        *_RESPONSIBLE,
        *_CHILDREN,
        *_MORE,
        *about_you("They show whom we reach, and whom we fail."),
    ),
)
