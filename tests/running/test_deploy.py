"""The units and the proxy recipes: valid where it can be tried, and true to what they promise."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from safehold.config.cli import main_group

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
NGINX = ROOT / "deploy" / "proxy" / "nginx.conf"
CADDY = ROOT / "deploy" / "proxy" / "Caddyfile"


class Repeated(dict):
    """A unit may say the same thing twice; the words are kept together."""

    def __setitem__(self, name: str, value: object) -> None:
        if name in self and isinstance(value, list):
            value = [*self[name], *value]
        super().__setitem__(name, value)


def unit(path: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False, dict_type=Repeated)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    parser.read_string(path.read_text())
    return parser["Service"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_finds_nothing_wrong(path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed: units were not verified")
    found = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    )
    # the program itself is not in its place on this machine
    lines = [line for line in found.stderr.splitlines() if "is not executable" not in line]

    assert lines == []


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_unit_is_locked_in(path: Path) -> None:
    service = unit(path)

    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"
    assert service["LimitCORE"] == service["MemorySwapMax"] == "0"
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_unit_runs_a_command_that_there_is(path: Path) -> None:
    match = re.search(r"/bin/safehold (\w+)([^'\"]*)", unit(path)["ExecStart"])
    assert match is not None
    options = re.findall(r"--\w[\w-]*", match.group(2))
    shown = CliRunner().invoke(main_group, [match.group(1), "--help"])

    assert shown.exit_code == 0
    assert all(option in shown.output for option in options)


def test_the_public_side_is_another_user_and_cannot_reach_the_staff_side() -> None:
    services = {path.stem: unit(path) for path in UNITS}
    public = services.pop("safehold-public")

    assert public["User"] not in {service["User"] for service in services.values()}
    assert "/var/lib/safehold-staff" in public["InaccessiblePaths"]
    assert public["StateDirectory"] not in {s.get("StateDirectory") for s in services.values()}
    assert public["StateDirectoryMode"] == "0700"


def test_the_process_that_looks_into_files_may_restrict_itself_and_no_other() -> None:
    needed = ["seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"]
    for path in UNITS:
        text = path.read_text()
        calls = re.findall(r"^SystemCallFilter=(.*)$", text, re.M)
        if path.stem == "safehold-staff":
            assert unit(path)["RestrictNamespaces"] == "user net"
            # what is said last holds
            assert calls == [
                "@system-service",
                "~@privileged @resources",
                " ".join([*needed, "capset"]),
            ]
        else:
            assert unit(path)["RestrictNamespaces"] == "yes"
            assert not [call for call in needed if call in " ".join(calls)]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_refused_start_is_not_tried_again(path: Path) -> None:
    service = unit(path)

    if service.get("Type") != "oneshot":
        assert service["RestartPreventExitStatus"] == "2"


def servers() -> list[str]:
    text = re.sub(r"#.*", "", NGINX.read_text())
    return re.split(r"^server \{", text, flags=re.M)[1:]


def test_no_nginx_server_keeps_an_address() -> None:
    blocks = servers()

    assert len(blocks) == 3
    for block in blocks:
        assert "access_log off;" in block
    for block in blocks[:2]:
        assert "error_log /dev/null crit;" in block
    for block in blocks[1:]:
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            assert f'proxy_set_header {name} "";' in block
        assert "proxy_set_header X-Forwarded-Proto https;" in block
    passed_on = re.sub(r"limit_\w+_zone \$binary_remote_addr", "", "".join(servers()))
    # One page alone is told it, to make a mark of it that is good for an hour (config/marks.py).
    codes = re.search(r"location = /return/ \{.*?\}", passed_on, re.S)
    assert codes is not None
    assert codes[0].count("remote_addr") == 1
    passed_on = passed_on.replace(codes[0], "")
    assert "remote_addr" not in passed_on


def test_a_form_is_never_written_to_the_proxys_disk() -> None:
    for block in servers()[1:]:
        assert "client_max_body_size 3m;" in block
        assert "client_body_buffer_size 3m;" in block
        assert "proxy_max_temp_file_size 0;" in block


def test_who_sends_files_slowly_takes_few_threads() -> None:
    nginx = "".join(servers())
    files = re.search(r"location = /report/files/ \{.*?\}", nginx, re.S)
    assert files is not None
    assert "limit_conn public_files 3;" in files[0]
    # a location that sets a limit of its own has none of the server's
    assert "limit_conn_zone $binary_remote_addr zone=public_files:" in NGINX.read_text()
    assert "limit_conn public_open 40;" in files[0]
    assert re.findall(r"read_body (\w+)", CADDY.read_text()) == ["2m"]


def test_nginx_accepts_the_recipe(tmp_path: Path) -> None:
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    if not nginx or not openssl:
        pytest.skip("nginx is not installed: its recipe was not tried")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"),
            *("-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    text = re.sub(r"/etc/ssl/\w+/", f"{tmp_path}/", NGINX.read_text())
    (tmp_path / "site.conf").write_text(text.replace("/var/log/nginx/", f"{tmp_path}/"))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}\n"
        f"http {{ include {tmp_path}/site.conf; }}\n"
    )
    tried = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )

    # what follows this line is about ports and folders of this machine, not about the recipe
    assert "syntax is ok" in tried.stderr, tried.stderr


def test_caddy_accepts_the_recipe(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if not caddy:
        pytest.skip("Caddy is not installed: its recipe was not tried")
    tried = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", CADDY],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin"},
    )

    assert tried.returncode == 0, tried.stderr


def test_caddy_keeps_no_address() -> None:
    text = re.sub(r"#.*", "", CADDY.read_text())

    assert "exclude http.log.error http.log.access" in text
    assert "output" not in text
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert f"header_up -{name}" in text


def test_the_page_of_the_proxy_has_the_way_out_and_the_numbers() -> None:
    page = (ROOT / "deploy" / "proxy" / "unavailable.html").read_text()

    assert "Leave this site" in page
    assert "location.replace" in page
    assert "tel:999" in page
    assert "tel:101" in page
    assert "safehold" not in page.lower()
    assert not re.search(r"<(script|img|link)[^>]+(src|href)=.https?:", page)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("## A first installation", "\n## "),
        ("To restore:", "```"),
        ("## Upgrading", "If a step fails"),
    ],
)
def test_every_unit_is_named_where_units_are_started(begins: str, ends: str) -> None:
    document = (ROOT / "docs" / "running.md").read_text()
    part = document.split(begins, 1)[1].split(ends, 1)[0]
    started = {
        path.name.removesuffix(".service")
        for path in (ROOT / "deploy" / "systemd").iterdir()
        if "[Install]" in path.read_text()  # what a timer starts is never started by hand
    }

    assert len(started) == 6
    assert {
        name for name in started if not re.search(rf"{re.escape(name)}(?![\w.-])", part)
    } == set()


def test_an_upgrade_brings_its_units_and_keys_before_it_starts_them() -> None:
    document = (ROOT / "docs" / "running.md").read_text()
    part = document.split("## Upgrading", 1)[1]
    steps = [
        "systemctl stop ",
        "cp deploy/systemd/* ",
        " migrate",
        " keys mend ",
        " staff setup",
        "/recipients.json /var/lib/safehold-public/",
        " public setup",
        "systemctl enable --now ",
    ]
    places = [part.index(step) for step in steps]
    stopped, enabled = (
        set(re.findall(r"safehold-\w+(?:\.timer)?", line))
        for line in re.findall(r"systemctl (?:stop|enable --now) safehold-[^`\n]*", part)[-2:]
    )

    assert places == sorted(places)
    assert stopped == enabled
