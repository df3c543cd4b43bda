"""A flood never buries what is not of it, and nothing is lost."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain.flooding import LIMITS, Limits, Seen, piled, samples_needed, shape_of

FEW = Limits(shape_more_than=4, shape_stay=2, kind_more_than=9, kind_stay=5)
ARRIVED = st.lists(st.sampled_from("aabcdefghijk"), max_size=60).map(
    lambda shapes: [Seen(number, shape) for number, shape in enumerate(shapes)]
)


def in_list(seen):
    return [each for each in seen if each.arrival not in piled(seen, limits=FEW)]


@given(ARRIVED)
def test_what_does_not_flood_stays_in_the_list_whatever_else_arrives(seen):
    totals = Counter(each.shape for each in seen)
    kind = sum(min(count, FEW.shape_more_than) for count in totals.values())
    if kind > FEW.kind_more_than:
        return
    over = piled(seen, limits=FEW)
    assert not [each for each in seen if totals[each.shape] <= 4 and each.arrival in over]


@given(ARRIVED)
def test_the_list_is_never_longer_than_the_rules_allow(seen):
    listed = in_list(seen)
    assert len(listed) <= FEW.kind_more_than
    assert max(Counter(each.shape for each in listed).values(), default=0) <= FEW.shape_more_than


@given(ARRIVED)
def test_nothing_is_lost_and_the_first_stay(seen):
    over = piled(seen, limits=FEW)
    assert over <= {each.arrival for each in seen}
    assert not over & {each.arrival for each in seen[: FEW.shape_stay]}


@given(ARRIVED, st.randoms())
def test_more_arrivals_take_nothing_out_of_a_pile_and_no_order_of_reading_matters(seen, chance):
    over = piled(seen, limits=FEW)
    assert all(piled(seen[:count], limits=FEW) <= over for count in range(len(seen)))
    shuffled = list(seen)
    chance.shuffle(shuffled)
    assert piled(shuffled, limits=FEW) == over


def test_a_flood_whose_shapes_all_differ_is_one_by_its_kind():
    seen = [Seen(number, str(number)) for number in range(10)]
    assert piled(seen, limits=FEW) == set(range(5, 10))


def test_a_shape_is_what_a_slip_says_whatever_the_order_of_its_prompts():
    one = shape_of(kind="home", cell="", prompts=["kill", "left"], said=("no", "no", "yes"))
    assert one == shape_of(
        kind="home", cell="", prompts=["left", "kill", "left"], said=("no", "no", "yes")
    )
    others = [
        shape_of(kind="control", cell="", prompts=["kill", "left"], said=("no", "no", "yes")),
        shape_of(kind="home", cell="8a", prompts=["kill", "left"], said=("no", "no", "yes")),
        shape_of(kind="home", cell="", prompts=["kill"], said=("no", "no", "yes")),
        shape_of(kind="home", cell="", prompts=["kill", "left"], said=("no", "yes", "no")),
    ]
    assert len({one, *others}) == 5


def test_whoever_sets_aside_a_small_pile_has_opened_all_of_it():
    fewest = rules.load("floods").tables["samples"]["fewest"]
    assert [samples_needed(count) for count in (0, 1, fewest, 10_000)] == [0, 1, fewest, fewest]


def test_the_rules_keep_the_list_readable():
    assert 0 < LIMITS.shape_stay <= LIMITS.shape_more_than < LIMITS.kind_more_than
    assert LIMITS.kind_stay <= LIMITS.kind_more_than
