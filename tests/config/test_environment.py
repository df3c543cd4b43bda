"""What the environment leaves unsaid follows from what it says."""

from pathlib import Path

import pytest

from safehold.config.environment import BadEnvironment, read
from tests.servers import ROOT

INVENTED, REAL = (str(ROOT / "forces" / f"{key}.toml") for key in ("mereshire", "hertfordshire"))


@pytest.mark.parametrize("demonstration", ["0", "1"])
def test_each_force_has_a_folder_of_its_own(demonstration: str) -> None:
    invented = read({"SAFEHOLD_FORCE": INVENTED, "SAFEHOLD_DEMONSTRATION": demonstration})
    real = read({"SAFEHOLD_FORCE": REAL, "SAFEHOLD_DEMONSTRATION": demonstration})
    assert invented.data == Path("var").resolve()
    assert real.data == Path("var/hertfordshire").resolve()
    assert real.records_url == f"sqlite:///{real.data / 'records.sqlite3'}"
    assert real.keys == real.data / "keys"


def test_a_named_folder_is_used_as_it_is(tmp_path: Path) -> None:
    assert read({"SAFEHOLD_FORCE": REAL, "SAFEHOLD_DATA": str(tmp_path)}).data == tmp_path


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(BadEnvironment, match=r"there is no profile at absent\.toml"):
        read({"SAFEHOLD_FORCE": "absent.toml"})


def test_nobody_outside_practice_speaks_for_a_force_that_was_not_named() -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({})

    assert str(refused.value) == "SAFEHOLD_FORCE: name the force's profile."


def test_practice_finds_the_invented_force_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert read({"SAFEHOLD_DEMONSTRATION": "1"}).force_file == Path(INVENTED)


@pytest.mark.parametrize("said", ["SAFEHOLD_DEMONSTRATION", "SAFEHOLD_LAPTOP"])
def test_tls_is_expected_but_where_one_machine_answers_itself(said: str) -> None:
    assert read({"SAFEHOLD_FORCE": REAL}).https
    assert not read({"SAFEHOLD_FORCE": REAL, said: "1"}).https


@pytest.mark.parametrize("heads", ["ftp://example.uk/", "/mnt/heads, http://example.uk/"])
def test_heads_are_sent_to_no_address_that_cannot_keep_them(heads: str) -> None:
    with pytest.raises(BadEnvironment, match=r"^SAFEHOLD_AUDIT_HEADS: \S+://example\.uk/ "):
        read({"SAFEHOLD_FORCE": REAL, "SAFEHOLD_AUDIT_HEADS": heads})


PRACTICE = {"SAFEHOLD_DEMONSTRATION": "1"}
REAL_STAFF = {"SAFEHOLD_FORCE": REAL, "SITE": "staff"}
SMTP = "smtps://us:hunter2@mail.example.org"
FROM = "Local notices <notices@example.org>"
SMS = {"SAFEHOLD_SMS_URL": "https://gateway.example.org/", "SAFEHOLD_SMS_TOKEN": "hunter2"}


def test_nudges_go_by_nothing_until_somebody_says_by_what() -> None:
    for env in (PRACTICE, REAL_STAFF, {"SAFEHOLD_FORCE": REAL, "SITE": "public"}):
        assert read(env).nudges.channels == frozenset()


def test_the_staff_side_has_the_channels_that_it_can_reach() -> None:
    made = read({**REAL_STAFF, **SMS}).nudges
    assert made.channels == {"text"}
    both = {**SMS, "SAFEHOLD_SMTP_URL": SMTP, "SAFEHOLD_NUDGE_FROM": FROM}
    made = read({**REAL_STAFF, **both}).nudges
    assert made.channels == {"email", "text"}
    assert "hunter2" not in repr(made)


def test_the_public_side_knows_the_channels_alone() -> None:
    public = {"SAFEHOLD_FORCE": REAL, "SITE": "public", "SAFEHOLD_NUDGES": "email, text"}
    assert read(public).nudges.channels == {"email", "text"}
    for name in ("SAFEHOLD_SMTP_URL", "SAFEHOLD_SMS_TOKEN"):
        with pytest.raises(BadEnvironment, match=f"^{name} is for the staff side") as refused:
            read({**public, name: SMTP})
        assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"SAFEHOLD_NUDGES": "pigeon"}, "SAFEHOLD_NUDGES: pigeon is neither email nor text."),
        ({"SAFEHOLD_NUDGES": "text"}, "SAFEHOLD_NUDGES names text, and nothing carries it."),
        ({"SAFEHOLD_SMTP_URL": SMTP}, "go together; set both."),
        ({"SAFEHOLD_NUDGE_FROM": FROM}, "go together; set both."),
        ({"SAFEHOLD_SMTP_URL": "smtp:hunter2"}, "SAFEHOLD_SMTP_URL: give smtps://"),
        (
            {"SAFEHOLD_NUDGE_FROM": "Hertfordshire Police <a@b.uk>", "SAFEHOLD_SMTP_URL": SMTP},
            "SAFEHOLD_NUDGE_FROM: a watcher may not read",
        ),
        ({**SMS, "SAFEHOLD_SMS_URL": "http://gateway.example.org/"}, "only https:// leaves"),
        ({**SMS, "SAFEHOLD_SMS_TOKEN": ""}, "SAFEHOLD_SMS_URL: set SAFEHOLD_SMS_TOKEN"),
        ({"SAFEHOLD_NUDGE_TEXTS": "absent.toml"}, "SAFEHOLD_NUDGE_TEXTS: absent.toml is not"),
        ({"SAFEHOLD_NUDGE_TEXTS": REAL}, "SAFEHOLD_NUDGE_TEXTS: The messages by email are not"),
    ],
)
def test_nudges_that_could_not_go_or_would_tell_are_refused(
    said: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({**REAL_STAFF, **said})
    assert sentence in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_practice_sends_nothing_beyond_this_machine() -> None:
    for said in (SMS, {"SAFEHOLD_SMTP_URL": SMTP, "SAFEHOLD_NUDGE_FROM": FROM}):
        with pytest.raises(BadEnvironment, match="practice sends nothing beyond this machine"):
            read({**PRACTICE, **said})
    here = {**SMS, "SAFEHOLD_SMS_URL": "http://127.0.0.1:8025/"}
    assert read({**PRACTICE, **here}).nudges.channels == {"text"}


def test_the_force_may_have_messages_of_its_own() -> None:
    ours = ROOT / "src" / "safehold" / "rules" / "nudges.toml"
    assert read({**REAL_STAFF, "SAFEHOLD_NUDGE_TEXTS": str(ours)}).nudges.texts is not None
