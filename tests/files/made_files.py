"""Files made for the tests: ordinary ones, and those that bad intentions would send."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

LATITUDE, LONGITUDE = 51.7520, -0.3360
PHONE = "Invented Phone"
LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def two_colours(width: int = 120, height: int = 80) -> Image.Image:
    """A picture that shows which way up it is: red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RIGHT)
    picture.paste(LEFT, (0, 0, width // 2, height))
    return picture


def exif(orientation: int = 1, place: bool = True) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = PHONE
    made[0x013B] = "Someone"
    made[0x0132] = "2026:05:01 22:11:00"
    made.get_ifd(0x8769)[0x9003] = "2026:05:01 22:10:00"
    if place:
        made.get_ifd(0x8825).update(
            {1: "N", 2: (51.0, 45.0, 7.2), 3: "W", 4: (0.0, 20.0, 9.6)},
        )
    return made


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def photo(orientation: int = 1, form: str = "JPEG", place: bool = True) -> bytes:
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    return saved(two_colours(), form, exif=exif(orientation, place))


def moving(form: str, frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (20, 20), (80 * n % 256, n, 90)) for n in range(frames)]
    return saved(pictures[0], form, save_all=True, append_images=pictures[1:], duration=50, loop=0)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hidden.txt", "hidden words")
    return file.getvalue()


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    return file.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(side: int = 50_000) -> bytes:
    """One colour, one bit a pixel: few bytes here, gigabytes for who decodes it as it says."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    line = bytes(side // 8 + 2)
    rows = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    chunks = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def pdf(pages: int = 2, **details: str) -> bytes:
    """Pages that say their number, with scripts, an attachment, a note and details."""
    writer = PdfWriter()
    for number in range(pages):
        page = writer.add_blank_page(300, 400)
        text = f"BT /F1 24 Tf 40 200 Td (Page {number + 1}) Tj ET".encode()
        stream = DecodedStreamObject()
        stream.set_data(text)
        page[NameObject("/Contents")] = writer._add_object(stream)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    writer.add_metadata({"/Author": "Someone", "/CreationDate": "D:20260501221000", **details})
    return written(writer)


def pdf_with_everything() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.add_attachment("hidden.txt", b"hidden words")
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hidden words')"),
        }
    )
    writer.root_object[NameObject("/OpenAction")] = action
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    note = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (10, 10, 90, 90)]),
            NameObject("/A"): action,
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
    scripts = ArrayObject([TextStringObject("at start"), action])
    named = DictionaryObject({NameObject("/Names"): scripts})
    writer.root_object["/Names"][NameObject("/JavaScript")] = named
    return written(writer)


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("a password", algorithm="RC4-128")
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def raw_pdf(objects: list[str]) -> bytes:
    """A document of the objects given, the first of which is its root."""
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()


def pdf_of_many_pages(count: int) -> bytes:
    kids = " ".join(f"{number} 0 R" for number in range(3, count + 3))
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>"
    head = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
    ]
    return raw_pdf(head + [page] * count)


def pdf_with_a_loop() -> bytes:
    return raw_pdf(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
            "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>",
        ]
    )


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def film(
    brand: bytes = b"isom",
    *,
    place: bytes = b"",
    data_track: bool = False,
    unshown: bytes = b"",
    same_size: bool = False,
) -> bytes:
    """A film with one picture track and, if wanted, one of data that says places."""
    start = box(b"ftyp", brand, bytes(4), brand)
    shown, told = b"PICTURES" * 4, b"+51.7520-000.3360/" if data_track else b""
    middle = box(b"mdat", shown, told, unshown)
    first = len(start) + 8
    tracks = [track(b"vide", first, len(shown), same_size)]
    if data_track:
        tracks.append(track(b"meta", first + len(shown), len(told), same_size))
    made = 3_860_000_000
    header = box(b"mvhd", bytes(4), struct.pack(">II", made, made), bytes(88))
    details = box(b"udta", place) if place else b""
    return start + middle + box(b"moov", header, *tracks, details)


def track(handler: bytes, offset: int, length: int, same_size: bool) -> bytes:
    sizes = (length, 1) if same_size else (0, 1, length)
    tables = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 0)),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(4), struct.pack(f">{len(sizes)}I", *sizes)),
        box(b"stco", bytes(4), struct.pack(">II", 1, offset)),
    )
    says = box(b"hdlr", bytes(8), handler, bytes(12), b"Invented maker\0")
    inner = box(b"minf", box(b"vmhd", bytes(12)), tables)
    media = box(b"mdia", box(b"mdhd", bytes(24)), says, inner)
    return box(b"trak", box(b"tkhd", bytes(84)), media)


def android_place(latitude: float = LATITUDE, longitude: float = LONGITUDE) -> bytes:
    text = f"{latitude:+08.4f}{longitude:+09.4f}/".encode()
    return box(b"\xa9xyz", struct.pack(">HH", len(text), 0x15C7), text)


def loci_place(latitude: float = LATITUDE, longitude: float = LONGITUDE) -> bytes:
    numbers = struct.pack(">iii", round(longitude * 65536), round(latitude * 65536), 0)
    return box(b"loci", bytes(4), b"\x15\xc7", b"somewhere\0", b"\0", numbers, b"earth\0\0")


def wav(*, details: bool = True) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    chunks = chunk(b"fmt ", form) + chunk(b"data", b"SOUND" * 21)
    if details:
        chunks += chunk(b"LIST", b"INFOIART\x08\0\0\0Someone\0") + chunk(b"id3 ", b"hidden words")
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def mp3(*, tags: bool = True) -> bytes:
    frames = (b"\xff\xfb\x90\x00" + bytes(413)) * 8
    if not tags:
        return frames
    from mutagen.id3 import ID3, TDRC, TPE1

    file = io.BytesIO(frames)
    made = ID3()
    made.add(TPE1(encoding=3, text="Someone"))
    made.add(TDRC(encoding=3, text="2026-05-01 22:10:00"))
    made.save(file)
    return file.getvalue()


def opus() -> bytes:
    from mutagen.ogg import OggPage
    from mutagen.oggopus import OggOpus

    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"made" + struct.pack("<I", 0)
    pages = []
    for number, packet in enumerate((head, tags, b"\xfc\xff\xfe")):
        page = OggPage()
        page.serial, page.sequence, page.packets = 7, number, [packet]
        page.first, page.last, page.position = number == 0, number == 2, 960 * (number == 2)
        pages.append(page.write())
    file = io.BytesIO(b"".join(pages))
    audio = OggOpus(file)
    audio["artist"] = "Someone"
    audio["location"] = "+51.7520-000.3360/"
    audio["date"] = "2026-05-01T22:10:00"
    file.seek(0)
    audio.save(file)
    return file.getvalue()


def element(number: int, body: bytes, *, unknown: bool = False) -> bytes:
    head = number.to_bytes((number.bit_length() + 7) // 8, "big")
    size = b"\x01" + (b"\xff" * 7 if unknown else len(body).to_bytes(7, "big"))
    return head + size + body


def webm(*, live: bool = False) -> bytes:
    start = element(0x1A45DFA3, element(0x4282, b"webm"))
    details = element(
        0x1549A966,
        element(0x2AD7B1, b"\x0f\x42\x40")
        + element(0x4461, (799_063_800 * 10**9).to_bytes(8, "big"))
        + element(0x7BA9, b"hidden words")
        + element(0x4D80, b"Invented maker")
        + element(0x5741, b"Invented Phone"),
    )
    cluster = element(0x1F43B675, element(0xE7, b"\0") + element(0xA3, b"PICTURES"), unknown=live)
    tags = element(0x1254C367, b"hidden words +51.7520-000.3360/")
    one = element(0xD7, b"\x01") + element(0x83, b"\x01") + element(0x536E, b"hidden words")
    tracks = element(0x1654AE6B, element(0xAE, one))
    return start + element(0x18538067, details + tracks + cluster + tags, unknown=live)


TEXT = "Er war wieder da. 🙂\n".encode()


def every_kind() -> dict[str, bytes]:
    """One ordinary file of each kind, by a name that fits it."""
    return {
        "a.jpg": photo(),
        "a.png": photo(form="PNG"),
        "a.webp": photo(form="WEBP"),
        "a.heic": photo(form="HEIF"),
        "a.gif": moving("GIF"),
        "moving.webp": moving("WEBP"),
        "a.pdf": pdf_with_everything(),
        "a.mp4": film(place=android_place()),
        "a.mov": film(b"qt  ", place=loci_place()),
        "a.m4a": film(b"M4A "),
        "a.webm": webm(),
        "live.webm": webm(live=True),
        "a.wav": wav(),
        "a.mp3": mp3(),
        "a.ogg": opus(),
        "a.txt": TEXT,
    }
