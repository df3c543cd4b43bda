"""Pictures: opened, turned upright and written anew from their pixels; nothing else remains."""

from __future__ import annotations

import io
import warnings
from typing import Any

import pillow_heif
from PIL import (  # noqa: F401 - registers its format now, while files can be opened
    ExifTags,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    ImageSequence,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from safehold.files import gps
from safehold.files.examination import Limits, Problem, Removed
from safehold.files.findings import Findings, Pixels
from safehold.files.kinds import FileType

_FORMATS = {
    FileType.JPEG: ("JPEG", "MPO"),
    FileType.PNG: ("PNG",),
    FileType.WEBP: ("WEBP",),
    FileType.GIF: ("GIF",),
    FileType.HEIC: ("HEIF",),
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TAGS = {
    Removed.TIME: {0x0132, 0x9003, 0x9004},
    Removed.DEVICE: {0x010F, 0x0110, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435, 0xC62F, 0x927C},
    Removed.AUTHOR: {0x013B, 0x8298, 0x9C9D},
    Removed.PROGRAM: {0x0131, 0x000B},
    Removed.DESCRIPTION: {0x010E, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F},
    Removed.COMMENT: {0x9286},
}
_INFO = {
    "icc_profile": Removed.COLOURS,
    "xmp": Removed.DESCRIPTION,
    "XML:com.adobe.xmp": Removed.DESCRIPTION,
    "photoshop": Removed.DESCRIPTION,
    "comment": Removed.COMMENT,
    "mp": Removed.ANOTHER_PICTURE,
}
_XMP = {
    Removed.PLACE: b"GPSLatitude",
    Removed.TIME: b"Date",
    Removed.AUTHOR: b"creator",
    Removed.PROGRAM: b"CreatorTool",
}
_WITHOUT_ALPHA = ("L", "RGB")
_PNG_MODES = ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")


def prepare() -> None:
    """Load what Pillow and the HEIC reader load late."""
    pillow_heif.register_heif_opener(thumbnails=False)
    pillow_heif.options.DECODE_THREADS = 1
    file = io.BytesIO()
    Image.new("P", (2, 2)).save(file, "PNG")
    ImageCms.createProfile("sRGB")


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Say what the picture tells beside its pixels, draw its preview, write its clean copy."""
    _note_appended(content, findings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture = _opened(content, findings.kind)
        except Image.DecompressionBombError:
            findings.problems.add(Problem.TOO_MANY_PIXELS)
            return
        if picture.width * picture.height > limits.pixels:
            findings.problems.add(Problem.TOO_MANY_PIXELS)
            return
        turn = _read_details(picture, findings)
        _write(_decoded(content, picture, findings), turn, findings, limits)


def _opened(content: bytes, kind: FileType) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=_FORMATS[kind])


def _note_appended(content: bytes, findings: Findings) -> None:
    """Notice what stands behind the picture's own end: that is how two files become one."""
    kind = findings.kind
    if kind is FileType.JPEG:
        appended = not content.endswith(b"\xff\xd9")
    elif kind is FileType.PNG:
        appended = content[-8:-4] != b"IEND"
    elif kind is FileType.GIF:
        appended = not content.endswith(b";")
    else:
        appended = kind is FileType.WEBP and int.from_bytes(content[4:8], "little") + 9 < len(
            content
        )
    if appended:
        findings.removed.add(Removed.APPENDED)


def _read_details(picture: Image.Image, findings: Findings) -> int:
    """Note the details around the pixels; give the orientation. Broken details are just removed."""
    for key, removed in _INFO.items():
        if picture.info.get(key):
            findings.removed.add(removed)
    _read_xmp(picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp"), findings)
    if getattr(picture, "text", None):
        findings.removed.add(Removed.DESCRIPTION)
    if getattr(picture, "n_frames", 1) > 1 and picture.format in ("MPO", "HEIF"):
        findings.removed.add(Removed.ANOTHER_PICTURE)
    try:
        return _read_exif(picture, findings)
    except MemoryError:
        raise
    except Exception:  # a broken directory is no reason not to show the picture
        findings.removed.add(Removed.OTHER)
        return 1


def _read_xmp(xmp: bytes | str | None, findings: Findings) -> None:
    """Note what a block of XMP tells by the names in it; nothing is parsed."""
    words = xmp.encode("utf-8", "replace") if isinstance(xmp, str) else xmp or b""
    for removed, name in _XMP.items():
        if name in words:
            findings.removed.add(removed)


def _read_exif(picture: Image.Image, findings: Findings) -> int:
    exif = picture.getexif()
    if not exif:
        return 1
    turn = exif.get(ExifTags.Base.Orientation, 1)
    findings.removed.add(Removed.OTHER)
    positions = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if positions:
        findings.removed.add(Removed.PLACE)
        findings.place = gps.place_in(positions)
    details = {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
    findings.removed |= {removed for removed, tags in _TAGS.items() if tags & details.keys()}
    findings.taken_at = gps.moment_in(details.get(0x9003) or details.get(0x0132))
    if exif.get_ifd(ExifTags.IFD.IFD1):
        findings.removed.add(Removed.THUMBNAIL)
    return turn if isinstance(turn, int) else 1


def _decoded(content: bytes, picture: Image.Image, findings: Findings) -> Image.Image:
    """Read the pixels, or what there is of them where the end is missing."""
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError):
        if findings.kind is FileType.HEIC:
            raise
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            picture = _opened(content, findings.kind)
            picture.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        findings.problems.add(Problem.INCOMPLETE)
    return picture


def _write(picture: Image.Image, turn: int, findings: Findings, limits: Limits) -> None:
    if findings.kind in (FileType.GIF, FileType.WEBP):
        _write_frames(picture, turn, findings, limits)
        return
    if findings.kind is FileType.PNG and getattr(picture, "is_animated", False):
        findings.problems.add(Problem.FIRST_FRAME)
    upright = _upright(_in_plain_colours(picture), turn)
    if findings.kind is FileType.PNG:
        still = _only_pixels(upright if upright.mode in _PNG_MODES else upright.convert("RGBA"))
        findings.keep(_saved([still], "PNG"))
    else:
        still = _only_pixels(upright if upright.mode in _WITHOUT_ALPHA else upright.convert("RGB"))
        findings.keep(_saved([still], "JPEG", quality=92, subsampling=0), FileType.JPEG)
    findings.previews.append(preview(still, limits))


def _write_frames(picture: Image.Image, turn: int, findings: Findings, limits: Limits) -> None:
    """Keep the movement, as far as the limits of frames and pixels go."""
    most = max(1, min(limits.frames, limits.pixels // max(1, picture.width * picture.height)))
    frames: list[Image.Image] = []
    times: list[int] = []
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        if number == most:
            findings.problems.add(Problem.TOO_MANY_FRAMES)
            break
        whole = _in_plain_colours(frame).convert("RGBA")
        frames.append(_only_pixels(_upright(whole, turn)))
        times.append(max(20, min(int(frame.info.get("duration", 100) or 100), 60_000)))
    findings.previews.append(preview(frames[0], limits))
    if findings.kind is FileType.GIF:
        moving = {"duration": times, "loop": 0, "disposal": 2} if len(frames) > 1 else {}
        findings.keep(_saved([frame.convert("P") for frame in frames], "GIF", **moving))
    else:
        moving = {"duration": times, "loop": 0} if len(frames) > 1 else {}
        findings.keep(_saved(frames, "WEBP", lossless=True, method=1, exact=True, **moving))


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Turn a phone's wide colours into ordinary ones, since their description is not kept."""
    profile = picture.info.get("icc_profile")
    if picture.mode != "RGB" or not profile:
        return picture
    try:
        turned = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return turned or picture


def _upright(picture: Image.Image, turn: int) -> Image.Image:
    how = _UPRIGHT.get(turn)
    return picture if how is None else picture.transpose(how)


def _only_pixels(picture: Image.Image) -> Image.Image:
    """Drop everything that a writer could copy from the opened file, except what is see-through."""
    plain = picture.copy()
    see_through = picture.info.get("transparency")
    plain.info = {} if see_through is None else {"transparency": see_through}
    if hasattr(plain, "_exif"):
        plain._exif = None
    return plain


def _saved(frames: list[Image.Image], form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:]}
    frames[0].save(file, form, **options)
    return file.getvalue()


def preview(picture: Image.Image, limits: Limits) -> Pixels:
    """Make a small copy in three plain colours, on white where one can see through."""
    small = picture.convert("RGBA") if _see_through(picture) else picture.convert("RGB")
    small.thumbnail((limits.preview_side, limits.preview_side))
    if small.mode == "RGBA":
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small, mask=small.getchannel("A"))
        small = ground
    return Pixels(small.width, small.height, small.tobytes())


def _see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
