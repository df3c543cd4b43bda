"""Made-up answers to a journey, right and wrong, for the properties to hold over."""

from hypothesis import strategies as st

from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.specification import AnyOf, Field, Is, Journey, Kind, Question

DAYS = st.dates().map(lambda day: day.isoformat())
WORKED_OUT = st.sampled_from(["", "map", "words", "find", "one", "several", "yes", "0", "51.5"])


def values(field: Field) -> st.SearchStrategy[str | tuple[str, ...]]:
    """Values that a field could be given, some of which are never on offer."""
    keys = st.sampled_from([*(option.key for option in field.options), "not_on_offer"])
    match field.kind:
        case Kind.ONE:
            return keys
        case Kind.SEVERAL:
            return st.lists(keys, max_size=4).map(tuple)
        case Kind.DATE | Kind.ASKED_ON:
            return DAYS | st.just("not-a-date")
        case Kind.WORKED_OUT:
            return WORKED_OUT
        case _:
            return st.text(max_size=20)


def entries(question: Question) -> st.SearchStrategy[Entry]:
    """Entries of a question, with any of its fields, and now and then one it never had."""
    fields = {field.name: values(field) for field in question.fields}
    return st.fixed_dictionaries({}, optional={**fields, "never_asked": st.text(max_size=3)})


def whole_answers(journey: Journey) -> st.SearchStrategy[Answers]:
    """Answers to any of the questions, whether or not anything led to them."""
    given = {question.key: entries(question) for question in journey.questions}
    return st.fixed_dictionaries(
        {}, optional={**given, "no_such_question": st.just({"a": "b"})}
    ).map(Answers)


def filling(question: Question) -> Entry:
    """The least that a question takes: nothing, or something in each field it may need."""
    return {
        name: next((option.key for option in question.field(name).options), "51.5")
        for name in question.needs
    }


def leading_to(journey: Journey, key: str) -> Answers:
    """The fewest answers under which a question is put."""
    match journey.question(key).asked:
        case Is() as wanted:
            pass
        case AnyOf(conditions):
            wanted = conditions[0]
        case _:
            return Answers()
    field = journey.question(wanted.question).field(wanted.field)
    value = wanted.values[:1] if field.kind is Kind.SEVERAL else wanted.values[0]
    before = leading_to(journey, wanted.question)
    return before.putting(wanted.question, {wanted.field: value})
