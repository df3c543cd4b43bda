"""Where static files are collected, and under which names.

Our own files get their digest in the name and a brotli and a gzip copy. Wagtail's hundreds are only
copied: they carry a version of their own in their addresses, and nobody but staff asks for them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import Storage
from whitenoise.compress import Compressor

PACKAGE = Path(__file__).resolve().parent.parent
PUBLIC_ROOMS = ("design", "public")  # a public host holds no file of staff pages
MANIFEST = "staticfiles.json"


def our_folders(site: str = "all") -> list[Path]:
    """List the static folders of the rooms of ours that a site serves."""
    found = sorted(PACKAGE.glob("*/static"))
    return [path for path in found if site != "public" or path.parent.name in PUBLIC_ROOMS]


def our_names(site: str = "all") -> set[str]:
    """Name every static file of ours that a site serves, as a page asks for it."""
    return {
        path.relative_to(folder).as_posix()
        for folder in our_folders(site)
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


def _files(site: str) -> Iterator[tuple[str, Storage]]:
    """List the files that a site serves, the first app that has a name winning."""
    seen: set[str] = set()
    for finder in get_finders():
        for name, storage in finder.list([]):
            theirs = Path(storage.path("")).parent.name not in PUBLIC_ROOMS
            if name not in seen and not (site == "public" and theirs):
                seen.add(name)
                yield name, storage


def collect(root: Path, *, site: str) -> int:
    """Fill a site's folder with its static files, ours named and compressed; return how many.

    What is already there and unchanged stays, and so do older versions of our files: a page that
    was opened before an upgrade still asks for them.
    """
    target = StaticStorage(location=root)
    found: dict[str, tuple[Storage, str]] = {}
    for name, storage in _files(site):
        found[name] = (storage, name)
        source, copy = Path(storage.path(name)), root / name
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    for name, _, done in target.post_process(found):
        if isinstance(done, Exception):
            raise ValueError(f"{name}: {done}") from done
    return len(found)


def _compressor() -> Any:
    return Compressor(quiet=True)


def missing_files(root: Path, *, site: str) -> list[str]:
    """Name our files which a collected folder lacks; [] when whole.

    Everything is missing where there is no manifest.
    """
    wanted = our_names(site)
    try:
        manifest = json.loads((root / MANIFEST).read_bytes())["paths"]
    except (OSError, ValueError, KeyError):
        return sorted(wanted | {MANIFEST})
    return sorted(
        name for name in wanted if name not in manifest or not (root / manifest[name]).is_file()
    )
