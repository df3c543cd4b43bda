"""What may be passed on: only what was ticked, never without a basis, never after a no."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import sharing
from safehold.domain.contact_profile import Details, Terms
from safehold.domain.journey.harm import HARM
from safehold.domain.journey.place_questions import ABOUT_YOU_KEYS
from safehold.domain.journey.reporter_questions import IDENTITY_KEYS
from safehold.domain.sharing import CONTACT, NAME, Eyes, NotShared, Parcel, Part
from safehold.records.shares.models import WITHOUT_AGREEMENT

CONTACT_OF = (
    Terms(method="call", seen="yes"),
    Details(name="Zanzibar Quill", to="07700 900123", code="marmalade", never="Come to the door"),
)
KEYS = [question.key for question in HARM.questions]
words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)
answers = st.dictionaries(st.sampled_from(KEYS), words, max_size=12)


def parts_of(told: dict[str, str]) -> list[Part]:
    return [Part(key, f"Question {key}", (("", (said,)),)) for key, said in told.items()]


def parcel(parts: tuple[Part, ...], **changes: str) -> Parcel:
    given_words = {"purpose": "A safe room", "told": "That we ask", "agency": "Lantern"}
    return Parcel(
        reference="S-2222-3333",
        made_on=date(2026, 11, 28),
        sender="A force",
        return_to="101",
        basis=sharing.bases()["vital"],
        parts=parts,
        **{**given_words, **changes},
    )


def as_data(text: str) -> dict:
    return json.loads(text.partition(f"\n{sharing.JSON_BEGINS}\n")[2])


@given(answers, st.data())
def test_whatever_is_ticked_nothing_unticked_goes(told, data):
    marked = {key: f"zq{number}qz {said}" for number, (key, said) in enumerate(told.items())}
    offered = sharing.offered(parts_of(marked), contact=CONTACT_OF)
    keys = [part.key for part in offered]
    ticked = data.draw(st.sets(st.sampled_from(keys), min_size=1))
    chosen = sharing.chosen(offered, ticked)
    text = sharing.written(parcel(chosen))
    assert [part["key"] for part in as_data(text)["parts"]] == [k for k in keys if k in ticked]
    for key, said in marked.items():
        assert (said.split(" ", 1)[0] in text) is (key in ticked and key in keys), key
    assert ("Zanzibar" in text) is (NAME in ticked)
    assert ("900123" in text) is (CONTACT in ticked)
    assert "marmalade" not in text


@given(answers, st.booleans())
def test_what_names_them_is_never_an_answer_by_itself(told, named):
    contact = CONTACT_OF if named else None
    keys = {part.key for part in sharing.offered(parts_of(told), contact=contact)}
    assert not keys & {*IDENTITY_KEYS, *ABOUT_YOU_KEYS, "share", "identity", "code"}
    assert bool(keys & {NAME, CONTACT}) is named


def test_what_must_never_be_done_goes_with_every_way_to_reach_them():
    offered = sharing.offered([], contact=CONTACT_OF)
    text = sharing.written(parcel(sharing.chosen(offered, {CONTACT})))
    assert text.index("Come to the door") < text.index("900123")


@given(answers, st.sets(words, max_size=3))
def test_what_is_not_offered_cannot_be_ticked(told, ticked):
    offered = sharing.offered(parts_of(told), contact=None)
    if not ticked or ticked - {part.key for part in offered}:
        with pytest.raises(NotShared):
            sharing.chosen(offered, ticked)


def test_two_answers_under_one_key_are_not_offered():
    twice = [Part("what", "What?", (("", ("one",)),)), Part("what", "What?", (("", ("two",)),))]
    assert sharing.offered(twice, contact=None) == ()


@given(words)
def test_no_words_of_theirs_can_look_like_a_line_of_ours(said):
    forged = f"a\n{sharing.JSON_BEGINS}\n{{}}\r{said}"
    part = Part("what", forged, ((forged, (forged,)),))
    text = sharing.written(parcel((part,), purpose=forged, told=forged))
    lines = text.split("\n")
    assert lines.count(sharing.JSON_BEGINS) == 1
    assert as_data(text)["parts"][0]["said"][0]["words"] == [forged]


@given(st.text(max_size=20))
def test_nothing_is_shared_without_a_basis_of_the_rules(key):
    if key not in sharing.bases():
        with pytest.raises(NotShared, match="basis"):
            sharing.basis_of(key)


def test_what_a_basis_needs_has_to_be_said():
    for basis in sharing.bases().values():
        said = {one.key: "A few words" for one in basis.states}
        assert sharing.stated(basis, said) == said
        for one in basis.states:
            without = {**said, one.key: " "}
            if one.optional:
                assert sharing.stated(basis, without)[one.key] == ""
            else:
                with pytest.raises(NotShared) as refused:
                    sharing.stated(basis, without)
                assert refused.value.field == one.key


@given(
    st.sampled_from(["", "yes", "talk", "no"]),
    st.sampled_from(sorted(sharing.kinds())),
    st.sets(st.sampled_from([NAME, CONTACT, "what", "children"]), min_size=1),
    st.sampled_from(["", "  ", "By telephone this morning"]),
)
def test_a_yes_covers_what_was_asked_and_a_no_everything(answer, kind, ticked, how):
    covered = answer == "yes" and kind in {"idva", "isva", "refuge"} and ticked <= {NAME, CONTACT}
    allowed = answer != "no" and (covered or bool(how.strip()))
    try:
        sharing.must_have_agreed(answer=answer, agency_kind=kind, ticked=ticked, how_agreed=how)
    except NotShared:
        assert not allowed
    else:
        assert allowed


def test_the_database_holds_the_bases_to_the_eyes_that_the_rules_want():
    alone = {key for key, basis in sharing.bases().items() if basis.eyes is not Eyes.BEFORE}
    assert alone == set(WITHOUT_AGREEMENT)
    assert {key for key, basis in sharing.bases().items() if basis.eyes is Eyes.AFTER} == {"vital"}


def test_a_part_is_named_by_its_question_and_by_nothing_that_was_said():
    assert sharing.question_of("what") == "What happened?"
    assert sharing.question_of(NAME) == "Who told us"
    assert sharing.question_of("gone-since") == "gone-since"


@given(answers)
def test_the_fingerprint_is_that_of_the_words(told):
    parts = parts_of(told)
    assert sharing.fingerprint(parts) == sharing.fingerprint(list(parts))
    if parts:
        assert sharing.fingerprint(parts) != sharing.fingerprint(parts[1:])
