"""Every pair of colours that text, controls and the focus use can be told apart, in both schemes.

WCAG 2.2: text 4.5 to 1 (1.4.3), parts of controls and the focus 3 to 1 (1.4.11).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safehold import design

STYLES = Path(design.__file__).parent / "static" / "design"
TEXT, PART = 4.5, 3.0
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "muted", "plum") for ground in ("paper", "card")],
    *[("ink", ground, TEXT) for ground in ("lilac", "mint", "blush", "sand")],
    *[
        (quiet, ground, TEXT)
        for quiet in ("teal", "amber", "danger")
        for ground in ("paper", "card")
    ],
    ("plum", "lilac", TEXT),
    ("plum", "mint", TEXT),
    ("plum", "sand", TEXT),
    ("plum", "blush", TEXT),
    ("teal", "mint", TEXT),
    ("amber", "sand", TEXT),
    ("danger", "blush", TEXT),
    ("on-plum", "plum", TEXT),
    ("on-dark", "plum-deep", TEXT),
    ("on-dark", "exit", TEXT),
    ("focus-ink", "focus", TEXT),
    ("paper", "ink", TEXT),
    ("edge", "card", PART),
    ("edge", "paper", PART),
    ("focus", "focus-ink", PART),
    ("focus", "plum-deep", PART),
]


def _schemes(name: str) -> dict[str, dict[str, str]]:
    css = (STYLES / name).read_text()
    roots = re.findall(r"(@media[^{]*\{)?:root\{([^}]*)\}", css)
    blocks = {
        condition.strip(): dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})", body))
        for condition, body in roots
    }
    light = blocks[""]
    dark = next(found for condition, found in blocks.items() if "dark" in condition)
    return {"light": light, "dark": {**light, **dark}}


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_worked_out_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sheet", ["public.css", "staff.css"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pairs_in_use_have_enough_contrast(sheet: str, scheme: str) -> None:
    colours = _schemes(sheet)[scheme]

    poor = [
        f"{one} on {other}: {contrast(colours[one], colours[other]):.2f}"
        for one, other, least in PAIRS
        if contrast(colours[one], colours[other]) < least
    ]

    assert poor == []


@pytest.mark.parametrize("sheet", ["public.css", "staff.css"])
def test_a_colour_is_named_once_in_the_palette_and_nowhere_else(sheet: str) -> None:
    css = (STYLES / sheet).read_text()
    outside = re.sub(r":root\{[^}]*\}", "", css)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;},\s])", outside) == []
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert "url(" not in css
