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
