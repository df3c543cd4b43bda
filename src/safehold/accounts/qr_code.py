"""The set-up address of a second factor as a picture that a phone can read."""

import io

import segno


def qr_code_svg(address: str) -> str:
    """Return an inline SVG of the address, black on white whatever the colour scheme."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()
