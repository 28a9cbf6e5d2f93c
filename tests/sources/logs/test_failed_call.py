"""Is a failed call told from our own refusals, and the other end from the words of the record?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.failed_call import class_of, failed_call, kind_of
from callcheck.sources.logs.peers import peer_of
from callcheck.sources.logs.view import View


def view(text: str, *more: str) -> View:
    return View(Record(Place("app.log", 7, 7 + len(more)), text, None, Level.ERROR, "", "", list(more), 7 << 16))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("model call failed: Error code: 429 - quota", "rate-limit"),
        ("webhook to https://shop.example/hook answered 404", "rejected"),
        ("AxiosError: Request failed with status code 504", "timeout"),
        ("inventory sync failed: Error: status 503", "unavailable"),
        ("POST /hooks/orders status=403 remote_addr=10.0.0.9", ""),
        ("report failed: status 503", ""),
        ("model call failed: <html><head><title>504 Gateway Time-out</title></head>", "timeout"),
        ("openai: <!DOCTYPE html><title>llm.example | 524: A timeout occurred</title>", "timeout"),
        ("openai: <html> <h1>429 Too Many Requests</h1>", "rate-limit"),
        ("stored 429 rows", ""),
    ],
)
def test_the_class_of_a_failed_call_is_read_off_its_status(text: str, kind: str) -> None:
    assert kind_of(view(text), []) == kind


@pytest.mark.parametrize(
    ("text", "told", "peer"),
    [
        ("gpt-4o answered 429", "", "model"),
        ("callback to https://shop.example refused", "", "callback"),
        ("callback of the model failed", "", "callback"),
        ("the model's callback failed", "", "model"),
        ("connect ECONNREFUSED redis:6379", "", "infrastructure"),
        ("consumer stopped: read ECONNRESET", "", "infrastructure"),
        ("consumer of api.shop.example:443: connect ECONNREFUSED api.shop.example:443", "", "service"),
        ("geocoder answered 503", "", "service"),
        ("gpt-4o answered 429", "service", "service"),
    ],
)
def test_the_other_end_is_told_by_what_stands_first(text: str, told: str, peer: str) -> None:
    assert peer_of(view(text), told) == peer


def test_the_error_it_comes_from_is_found_below_the_first_line() -> None:
    failure = failed_call(view("tagging failed: fetch failed at http://127.0.0.1:11434/api", "    at tag (/app/tag.js:3:1) {", "  [cause]: HeadersTimeoutError: Headers Timeout Error"), "timeout", "")
    assert (failure.error, failure.named, failure.address, failure.loopback) == ("HeadersTimeoutError", 2, "127.0.0.1:11434", True)


def test_no_credit_left_is_final_however_the_client_goes_on() -> None:
    assert failed_call(view("Error code: 429 - insufficient_quota"), "rate-limit", "").final
    assert not failed_call(view("Error code: 429 - rate_limit_exceeded"), "rate-limit", "").final


def test_an_answer_that_is_no_failure_has_no_class() -> None:
    assert [class_of(status) for status in (200, 302, 402, 422, 599, 600)] == ["", "", "rate-limit", "rejected", "unavailable", ""]


def test_a_method_of_a_stack_is_not_the_error() -> None:
    record = view(
        "summary failed: TaskCanceledException", "System.Threading.Tasks.TaskCanceledException: exceeded the configured timeout of 0:01:40.",
        "   at Azure.Core.Pipeline.ResponseBodyPolicy.ThrowIfCancellationRequestedOrTimeout(CancellationToken token)",
    )  # fmt: skip
    assert failed_call(record, "timeout", "model").error == "TaskCanceledException"


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ('delivery=7f endpoint=https://erp.example/hooks error="timeout awaiting response headers"', True),
        ("webhook to https://erp.example: timeout of 5000ms exceeded", True),
        ("callback: HTTPConnectionPool(host='erp', port=80): Read timed out. (read timeout=5)", True),
        ("webhook to erp.example: connect ETIMEDOUT 10.0.0.7:443", False),
        ("callback: dial tcp 10.0.0.7:443: i/o timeout", False),
    ],
)
def test_a_peer_that_is_reached_and_too_slow_is_told_from_one_that_is_not_reached(text: str, reached: bool) -> None:
    assert failed_call(view(text), "timeout", "").reached is reached
