"""Compile style sheets and scripts with the versions in package-lock.json; results are committed.

`build` writes them into the tree; `check` compiles afresh in a temporary folder and compares.
Running the software needs no Node: only a change of these sources does.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "safehold"
MODULES = ROOT / "node_modules"

# GOV.UK Frontend's functional colours, in the words of our palette (assets/_palette.scss).
COLOURS = {
    "brand": "plum",
    "text": "ink",
    "body-background": "card",
    "print-text": "ink",
    "secondary-text": "muted",
    "focus": "focus",
    "focus-text": "focus-ink",
    # Red is kept for leaving and for danger: an answer to mend is amber.
    "error": "amber",
    "success": "teal",
    "border": "line",
    "input-border": "edge",
    "hover": "line",
    "link": "plum",
    "link-visited": "plum",
    "link-hover": "ink",
    "link-active": "ink",
    "surface-background": "card",
    "surface-text": "ink",
    "surface-border": "line",
}

# Parts of the components that no page of ours uses. Named one by one, not found by reading pages,
# so that a page never loses its look by accident.
UNUSED = re.compile(
    r"--inverse|--small\b|__conditional|summary-card|extra-letter-spacing|__prefix|__suffix"
    r"|__wrapper|govuk-frontend-supported|moz-focus-inner|moz-any-link|--width-30"
    r"|^\.govuk-(?:label|fieldset__legend)--xl$|visually-hidden-focusable|skip-link-focused"
    r"|govuk-select option|-ms-value"
)
OLD_BROWSERS = re.compile(
    r"^@media screen(?: and \(-ms-|[^\x20-\x7e])|not \(caret-color|not \(text-wrap"
)
OLD_CONDITION = ", (-ms-high-contrast: active)"
# Colours that the components set without a name.
NAMELESS = {"color: #651b1b": "color: var(--ink)", "color: #ffffff": "color: var(--card)"}
OLD_DECLARATIONS = re.compile(
    r"(?<=\s)(?:-webkit-font-smoothing|-moz-osx-font-smoothing|-webkit-text-decoration-skip(?:-ink)?"
    r"|-webkit-appearance|text-decoration-skip|word-wrap|font-family: inherit\b)[^;{}]*;"
)
# GOV.UK Frontend has no build for pages that run right to left, so its left is where a line begins.
# The triangle of a disclosure is drawn with one border: it is turned as a whole (public.scss).
PHYSICAL = re.compile(
    r"(?<=[{;\s])(?:(margin|padding|border)-(left|right)(-width|-style|-color)?|(left|right))(?=\s*:(?!\s*inherit))"
)
SIDES = {"left": "start", "right": "end"}
BUDGETS = {
    "design/static/design/public.css": 6_000,
    "design/inline/exit.js": 2_048,
    "design/inline/files.js": 2_048,
}


class AssetsProblem(Exception):
    """Something that the person at the keyboard must mend; the message says what."""


def compile_into(folder: Path) -> None:
    """Write every committed output below `folder`, laid out as below src/safehold."""
    if not (MODULES / ".bin" / "sass").exists():
        raise AssetsProblem(
            "node_modules is missing: `npm ci` (Node.js 20 or newer), or `make assets`."
        )
    for side in ("public", "staff"):
        scss = SOURCE / "design" / "assets" / f"{side}.scss"
        css = _run("sass", f"--load-path={MODULES}", "--no-source-map", "--quiet-deps", str(scss))
        _write(folder / f"design/static/design/{side}.css", _shrink(_trim(css), "css"))
    assets = SOURCE / "design" / "assets"
    _write(folder / "design/inline/exit.js", _script(assets / "exit.js"))
    _write(folder / "design/inline/files.js", _script(assets / "files.js"))
    _write(folder / "design/static/design/staff.js", _script(assets / "staff.js"))
    saving = SOURCE / "protection" / "assets" / "saving.js"
    _write(folder / "protection/static/protection/saving.js", _script(saving))
    for name in ("phone", "phone-worker"):
        source = SOURCE / "protection" / "assets" / f"{name}.js"
        _write(folder / f"protection/static/protection/{name}.js", _bundle(source))
    _hotspot_map(folder)


def _hotspot_map(folder: Path) -> None:
    entry = SOURCE / "patrol" / "assets" / "hotspot-map.js"
    if not entry.exists():
        return
    out = folder / "patrol" / "static" / "patrol"
    out.mkdir(parents=True, exist_ok=True)
    _run(
        "esbuild", str(entry), "--bundle", "--minify", "--format=esm", "--target=es2022",
        "--legal-comments=none", "--log-level=error", f"--outfile={out / 'hotspot-map.js'}",
    )  # fmt: skip
    # Our content policy allows a worker from our own origin only, never one made from a string.
    shutil.copy(MODULES / "maplibre-gl" / "dist" / "maplibre-gl-worker.mjs", out)
    _strip_source_map(out / "maplibre-gl-worker.mjs")


def _bundle(path: Path) -> str:
    # In a function of its own; what it brings along is licensed in design/licences.
    return _run(
        "esbuild", str(path), "--bundle", "--minify", "--format=iife", "--target=es2022",
        "--legal-comments=none", "--log-level=error",
    )  # fmt: skip


def _strip_source_map(path: Path) -> None:
    _write(path, re.sub(r"\n//# sourceMappingURL=.*", "", path.read_text()).strip())


def _script(path: Path) -> str:
    return _run(
        "esbuild", str(path), "--minify", "--target=es2017",
        "--legal-comments=none", "--log-level=error",
    )  # fmt: skip


def _shrink(css: str, loader: str) -> str:
    return _run("esbuild", "--minify", f"--loader={loader}", "--target=es2020", stdin=css)


def _trim(css: str) -> str:
    """Put our colours in, and take out what no page of ours and no browser of today needs."""
    css = re.sub(
        r"var\(--govuk-([a-z-]+)-colour, [^()]+\)", lambda m: f"var(--{COLOURS[m[1]]})", css
    )
    css = css.replace('@charset "UTF-8";', "").replace(OLD_CONDITION, "")
    for literal, ours in NAMELESS.items():
        css = css.replace(literal, ours)
    kept = "".join(_kept(css))
    if unknown := re.search(r"--govuk-[a-z-]+-colour", kept):
        raise AssetsProblem(f"The style sheet still uses {unknown[0]}; add it to COLOURS.")
    return _either_way(OLD_DECLARATIONS.sub("", kept))


def _either_way(css: str) -> str:
    """Say start and end for left and right, so that one style sheet serves both directions."""

    def logical(found: re.Match[str]) -> str:
        name, side, rest, place = found.groups()
        if place:
            return f"inset-inline-{SIDES[place]}"
        return f"{name}-inline-{SIDES[side]}{rest or ''}"

    css = PHYSICAL.sub(logical, css)
    return re.sub(r"text-align:\s*(left|right)", lambda m: f"text-align:{SIDES[m[1]]}", css)


def _kept(css: str) -> Iterator[str]:
    for head, body in _blocks(css):
        if head.startswith(("@media", "@supports")):
            inner = "".join(_kept(body))
            if inner and not OLD_BROWSERS.search(head):
                yield f"{head}{{{inner}}}\n"
            continue
        if head == ":root" and "--govuk-" in body:
            continue
        selectors = [part for part in _selectors(head) if not UNUSED.search(part)]
        if selectors:
            yield f"{','.join(selectors)}{{{body}}}\n"


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Split a style sheet into (selector or condition, body), one level deep."""
    start = depth = opened = 0
    for at, char in enumerate(css):
        if char == "{":
            depth += 1
            opened = at if depth == 1 else opened
        elif char == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1


