"""The journey for a place that feels unsafe: its questions, with lists from the rules."""

from __future__ import annotations

from safehold.domain.journey.ruled import NOT_SURE, RATHER_NOT, YES_NO, options, own_words
from safehold.domain.journey.specification import (
    Always,
    AnyOf,
    Field,
    Is,
    Journey,
    Kind,
    Option,
    Question,
)
from safehold.rules import load

RULES = load("unsafe_places")

SEARCH_LIMIT = 120
WORDS_LIMIT = 1_000

_ABOUT_YOU = (
    ("age", "How old are you?"),
    ("sex", "What is your sex?"),
    ("gender", "How would you describe your gender?"),
    ("ethnicity", "What is your ethnic group?"),
    ("religion", "What is your religion?"),
    ("orientation", "What is your sexual orientation?"),
    ("health", "Do you have an illness or disability that has lasted a year, or will?"),
)


def _ruled(name: str) -> tuple[Option, ...]:
    return options(RULES.tables[name])


def _worked_out(name: str, *, shown: bool = False) -> Field:
    return Field(name, Kind.WORKED_OUT, name, shown=shown)


def _position(*, shown: bool) -> tuple[Field, ...]:
    return (
        _worked_out("label", shown=shown),
        *(_worked_out(name) for name in ("lon", "lat", "metres", "kind")),
    )


_FIRST = (
    Question(
        key="now",
        heading="Is anyone in danger right now?",
        fields=(
            Field(
                "danger",
                Kind.ONE,
                "Is anyone in danger right now?",
                options=(*YES_NO, NOT_SURE),
            ),
        ),
        group="Now",
    ),
    Question(
        key="call",
        heading="Call 999 if you can",
        asked=Is("now", "danger", ("yes", "not_sure")),
    ),
    Question(
        key="happened",
        heading="Did someone do something to you there?",
        hint="Touched you, hurt you, threatened you, or anything you did not want. This form is "
        "about the place; the next page shows who you can tell about that.",
        fields=(
            Field(
                "to_you",
                Kind.ONE,
                "Did someone do something to you there?",
                options=(*YES_NO, RATHER_NOT),
            ),
        ),
        group="Now",
    ),
    Question(
        key="works",
        heading="Does the person who did it work for the police or a partner agency?",
        hint="A partner agency is one that works with the police, such as a council, a hospital or "
        "a refuge. If you say yes, or that you are not sure, only professional standards can open "
        "this report: the department that looks into the police’s own people. The same holds if a "
        "name in it may be that of one of our staff, or of someone close to them: a program "
        "compares names before anyone reads it. Otherwise the unit reads it.",
        asked=Is("happened", "to_you", ("yes",)),
        fields=(
            Field(
                "party",
                Kind.ONE,
                "Does the person who did it work for the police or a partner agency?",
                options=_ruled("party"),
            ),
        ),
        group="Now",
    ),
    Question(
        key="other_way",
        heading="You can tell someone about that too",
        asked=Is("happened", "to_you", ("yes",)),
    ),
)

WHEREABOUTS = (
    Question(
        key="where",
        heading="Where is the place?",
        hint="A postcode, a street or a town. To tell streets of one name apart, put the town "
        "after a comma. This is the one question we need an answer to.",
        fields=(
            Field(
                "find",
                Kind.LINE,
                "A postcode, a street or a town",
                limit=SEARCH_LIMIT,
                shown=False,
            ),
            _worked_out("how"),
            _worked_out("matches"),
            _worked_out("rough"),
            *_position(shown=True),
        ),
        needs=("how",),
        missing="Type a postcode, a street or a town, or choose another way to tell us.",
        needed=Always(),
        group="The place",
    ),
    Question(
        key="which",
        heading="Which of these is it?",
        asked=Is("where", "matches", ("several",)),
        fields=(_worked_out("pick"), _worked_out("rough"), *_position(shown=True)),
        needs=("pick",),
        missing="Choose one of these, or choose another way to tell us.",
        needed=Always(),
        follows=("where",),
        group="The place",
    ),
    Question(
        key="point",
        heading="Show the place on the map",
        asked=AnyOf(
            (
                Is("where", "how", ("map",)),
                Is("which", "pick", ("map",)),
                Is("where", "rough", ("yes",)),
                Is("which", "rough", ("yes",)),
            )
        ),
        fields=(
            *_position(shown=True),
            *(_worked_out(name) for name in ("centre_lon", "centre_lat", "across")),
        ),
        needs=("lon", "lat"),
        missing="Choose a point on the map, or choose another way to tell us.",
        needed=AnyOf((Is("where", "how", ("map",)), Is("which", "pick", ("map",)))),
        follows=("where", "which"),
        group="The place",
    ),
    Question(
        key="words",
        heading="Where exactly is it, in your own words?",
        hint="The bus stop, the path behind the shop, which end of the car park.",
        fields=(Field("text", Kind.TEXT, "In your own words", limit=WORDS_LIMIT),),
        needs=("text",),
        missing="Say in a few words where the place is, so that someone can find it.",
        needed=AnyOf((Is("where", "how", ("words",)), Is("which", "pick", ("words",)))),
        group="The place",
    ),
)

