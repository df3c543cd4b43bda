"""What is sent to a form that no form of ours would send: texts, fields and bodies, drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

# It stands in every word that is typed, so that it is known wherever it turns up. It is no planted
# word: what a member writes, and the place that somebody looks for, may stand in a statement.
MARK = "Quillwort"
RLO, ISOLATE, POP = "\u202e", "\u2067", "\u202c"
TEXTS = [
    "",
    MARK,
    f"{MARK}\x00 null",
    f"{MARK} {RLO}turned{POP} \u2066left\u2069 {ISOLATE}open",
    f"<script>{MARK}</script><zz-typed onx='{MARK}'>\"'><zz-typed>",
    f"{{{{ {MARK} }}}} {{% raw %}} %s %(x)s %n {MARK}",
    f"{MARK}\r\nSet-Cookie: {MARK}=1\r\n\r\n",
    f"{MARK}\ud800 half \udfff",  # as %ED%A0%80, which is no UTF-8
    f"{MARK} " * 700,
    f"{MARK}'; DROP TABLE intake_draft; --",
    f"../../{MARK}?{MARK}=1#{MARK}",
    "\u0663\u00b2\u2460",  # digits to some, and no number
    "9" * 5_000,
    "-1",
    "1e999",
    "nan",
    "0001",
    "\x00",
    "[]",
    '{"danger": "no"}',
]
texts = st.sampled_from(TEXTS) | st.text(max_size=12).map(lambda text: f"{MARK}{text}")
CHARSETS = ["utf-7", "utf-16", "rot13", "idna", "latin-1", "unicode_escape", MARK, "\u00e9"]
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=zz"


@dataclass
class Box:
    """One thing of a form as its page shows it."""

    name: str
    kind: str
    value: str = ""
    values: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What a page shows of forms and of what is wrong with them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.boxes: list[Box] = []
        self.buttons: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.ids: set[str] = set()
        self.title = ""
        self._text: Box | None = None
        self._titled = False
        self.feed(html)
        self.summary = re.findall(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)

    @property
    def linked(self) -> list[str]:
        """Give where the summary of problems leads."""
        return [name for part in self.summary for name in re.findall(r'href="#([^"]*)"', part)]

    def texts(self, name: str) -> list[str]:
        """Give what stands in the boxes of a name that take words."""
        return [each.value for each in self.boxes if each.name == name and each.kind == "text"]

    def hidden(self, name: str) -> list[str]:
        """Give what hidden fields of a name hold."""
        return [each.value for each in self.boxes if each.name == name and each.kind == "hidden"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.tags.add(tag)
        self.ids.add(given.get("id", ""))
        self._titled = tag == "title"
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button" and name:
            self.buttons.append((name, value))
        elif tag == "textarea" and "readonly" not in given:
            self._text = Box(name, "text")
            self.boxes.append(self._text)
        elif tag == "input" and name:
            kind = given.get("type", "text")
            known = {"hidden", "radio", "checkbox", "file", "password"}
            self.boxes.append(Box(name, kind if kind in known else "text", value))
        elif tag == "select" and name:
            self.boxes.append(Box(name, "select"))
        elif tag == "option" and self.boxes:
            self.boxes[-1].values.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None
        self._titled = False

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data
        if self._titled:
            self.title += data


def as_read(text: str) -> str:
    """Give a text as far as it can be compared: without what nobody sees, white space as one."""
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


class Others(dict[str, list[str]]):
    """What other pages ask for: their hidden fields, buttons and answers, by the field's name."""

    def __repr__(self) -> str:
        return f"<{len(self)} fields>"


@dataclass(frozen=True)
class Body:
    """A body of a POST, and the fields that it says, where it can be read."""

    content: bytes
    content_type: str
    fields: tuple[tuple[str, str], ...]
    readable: bool = True


@st.composite
def bodies(draw: st.DrawFn, page: Page, *, others: Others) -> Body:
    """Draw a POST to the page: some of its fields, some of other pages, some of none.

    `others` are hidden fields, buttons and answers of other pages, which are replayed.
    """
    pairs: list[tuple[str, str]] = []
    buttons = [value for _, value in page.buttons] + others.get("do", [])
    do = next((name for name, _ in page.buttons), "do")
    if draw(st.integers(0, 5)):
        pairs.append((do, draw(st.sampled_from([*buttons, "", MARK]))))
    for box in page.boxes:
        kind = draw(st.sampled_from(["as it is", "as it is", "typed", "twice", "missing"]))
        if box.kind == "text":
            kind = "typed" if kind == "as it is" else kind
        replayed = others.get(box.name, [])
        offered = [*box.values, box.value, *replayed]
        value = {"as it is": st.sampled_from(offered), "missing": st.just("")}.get(kind, texts)
        if box.kind == "hidden" and kind == "as it is":
            value = st.just(box.value)
        if kind != "missing":
            pairs += [(box.name, draw(value)) for _ in range(2 if kind == "twice" else 1)]
    for name in draw(st.lists(st.sampled_from([*others, MARK, "", "\x00"]), max_size=3)):
        pairs.append((name, draw(st.sampled_from(others.get(name) or [""]) | texts)))
    return draw(_written(pairs))


@st.composite
def _written(draw: st.DrawFn, pairs: list[tuple[str, str]]) -> Body:
    how = draw(st.sampled_from(["form"] * 8 + ["parts", "parts", "charset", "bytes", "cut"]))
    fields = tuple(pairs)
    if how == "form":
        return Body(_as_form(pairs), FORM, fields)
    if how == "parts":
        return Body(_as_parts(pairs), PARTS, fields)
    if how == "bytes":
        noise = ("text", "\ufffd\ufffd\xff")  # as it is read
        return Body(_as_form(pairs) + b"&text=%ff%fe\xff&%00&=&&;", FORM, (*fields, noise))
    if how == "cut":
        return Body(_as_parts(pairs)[:-20], PARTS, (), readable=False)
    charset, kind = draw(st.sampled_from(CHARSETS)), draw(st.sampled_from([FORM, PARTS]))
    surrogate = b"+2AA-" if charset == "utf-7" else b"\\ud800"
    content = _as_parts([*pairs, ("text", "+2AA-\\ud800"), ("more", "\\x")])
    body = content if kind == PARTS else _as_form(pairs) + b"&text=" + surrogate
    return Body(body, f"{kind}; charset={charset}", (), readable=False)


def _as_form(pairs: list[tuple[str, str]]) -> bytes:
    written = (
        "=".join(quote_from_bytes(each.encode("utf-8", "surrogatepass")) for each in pair)
        for pair in pairs
    )
    return "&".join(written).encode()


def _as_parts(pairs: list[tuple[str, str]]) -> bytes:
    parts = b""
    for name, value in pairs:
        said = name.encode("utf-8", "surrogatepass").replace(b'"', b"%22").replace(b"\n", b"")
        parts += b'--zz\r\nContent-Disposition: form-data; name="' + said.replace(b"\r", b"")
        parts += b'"\r\n\r\n' + value.encode("utf-8", "surrogatepass") + b"\r\n"
    return parts + b"--zz--\r\n"
