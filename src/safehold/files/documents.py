"""PDF: its pages drawn by PDFium, and a copy built anew from what a page needs to be drawn.

Not edited but copied: only pages, what they draw and what they draw it with go over. Scripts,
actions, attachments, notes, details and whatever stands before or after the document stay behind.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil

import pypdf
import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
)

from safehold.files.examination import Limits, Problem, Removed
from safehold.files.findings import Findings
from safehold.files.pictures import preview

_PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit")
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_DROPPED = {
    "/AA": Removed.SCRIPT,
    "/JS": Removed.SCRIPT,
    "/OpenAction": Removed.SCRIPT,
    "/Annots": Removed.NOTES,
    "/EF": Removed.EMBEDDED,
    "/AF": Removed.EMBEDDED,
    "/Metadata": Removed.DESCRIPTION,
    "/PieceInfo": Removed.PROGRAM,
    "/LastModified": Removed.TIME,
    "/Thumb": Removed.THUMBNAIL,
    "/OPI": Removed.EMBEDDED,
    "/Alternates": Removed.ANOTHER_PICTURE,
    "/Measure": Removed.PLACE,
    "/PtData": Removed.PLACE,
    "/Parent": None,
    "/StructParent": None,
    "/StructParents": None,
}
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")  # a stream whose content is another file
_NAMES_INSIDE = frozenset({"/Resources", "/CharProcs", "/Colorants"})
_RESOURCES = frozenset(
    {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/Properties"}
)
_INFO = {
    "/Author": Removed.AUTHOR,
    "/CreationDate": Removed.TIME,
    "/ModDate": Removed.TIME,
    "/Creator": Removed.PROGRAM,
    "/Producer": Removed.PROGRAM,
}
_MOST_NODES = 100_000


def prepare() -> None:
    """Draw an empty page once and import every part, so that everything is loaded."""
    for part in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
        with contextlib.suppress(ImportError):  # parts for libraries that are not installed
            importlib.import_module(part.name)
    document = pypdfium2.PdfDocument.new()
    document.new_page(10, 10).render(scale=1).to_pil()
    document.close()


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Count the pages, note what is left behind, copy, and draw the first pages."""
    start = content.find(b"%PDF-", 0, 1024)
    if start > 0:
        findings.removed.add(Removed.APPENDED)
    reader = PdfReader(io.BytesIO(content[max(start, 0) :]), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        findings.problems.add(Problem.LOCKED)
        return
    _draw(content, findings, limits)
    pages = _pages(reader, findings)
    findings.pages = len(pages)
    _note_document(reader, findings)
    if len(pages) > limits.pages:
        findings.problems.add(Problem.TOO_MANY_PAGES)
        return
    if pages:
        findings.keep(_Copy(reader, findings).of(pages))


def _draw(content: bytes, findings: Findings, limits: Limits) -> None:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        findings.problems.add(Problem.NO_PREVIEW)
        return
    try:
        document.init_forms()  # what somebody filled in is drawn too
        for number in range(min(len(document), limits.previews)):
            page = document[number]
            scale = min(limits.preview_side / max(page.get_width(), page.get_height(), 1), 4)
            drawn = page.render(scale=scale).to_pil()
            findings.previews.append(preview(drawn, limits))
    except (pypdfium2.PdfiumError, ValueError, OverflowError):
        findings.problems.add(Problem.NO_PREVIEW)
    finally:
        document.close()


def _pages(reader: PdfReader, findings: Findings) -> list[DictionaryObject]:
    """Walk the tree of pages; each node once, so that a tree that refers to itself ends."""
    found: list[DictionaryObject] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[PdfObject, dict[str, PdfObject]]] = [
        (reader.root_object.raw_get("/Pages"), {})
    ]
    while waiting and len(found) + len(seen) < _MOST_NODES * 2:
        node, inherited = waiting.pop()
        if isinstance(node, IndirectObject):
            if (node.idnum, node.generation) in seen:
                findings.problems.add(Problem.PAGES_IN_A_LOOP)
                continue
            seen.add((node.idnum, node.generation))
        resolved = node.get_object()
        if not isinstance(resolved, DictionaryObject):
            continue
        own = {key: resolved.raw_get(key) for key in _INHERITED if key in resolved}
        inherited = {**inherited, **own}
        kids = _part(resolved, "/Kids")
        if isinstance(kids, ArrayObject):
            waiting.extend((kid, inherited) for kid in reversed(kids))
        else:
            page = DictionaryObject({NameObject(k): v for k, v in inherited.items()})
            page.update({k: v for k, v in resolved.items() if k not in page})
            found.append(page)
    return found