def _selectors(head: str) -> list[str]:
    # A comma inside :is(...) or :not(...) does not part selectors.
    return [part.strip() for part in re.split(r",(?![^(]*\))", head)]


def _run(tool: str, *arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        [MODULES / ".bin" / tool, *arguments],
        input=stdin, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssetsProblem(f"{tool} failed: {done.stderr.strip()}")
    return done.stdout


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.strip() + "\n")


def outputs(folder: Path) -> dict[str, bytes]:
    """Read every output below `folder`, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build() -> None:
    """Compile and put the results into the tree."""
    with tempfile.TemporaryDirectory() as folder:
        compile_into(Path(folder))
        for name, content in outputs(Path(folder)).items():
            (SOURCE / name).parent.mkdir(parents=True, exist_ok=True)
            (SOURCE / name).write_bytes(content)
            print(f"{len(content):>9,} bytes  src/safehold/{name}")


def check() -> None:
    """Compile afresh and compare with what is committed; hold each file to its budget."""
    if '"resolved"' in (ROOT / "package-lock.json").read_text():
        raise AssetsProblem("package-lock.json names download addresses; run npm with our .npmrc.")
    with tempfile.TemporaryDirectory() as folder:
        compile_into(Path(folder))
        fresh = outputs(Path(folder))
    for name, content in fresh.items():
        committed = SOURCE / name
        if not committed.exists() or committed.read_bytes() != content:
            raise AssetsProblem(f"src/safehold/{name} is not what its source gives: `make assets`.")
    for name, most in BUDGETS.items():
        size = _weight(name, fresh[name])
        if size > most:
            raise AssetsProblem(f"src/safehold/{name} weighs {size:,} bytes; at most {most:,}.")
    print(f"{len(fresh)} assets are what their sources give.")


def _weight(name: str, content: bytes) -> int:
    if not name.endswith(".css"):
        return len(content)
    return len(brotli.compress(content))


def main(arguments: list[str]) -> int:
    """Run `build` or `check`; returns the exit code."""
    acts: dict[str, Callable[[], None]] = {"build": build, "check": check}
    if len(arguments) != 1 or arguments[0] not in acts:
        print("usage: build_assets.py build|check", file=sys.stderr)
        return 2
    try:
        acts[arguments[0]]()
    except AssetsProblem as problem:
        print(f"assets: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
