"""What a failing page leaves in the log: a line of ours, and nothing of who asked or what for."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

from safehold.config.log_filter import WithoutTheRequest

TYPED = "he waits behind the blue gate"
ADDRESS = "/return/?code=SECRET-CODE"
HERE = __file__
LINE = settings.LOGGING["formatters"]["line"]["format"]


@pytest.fixture
def said() -> Iterator[Callable[[], str]]:
    """What the handler of the settings writes, whatever other handlers there are."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(LINE.replace("%(asctime)s ", "")))
    handler.addFilter(WithoutTheRequest())
    loggers = [logging.getLogger(n) for n in ("django.request", "django.security", "safehold")]
    before = [(one, one.propagate, one.handlers) for one in loggers]
    for one in loggers:
        one.propagate, one.handlers = False, [handler]
    yield stream.getvalue
    for one, propagate, handlers in before:
        one.propagate, one.handlers = propagate, handlers


def request() -> HttpRequest:
    """A request that would tell much."""
    return RequestFactory().post(ADDRESS, {"text": TYPED}, HTTP_USER_AGENT="Telltale/1.0")


def answer_to(error: Exception) -> HttpResponse:
    """What the framework does with an exception of a view, its log lines included."""
    try:
        raise error
    except Exception as caught:
        return response_for_exception(request(), caught)


def assert_nothing_of_the_visitor(text: str) -> None:
    for trace in (TYPED, "SECRET-CODE", "/return", "Telltale", "POST", "Request", "%s"):
        assert trace not in text


def test_a_failed_page_is_one_sentence_and_where(said) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.signals.got_request_exception.send", lambda **_: None)
        answer_to(ValueError(TYPED))

    line, *places = said().splitlines()
    assert line == "ERROR django.request a page failed [ValueError]"
    assert len(places) == 1
    assert places[0].startswith(f"  {HERE}:")
    assert places[0].endswith(" answer_to")
    assert_nothing_of_the_visitor(said())


def test_a_page_that_answers_with_a_failure_says_its_status(said) -> None:
    log_response(
        "%s: %s",
        "Service Unavailable",
        ADDRESS,
        response=HttpResponse(status=503),
        request=request(),
    )

    assert said() == "ERROR django.request a page failed [503]\n"


def test_a_refused_request_does_not_say_what_was_wrong_with_it(said) -> None:
    answer_to(SuspiciousOperation(f"Invalid header: {TYPED} {ADDRESS}"))

    lines = [line for line in said().splitlines() if "django.security" in line]
    assert lines == [
        "ERROR django.security.SuspiciousOperation a request was refused [SuspiciousOperation]"
    ]
    assert_nothing_of_the_visitor(said())


def test_a_refusal_without_an_exception_is_named_by_its_logger(said) -> None:
    log_response(
        "Forbidden (%s): %s",
        TYPED,
        ADDRESS,
        response=HttpResponse(status=403),
        request=request(),
        logger=logging.getLogger("django.security.csrf"),
    )

    assert said() == "WARNING django.security.csrf a request was refused [csrf]\n"


def test_an_exception_that_we_log_keeps_our_words_alone(said) -> None:
    try:
        raise KeyError(TYPED)
    except KeyError:
        logging.getLogger("safehold.public").exception(
            "A report could not be taken in", extra={"request": request()}
        )

    line, *places = said().splitlines()
    assert line == "ERROR safehold.public A report could not be taken in [KeyError]"
    assert [place.split(":")[0] for place in places] == [f"  {HERE}"]
    assert_nothing_of_the_visitor(said())


def test_a_cause_is_not_told_either(said) -> None:
    try:
        try:
            raise KeyError(TYPED)
        except KeyError as error:
            raise RuntimeError(ADDRESS) from error
    except RuntimeError:
        logging.getLogger("safehold.public").exception("Something of ours failed")

    assert said().splitlines()[0] == "ERROR safehold.public Something of ours failed [RuntimeError]"
    assert_nothing_of_the_visitor(said())


def test_every_handler_that_writes_has_the_filter() -> None:
    handlers = settings.LOGGING["handlers"]
    writing = [h for h in handlers.values() if h["class"] != "logging.NullHandler"]

    assert writing
    for handler in writing:
        assert [settings.LOGGING["filters"][name]["()"] for name in handler["filters"]] == [
            f"{WithoutTheRequest.__module__}.{WithoutTheRequest.__name__}"
        ]
