"""An import that changed the store is one audit row, and none is without it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from safehold.domain.police_uk import STREET_HEADER
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.open_data import operations, partitions, queries
from safehold.records.open_data.loading import ImportReport

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def write(folder: Path, month: str = "2025-01", rows: int = 3) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{month}-mere-street.csv"
    line = f",{month},Mere,Mere,2.1,54.1,On or near Quay,E01,Mere 1A,Drugs,,\n"
    path.write_text(",".join(STREET_HEADER) + "\n" + line * rows + "bad\n")
    return path


def run(root: Path, *paths: Path) -> ImportReport:
    return operations.import_crimes(
        paths=paths,
        root=root,
        refused_file=root / "refused.csv",
        by=System("command line"),
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def test_an_import_is_one_audit_row_and_a_repeat_is_none(tmp_path: Path) -> None:
    inbox, root = tmp_path / "inbox", tmp_path / "store"
    write(inbox)
    write(inbox, "2025-02")
    run(root, inbox)
    run(root, inbox)
    (event,) = AuditEvent.objects.all()
    assert event.action == "data imported"
    assert event.detail["forces"] == ["mere"]
    assert (event.detail["first_month"], event.detail["last_month"]) == ("2025-01", "2025-02")
    assert (event.detail["read"], event.detail["kept"]) == (8, 6)


def test_without_its_audit_row_nothing_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "store"
    run(root, write(tmp_path / "inbox"))
    before = partitions.version(root)

    def refuse(**_: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuse)
    path = write(tmp_path / "inbox", rows=9)
    with pytest.raises(RuntimeError, match="no audit"):
        run(root, path)
    assert partitions.version(root) == before
    assert queries.available(root).rows == 3


def test_a_failed_import_is_no_audit_row(tmp_path: Path) -> None:
    report = run(tmp_path / "store", tmp_path / "absent.csv")
    assert report.failed
    assert not AuditEvent.objects.exists()


def test_a_store_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(partitions.StoreError, match="cannot be written"):
        run(tmp_path / "store", write(tmp_path / "inbox"))
