"""The repository is tested too: what documents promise, and what must never be committed."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "safehold"
SAYS_NOTHING = {"utils", "util", "helpers", "common", "misc", "core", "base", "manager", "handlers"}
LONGEST_MODULE = 400


def committed(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for path in SOURCES.rglob("*.py") if "migrations" not in path.parts]


def test_no_module_has_a_name_that_says_nothing():
    assert not [p for p in modules() if SAYS_NOTHING & {p.stem, p.parent.name}]


def test_modules_stay_short_enough_to_hold():
    long = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in modules()}

    assert not {name: lines for name, lines in long.items() if lines > LONGEST_MODULE}


def test_every_silenced_check_has_its_code_and_its_reason():
    bare = re.compile(r"#\s*(noqa|type:\s*ignore)(?!(:\s*[A-Z]+\d+|\[[a-z-]+\]).*\S\s+\S)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line)
    ]

    assert not found


def test_every_dependency_says_why_it_is_here():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    dependencies = [line for line in lines if re.match(r'  "[A-Za-z][\w\-\[\],]*[^"]*",', line)]
    named = [line for line in dependencies if re.match(r'  "[\w\-]+(\[[\w,]+\])?[><=]', line)]

    assert len(named) > 15
    assert not [line for line in named if "#" not in line]


@pytest.mark.parametrize("name", ["runtime", "dev", "tools"])
def test_requirements_are_pinned_with_hashes_and_name_no_index(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pins = [line for line in text.splitlines() if re.match(r"[a-z0-9][\w.\-\[\],]*==", line)]

    assert pins
    assert all(line.rstrip().endswith("\\") for line in pins), "a pin without hashes"
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_the_requirements_are_those_of_the_project():
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    pinned = (ROOT / "requirements" / "runtime.txt").read_text().lower()

    for dependency in project["dependencies"]:
        name = re.split(r"[\[<>=]", dependency)[0].lower()
        assert re.search(rf"^{re.escape(name)}(\[.*\])?==", pinned, re.M), f"run make lock: {name}"


def test_the_npm_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_no_committed_text_names_a_package_registry():
    hosts = re.compile(r"(pypi|npmjs|pythonhosted|deb\.debian)\.(org|com)")
    texts = committed(
        "*.toml", "*.txt", "*.json", "*.md", "*.py", "Makefile", ".ci/*", "tools/*", ".npmrc"
    )

    assert not [
        p.name for p in texts if p != Path(__file__) and hosts.search(p.read_text(errors="replace"))
    ]


def test_nothing_secret_and_no_store_is_committed():
    names = [str(path.relative_to(ROOT)) for path in committed()]

    assert not [n for n in names if re.search(r"\.(sqlite3?|key|pem|parquet)$|(^|/)secret-", n)]


def test_make_help_speaks_of_every_target():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.M).group(1).split()
    explained = set(re.findall(r"^([a-z-]+):.*##", makefile, re.M))

    assert set(targets) - {"help"} <= explained | {"help"}


def test_every_environment_variable_is_documented():
    read = set(
        re.findall(r'"(SAFEHOLD_[A-Z_]+|SITE)"', (SOURCES / "config/environment.py").read_text())
    )
    documents = "".join(p.read_text() for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

    assert len(read) > 8
    assert not {name for name in read if name not in documents}


def test_decisions_are_numbered_in_order_and_titled_by_their_number():
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))

    for number, path in enumerate(decisions, 1):
        assert path.name.startswith(f"{number:04}-"), path.name
        assert path.read_text().startswith(f"# {number}. "), path.name


def test_documents_link_only_to_what_exists():
    for document in committed("*.md", "docs/**/*.md"):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
            if not re.match(r"https?:|mailto:", target):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_says_what_it_does():
    from safehold.config.cli import main_group

    runner = CliRunner()
    listed = runner.invoke(main_group, ["--help"])
    assert listed.exit_code == 0
    context = main_group.make_context("safehold", [], resilient_parsing=True)
    for name in main_group.list_commands(context):
        answer = runner.invoke(main_group, [name, "--help"])
        assert answer.exit_code == 0, name
        assert main_group.get_command(context, name).help, name