def _part(of: DictionaryObject, key: str) -> PdfObject | None:
    """Give a part, and what it refers to if it is a reference."""
    return of[key].get_object() if key in of else None


def _note_document(reader: PdfReader, findings: Findings) -> None:
    """Note what belongs to the whole document; none of it is copied."""
    root = reader.root_object
    for key in root:
        removed = _DROPPED.get(key)
        if removed:
            findings.removed.add(removed)
    if "/AcroForm" in root or "/Outlines" in root:
        findings.removed.add(Removed.NOTES)
    names = _part(root, "/Names")
    if isinstance(names, DictionaryObject):
        if "/JavaScript" in names:
            findings.removed.add(Removed.SCRIPT)
        if "/EmbeddedFiles" in names:
            findings.removed.add(Removed.EMBEDDED)
    info = _part(reader.trailer, "/Info")
    if isinstance(info, DictionaryObject):
        findings.removed |= {_INFO.get(key, Removed.DESCRIPTION) for key in info}


class _Copy:
    """One copying of pages into a new document."""

    def __init__(self, reader: PdfReader, findings: Findings) -> None:
        self.reader = reader
        self.findings = findings
        self.writer = PdfWriter()
        self.copied: dict[tuple[int, int], IndirectObject] = {}

    def of(self, pages: list[DictionaryObject]) -> bytes:
        """Copy these pages and write them."""
        tree_ref = self.writer.root_object.raw_get("/Pages")
        tree = tree_ref.get_object()
        for page in pages:
            for key in page:
                self._dropped(key)
            new = DictionaryObject({NameObject("/Type"): NameObject("/Page")})
            for key in _PAGE_KEYS:
                if key in page:
                    new[NameObject(key)] = self._value(page.raw_get(key), key)
            new[NameObject("/Parent")] = tree_ref
            tree["/Kids"].append(self.writer._add_object(new))
        tree[NameObject("/Count")] = type(tree["/Count"])(len(pages))
        layers = self.reader.root_object.get("/OCProperties")
        if layers is not None:  # which layers are seen at first
            self.writer.root_object[NameObject("/OCProperties")] = self._value(layers, "")
        self.writer.metadata = None
        file = io.BytesIO()
        self.writer.write(file)
        return file.getvalue()

    def _value(self, value: PdfObject, key: str) -> PdfObject:
        if isinstance(value, IndirectObject):
            return self._reference(value, key)
        if isinstance(value, StreamObject):
            return self._stream(value)
        if isinstance(value, DictionaryObject):
            return self._dictionary(value, key)
        if isinstance(value, ArrayObject):
            return ArrayObject(self._value(each, "") for each in value)
        return value

    def _reference(self, value: IndirectObject, key: str) -> PdfObject:
        """Copy what is referred to once, however often and however circularly it is."""
        known = self.copied.get((value.idnum, value.generation))
        if known is not None:
            return known
        place = self.writer._add_object(NullObject())
        self.copied[value.idnum, value.generation] = place
        resolved = value.get_object()
        if resolved is not None:
            self.writer._objects[place.idnum - 1] = self._value(resolved, key)
        return place

    def _dictionary(self, value: DictionaryObject, key: str) -> DictionaryObject:
        new = DictionaryObject()
        for name in value:
            free = key in _NAMES_INSIDE or key in _RESOURCES  # here a name may be any word
            if free or not self._dropped(name):
                new[NameObject(name)] = self._value(value.raw_get(name), name)
        return new

    def _stream(self, value: StreamObject) -> StreamObject:
        new = StreamObject()
        for name in value:
            if name not in _OUTSIDE and name != "/Length" and not self._dropped(name):
                new[NameObject(name)] = self._value(value.raw_get(name), name)
        new._data = value._data
        return new

    def _dropped(self, name: str) -> bool:
        if name not in _DROPPED:
            return False
        removed = _DROPPED[name]
        if removed:
            self.findings.removed.add(removed)
        return True
