"""Where nudges are handed over: addresses that can be, and refusals that repeat nothing."""

from __future__ import annotations

import pytest

from safehold.domain.gateways import BadGateway, sender, sms_gateway, smtp_server


def test_a_mail_server_is_read_with_its_password_decoded():
    server = smtp_server("smtps://some%40one:p%2Fw@mail.example.org")

    assert (server.host, server.port, server.tls) == ("mail.example.org", 465, True)
    assert (server.user, server.password) == ("some@one", "p/w")
    assert not server.here


def test_without_tls_from_the_start_the_port_is_that_of_starttls():
    assert smtp_server("smtp://mail.example.org").port == 587
    assert smtp_server("smtp://[::1]:2525").here


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.org",
        "https://mail.example.org",
        "smtp://",
        "smtp://user:hunter2@",
        "smtp://hunter2@mail.example.org",
        "smtp://user:hunter2@mail.example.org:port",
        "smtp://user:hunter2@mail.example.org/box",
        "smtp://user:hunter2@[mail",
    ],
)
def test_what_is_no_mail_server_is_refused_and_not_repeated(text):
    with pytest.raises(BadGateway) as refused:
        smtp_server(text)

    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http://gateway.example.org/", "hunter2"),
        ("https://user:hunter2@gateway.example.org/", "hunter2"),
        ("ftp://gateway.example.org/", "hunter2"),
        ("https://gateway.example.org/", ""),
        ("https://gateway.example.org/", "hunter2\r\nTo: him"),
        ("https://[gateway", "hunter2"),
    ],
)
def test_what_is_no_gateway_is_refused_and_not_repeated(url, token):
    with pytest.raises(BadGateway) as refused:
        sms_gateway(url, token)

    assert "hunter2" not in str(refused.value)


def test_a_token_and_a_password_are_shown_by_no_repr():
    assert "hunter2" not in repr(sms_gateway("https://gateway.example.org/", "hunter2"))
    assert "hunter2" not in repr(smtp_server("smtp://user:hunter2@mail.example.org"))


def test_a_sender_has_a_name_that_says_nothing():
    made = sender("Local notices <notices@example.org>", never=("police",))

    assert (made.name, made.address, made.domain) == (
        "Local notices",
        "notices@example.org",
        "example.org",
    )


@pytest.mark.parametrize(
    "text",
    [
        "notices@example.org",
        "Local notices",
        "Local notices <notices>",
        "Mereshire Police <notices@example.org>",
        "Local notices <notices@mereshire.POLICE.uk>",
        "Loc\u00e4l <notices@example.org>",
        "Local\nBcc: him <notices@example.org>",
    ],
)
def test_a_sender_that_tells_or_is_none_is_refused(text):
    with pytest.raises(BadGateway):
        sender(text, never=("police", "Mereshire Constabulary"))
