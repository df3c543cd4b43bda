"""The journey for what was done to somebody: its questions, with lists from the rules.

The one who tells may be the one it was done to, someone who knows, a witness or a professional;
so a question says "the person it was done to", and never which sex anybody has. Nothing has to be
answered.
"""

from __future__ import annotations

from dataclasses import replace

from safehold.domain.journey import place_questions
from safehold.domain.journey.place_questions import WHEREABOUTS, about_you
from safehold.domain.journey.reporter_questions import BY_CONTACT, OF_OTHERS, RULES, WHO_TELLS
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
    AnyOf,
    Is,
    Journey,
    Never,
    NoneOf,
    Option,
    Question,
)

_LIMITS = RULES.tables["limits"]
OPEN_PLACES = ("street", "venue", "transport")

_FIRST = (
    one(
        "now",
        "Is anyone in danger right now?",
        (*YES_NO, NOT_SURE),
        field="danger",
        group="Now",
    ),
    Question("call", "Call 999 if you can", asked=Is("now", "danger", ("yes", "not_sure"))),
    one(
        "who_for",
        "What do you want to tell us about?",
        options(RULES.tables["who_for"]),
        field="who",
        group="Now",
    ),
    one(
        "young",
        "Are you under 18?",
        (*YES_NO, RATHER_NOT),
        asked=NoneOf((Is("who_for", "who", ("professional",)),)),
        group="Now",
    ),
    Question("if_young", "If you are under 18", asked=Is("young", "answer", ("yes", "rather_not"))),
    one(
        "young_other",
        "Is the person it was done to under 18?",
        (*YES_NO, NOT_SURE),
        asked=OF_OTHERS,
        group="Now",
    ),
    Question(
        "if_child", "If it is about a child", asked=Is("young_other", "answer", ("yes", "not_sure"))
    ),
    one(
        "works",
        "Does the person who did it work for the police or a partner agency?",
        options(place_questions.RULES.tables["party"]),
        field="party",
        hint="A partner agency is one that works with the police, such as a council, a hospital or "
        "a refuge. If you say yes, or that you are not sure, only professional standards can open "
        "this report: the department that looks into the police’s own people. The same holds if a "
        "name in it may be that of one of our staff, or of someone close to them: a program "
        "compares names before anyone reads it. Otherwise the unit reads it.",
        group="Now",
    ),
    Question(
        "if_police",
        "Who reads this, and who else you can tell",
        asked=Is("works", "party", ("yes", "not_sure")),
    ),
    several("about", "What is it about?", options(RULES.tables["about"]), group="Now"),
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

_HAPPENED = (
    words(
        "victim",
        "Who was it done to, and how can they be found?",
        hint="A name, an age, a school or where they may be. Whatever you know. " + NAMES_COMPARED,
        limit=_LIMITS["words"],
        asked=OF_OTHERS,
        group="What happened",
    ),
    words(
        "what",
        "What happened?",
        hint="In your own words, as much or as little as you like. It need not be in order, and it "
        "need not be everything. A person reads these words, and that may be later. The sure way "
        "to have a report put first is what you tick: if there is a sign of danger, tick it too "
        "where a page asks.",
        limit=_LIMITS["account"],
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
        one(
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
        replace(which, group="Where", needs=(), needed=Never()),
        replace(point, group="Where", needs=(), needed=Never()),
        replace(
            words,
            needs=(),
            needed=Never(),
            heading="Where was it, in your own words?",
            hint="The name of a place, or what is near it. For a home, a town is enough; give the "
            "address if someone there needs help.",
            asked=Is(
                "place",
                "kind",
                (
                    "home",
                    "other_home",
                    "work_study",
                    *OPEN_PLACES,
                    "vehicle",
                    "several",
                    "elsewhere",
                ),
            ),
            group="Where",
        ),
    )


_RESPONSIBLE = (
    one(
        "who",
        "Who did it?",
        options(RULES.tables["who"]),
        field="who",
        hint="Think of how they are known to the person it was done to.",
        group="Who did it",
    ),
    one(
        "lives",
        "Does whoever did it live in the same home?",
        (
            Option("yes", "Yes"),
            Option("sometimes", "Sometimes"),
            Option("no", "No"),
            RATHER_NOT,
        ),
        asked=Is("who", "who", ("partner", "ex", "family", "known", "several")),
        group="Who did it",
    ),
    words(
        "person",
        "What do you know about whoever did it?",
        hint="A name, an age, what they look like, where they may be, a vehicle, accounts online. "
        "Whatever you know. " + NAMES_COMPARED,
        limit=_LIMITS["words"],
        group="Who did it",
    ),
    several("risk", "Is any of this true?", options(RULES.tables["risk"]), group="Who did it"),
    one(
        "hurt",
        "Was anyone hurt?",
        options(RULES.tables["hurt"]),
        field="hurt",
        group="What happened",
    ),
    Question(
        "doctor",
        "See a doctor",
        asked=AnyOf((Is("hurt", "hurt", ("now",)), Is("risk", "risk", ("strangled",)))),
    ),
)

_CHILDREN = (
    one(
        "children",
        "Do children live with them, or did any see or hear it?",
        (*YES_NO, NOT_SURE, RATHER_NOT),
        group="Children",
    ),
    words(
        "children_about",
        "What should we know about the children?",
        hint="How many, how old, where they are now. Names only if you want to give them.",
        limit=_LIMITS["words"],
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
    several(
        "evidence",
        "Is there anything that shows what happened?",
        options(RULES.tables["evidence"]),
        hint="You need none to tell us. Do not put yourself in danger, or wait, to collect any.",
        more=own_words(_LIMITS["words"], "Anything we should know about it"),
        group="What else",
    ),
    Question(
        "files",
        "Do you want to send any of it?",
        asked=Is("evidence", "evidence", ("messages", "pictures", "medical", "cameras")),
    ),
    several(
        "wish",
        "What would you like to happen?",
        options(RULES.tables["wish"]),
        more=own_words(_LIMITS["words"], "Anything else that you want or do not want"),
        group="What else",
    ),
    one(
        "share",
        "May we give your name and safe contact to a support service?",
        (
            Option("yes", "Yes"),
            Option("talk", "Talk to me first"),
            Option("no", "No"),
        ),
        hint="A service that is not the police, so that it can offer help.",
        asked=BY_CONTACT,
        group="What else",
    ),
    several(
        "needs",
        "Do you need anything from us?",
        options(RULES.tables["needs"]),
        more=own_words(_LIMITS["words"], "What else helps"),
        group="What else",
    ),
)

HARM = Journey(
    key="harm",
    version=RULES.version,
    questions=(
        *_FIRST,
        *WHO_TELLS,
        *_HAPPENED,
        *_times(),
        *_places(),
        *_RESPONSIBLE,
        *_CHILDREN,
        *_MORE,
        *about_you("They show whom we reach, and whom we fail."),
    ),
)
