"""Where static files are collected, and under which names.

Our own files get their digest in the name and a brotli and a gzip copy. Wagtail's hundreds are only
copied: they carry a version of their own in their addresses, and nobody but staff asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.compress import Compressor

PACKAGE = Path(__file__).resolve().parent.parent
MANIFEST = "staticfiles.json"


def our_folders() -> list[Path]:
    """List the static folders of our own rooms."""
    return sorted(PACKAGE.glob("*/static"))


def our_names() -> set[str]:
    """Name every static file of our own rooms, as a page asks for it."""
    return {
        path.relative_to(folder).as_posix()
        for folder in our_folders()
        for path in folder.rglob("*")
        if path.is_file()
    }


class StaticStorage(ManifestStaticFilesStorage):
    """Digests in our names, compressed; everyone else's files as they came.

    A name which the manifest does not hold is served as it is: `startup` refuses to start
    without a manifest, and a test needs none.
    """

    manifest_strict = False
    manifest_name = MANIFEST

    def post_process(self, *args: Any, **options: Any) -> Iterator[Any]:
        """Name and compress our own files; yield what was done as Django's command expects."""
        if options.get("dry_run"):
            return
        ours = our_names()
        chosen = {name: place for name, place in args[0].items() if name in ours}
        yield from super().post_process(chosen, **options)
        compressor = _compressor()
        for name in sorted(self.hashed_files.values()):
            if compressor.should_compress(name):
                for made in compressor.compress(self.path(name)):
                    yield name, str(Path(made).relative_to(self.location)), True

    def stored_name(self, name: str) -> str:
        """Return the name with its digest, or the name itself where the manifest has none."""
        found: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return found


def _compressor() -> Any:
    return Compressor(quiet=True)  # type: ignore[no-untyped-call]  # the library has no types


def missing_files(root: Path) -> list[str]:
    """Name our files which a collected folder lacks, or holds under an old digest; [] when whole.

    Everything is missing where there is no manifest.
    """
    try:
        manifest = json.loads((root / MANIFEST).read_bytes())["paths"]
    except (OSError, ValueError, KeyError):
        return sorted(our_names())
    return sorted(
        name
        for name in our_names()
        if name not in manifest or not (root / manifest[name]).is_file()
    )