_REASONS = (
    Question(
        key="around",
        heading="What about the place feels unsafe?",
        hint="Choose as many as you like.",
        fields=(
            Field("reasons", Kind.SEVERAL, "The place", options=_ruled("environment")),
            own_words(WORDS_LIMIT),
        ),
        group="What it is like",
    ),
    Question(
        key="people",
        heading="Did what people do there feel unsafe?",
        hint="Choose as many as you like. None of it needs to be a crime.",
        fields=(
            Field("reasons", Kind.SEVERAL, "People", options=_ruled("behaviour")),
            own_words(WORDS_LIMIT),
        ),
        group="What it is like",
    ),
    Question(
        key="still",
        heading="Is someone following you now?",
        asked=Is("people", "reasons", ("followed",)),
        fields=(
            Field("following", Kind.ONE, "Is someone following you now?", options=_ruled("still")),
        ),
        group="What it is like",
    ),
    Question(
        key="call_again",
        heading="Call 999 if you can",
        asked=Is("still", "following", ("now",)),
    ),
)

_TIMES = (
    Question(
        key="when",
        heading="When did it feel unsafe?",
        hint="The last time, if it was more than once. Roughly is fine.",
        fields=(
            Field("when", Kind.ONE, "When did it feel unsafe?", options=_ruled("when")),
            Field("asked_on", Kind.ASKED_ON, "Asked on", shown=False),
        ),
        group="When",
    ),
    Question(
        key="date",
        heading="What date was it?",
        hint="For example, 27 3 2026.",
        asked=Is("when", "when", ("date",)),
        fields=(Field("date", Kind.DATE, "Date"),),
        group="When",
    ),
    Question(
        key="days",
        heading="Which days of the week?",
        hint="Choose as many as you like.",
        asked=Is("when", "when", ("this_week", "longer_ago", "often")),
        fields=(Field("days", Kind.SEVERAL, "Days", options=_ruled("days")),),
        group="When",
    ),
    Question(
        key="part",
        heading="At what time of day?",
        hint="Choose as many as you like.",
        fields=(Field("parts", Kind.SEVERAL, "Time of day", options=_ruled("parts_of_day")),),
        group="When",
    ),
    Question(
        key="changed",
        heading="Have you changed anything because of it?",
        hint="Choose as many as you like.",
        fields=(
            Field("changes", Kind.SEVERAL, "Changes", options=_ruled("changes")),
            own_words(WORDS_LIMIT),
        ),
        group="Since then",
    ),
)


def about_you(why: str) -> tuple[Question, ...]:
    """Give the questions about the person who answers; `why` says what they are for."""
    gate = Question(
        key="about_you",
        heading="Will you answer seven short questions about yourself?",
        hint="Age, sex, gender, ethnic group, religion, sexual orientation, illness or disability. "
        f"{why} Each has “I would rather not say”.",
        fields=(
            Field(
                "ask",
                Kind.ONE,
                "Will you answer seven short questions about yourself?",
                options=(Option("yes", "Yes"), Option("no", "No, leave them out")),
            ),
        ),
        group="About you",
    )
    return gate, *(
        Question(
            key=f"you_{name}",
            heading=heading,
            asked=Is("about_you", "ask", ("yes",)),
            fields=(
                Field(
                    "answer",
                    Kind.ONE,
                    heading,
                    options=(*options(RULES.tables["about_you"][name]), RATHER_NOT),
                ),
            ),
            group="About you",
        )
        for name, heading in _ABOUT_YOU
    )


PLACE = Journey(
    key="place",
    version=RULES.version,
    questions=(
        *_FIRST,
        *WHEREABOUTS,
        *_REASONS,
        *_TIMES,
        *about_you("They show who a place is unsafe for."),
    ),
)
TIMES = {question.key: question for question in _TIMES}
ABOUT_YOU_KEYS = tuple(f"you_{name}" for name, _ in _ABOUT_YOU)
