"""Read published street files into staged partitions, file by file, whatever one of them holds."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from safehold.domain import police_uk
from safehold.domain.police_uk import FileName, FileRefusedError, StreetFile
from safehold.records.open_data import partitions
from safehold.records.open_data.partitions import Provenance, Staged
from safehold.records.open_data.sources import Source

# A month that comes again with fewer rows than this share of it is more likely spoilt than mended.
LEAST_SHARE = 0.5
REFUSED_HEADER = ("file", "row", "reason", "original")


class Outcome(StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file; `sentence` says why where it was left out or failed."""

    label: str
    outcome: Outcome
    partition: FileName | None = None
    sentence: str = ""
    digest: str = ""
    read: int = 0
    kept: int = 0
    without_coordinates: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    unlisted_classes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class ImportReport:
    """What an import did, file by file."""

    files: list[FileResult] = field(default_factory=list)
    refused_file: Path | None = None

    @property
    def failed(self) -> list[FileResult]:
        """List the files that could not be imported."""
        return self.of(Outcome.FAILED)

    @property
    def read(self) -> int:
        """Count the rows read from imported files."""
        return sum(file.read for file in self.files)

    @property
    def kept(self) -> int:
        """Count the rows kept from imported files."""
        return sum(file.kept for file in self.files)

    @property
    def without_coordinates(self) -> int:
        """Count the kept rows that say no place."""
        return sum(file.without_coordinates for file in self.files)

    @property
    def refused(self) -> dict[str, int]:
        """Count the refused rows of each reason, most frequent first."""
        return dict(_added(file.refused for file in self.files).most_common())

    @property
    def unlisted_classes(self) -> dict[str, int]:
        """Count the kept rows of each crime type that our list of classes does not hold."""
        return dict(_added(file.unlisted_classes for file in self.files).most_common())

    def of(self, outcome: Outcome) -> list[FileResult]:
        """List the files that ended one way."""
        return [file for file in self.files if file.outcome is outcome]


Progress = Callable[[FileResult], None]


class Loader:
    """One import into the store under `root`: loads files, then publishes them together."""

    def __init__(
        self, root: Path, *, at: datetime, refused_file: Path, replace: bool = False
    ) -> None:
        self.root = root
        self.at = at
        self.replace = replace
        self.report = ImportReport()
        self.staged: list[Staged] = []
        self._met: dict[FileName, FileResult] = {}
        self._refused = _RefusedRows(refused_file)
        self._classes = frozenset(police_uk.published_rules().crime_types)

    def __enter__(self) -> Loader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._refused.close()
        partitions.discard(self.staged)

    def load(self, source: Source) -> FileResult:
        """Read one file and stage its partition; whatever is wrong with it is in the result."""
        try:
            result = self._load(source)
        except FileRefusedError as refusal:
            result = FileResult(label=source.label, outcome=Outcome.FAILED, sentence=str(refusal))
        self.report.files.append(result)
        return result

    def publish(self) -> None:
        """Put every staged partition in place and leave the refused rows where they were asked."""
        partitions.publish(self.staged)
        self.staged.clear()
        self.report.refused_file = self._refused.keep()

    def _load(self, source: Source) -> FileResult:
        if source.problem:
            raise FileRefusedError(source.problem)
        partition = police_uk.parse_name(source.label)
        if partition.kind != police_uk.STREET:
            return _left_out(source, partition)
        content = source.read()
        digest = partitions.digest_of(content)
        earlier = self._met.get(partition)
        if earlier is not None and earlier.digest != digest:
            raise FileRefusedError(
                f"another file of {partition.force} {partition.month} comes before it "
                f"({earlier.label}). Import the one that you want by itself."
            )
        result = self._unchanged(source, partition, digest) or self._staged(
            source, partition, content, digest
        )
        self._met[partition] = result
        return result

    def _unchanged(self, source: Source, partition: FileName, digest: str) -> FileResult | None:
        known = partitions.provenance_of(partitions.place_of(self.root, partition))
        same_run = partition in self._met
        if not same_run and (known is None or known.digest != digest):
            return None
        return FileResult(
            label=source.label, outcome=Outcome.UNCHANGED, partition=partition, digest=digest
        )

    def _staged(
        self, source: Source, partition: FileName, content: bytes, digest: str
    ) -> FileResult:
        street = police_uk.read_street(content, month=partition.month)
        self._check_size(partition, len(street.kept))
        without = sum(row.longitude is None for row in street.kept)
        provenance = Provenance(
            digest=digest,
            source=police_uk.last_part(source.label),
            read=street.read,
            kept=len(street.kept),
            refused=street.refused_by_reason,
            without_coordinates=without,
            imported_at=partitions.timestamp(self.at),
        )
        self.staged.append(partitions.stage(self.root, partition, street.kept, provenance))
        self._refused.add(source.label, street)
        return FileResult(
            label=source.label,
            outcome=Outcome.IMPORTED,
            partition=partition,
            digest=digest,
            read=street.read,
            kept=len(street.kept),
            without_coordinates=without,
            refused=street.refused_by_reason,
            unlisted_classes=self._unlisted(street),
        )

    def _check_size(self, partition: FileName, kept: int) -> None:
        known = partitions.provenance_of(partitions.place_of(self.root, partition))
        if not self.replace and known is not None and kept < known.kept * LEAST_SHARE:
            raise FileRefusedError(
                f"it would leave {kept:,} rows where the store holds {known.kept:,} of that month; "
                "if that is right, import it with --replace."
            )

    def _unlisted(self, street: StreetFile) -> dict[str, int]:
        counts = Counter(row.crime_type for row in street.kept)
        return {name: n for name, n in counts.items() if name not in self._classes}


def load_all(loader: Loader, sources: Iterable[Source], progress: Progress | None = None) -> None:
    """Load every source, telling `progress` of each as it ends."""
    for source in sources:
        result = loader.load(source)
        if progress is not None:
            progress(result)


class _RefusedRows:
    """The refused rows of one import as one CSV file, made when the first row is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._incoming = path.with_name(f"{path.name}.incoming")
        self._stream: IO[str] | None = None
        self._writer: Any = None

    def add(self, label: str, street: StreetFile) -> None:
        if street.refused and self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._incoming.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._stream)
            self._writer.writerow(REFUSED_HEADER)
        for row in street.refused:
            self._writer.writerow((label, row.row, str(row.reason), row.original))

    def keep(self) -> Path | None:
        if self._stream is None:
            return None
        self._stream.close()
        self._stream = None
        self._incoming.replace(self.path)
        return self.path

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._incoming.unlink(missing_ok=True)


def _left_out(source: Source, partition: FileName) -> FileResult:
    sentence = f"it holds {partition.kind}; only street files are imported."
    if source.named:
        raise FileRefusedError(sentence)
    return FileResult(
        label=source.label, outcome=Outcome.LEFT_OUT, partition=partition, sentence=sentence
    )


def _added(counts: Iterable[dict[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total
