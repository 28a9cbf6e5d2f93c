"""Are calls that failed for good told from those that were cured?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_failures import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, *lines: str, name: str = "app.log") -> list[Evidence]:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def at(second: float, text: str) -> str:
    return f"2025-03-04 09:{int(second) // 60:02d}:{int(second) % 60:02d},{int(second * 1000) % 1000:03d} {text}"


REFUSED = "ERROR app run failed run=ab12cd34 openai.AuthenticationError: Error code: 401 - {'error': {'code': 'invalid_api_key'}}"


def facts(found: list[Evidence]) -> list[tuple[str, str, int]]:
    return [
        (f.attributes()["callcheck.failure.class"], f.attributes()["callcheck.peer"], f.attributes()["callcheck.count"])
        for f in (e.fact for e in found)
    ]  # type: ignore[misc]


def test_a_refused_key_is_stated_where_it_stands(tmp_path: Path) -> None:
    found = look(tmp_path, at(1, "INFO app up"), at(2, REFUSED))
    assert facts(found) == [("auth", "model", 1)]
    assert str(found[0].where) == "app.log:2"


def test_a_retry_that_succeeds_is_no_failure(tmp_path: Path) -> None:
    lines = [
        at(1, "WARNING llm ThrottlingException from bedrock run=ab12cd34, retry 1 of 4"),
        at(4, "INFO app run completed run=ab12cd34"),
    ]
    assert look(tmp_path, *lines) == []


@pytest.mark.parametrize(
    "told",
    [
        "RateLimitError: 429 rate_limit_error err.headers.x-should-retry=true err.headers.retry-after=30",
        "ThrottlingException model=claude err.$metadata.attempts=3 err.$metadata.totalRetryDelay=412",
        "AI_APICallError rate_limit_exceeded isRetryable=true",
        "openai: requests have exceeded call rate limit of your current pricing tier. Please retry after 26 seconds.",
        "MODEL_RATE_LIMIT attemptNumber=7 retriesLeft=0",
    ],
)
def test_what_a_server_or_an_error_says_of_another_attempt_promises_none(tmp_path: Path, told: str) -> None:
    assert facts(look(tmp_path, at(1, f"ERROR app run failed run=ab12cd34 {told}"))) == [("rate-limit", "model", 1)]


@pytest.mark.parametrize(
    "told",
    [
        "RateLimitError: 429 rate_limit_error retry-after=30",
        "openai: requests have exceeded call rate limit of your current pricing tier. Please retry after 26 seconds.",
        "MODEL_RATE_LIMIT attemptNumber=2 retriesLeft=5",
        "google.api_core.exceptions.ResourceExhausted: 429 gemini, retrying in 2 s",
    ],
)
def test_who_warns_of_one_attempt_goes_on(tmp_path: Path, told: str) -> None:
    assert look(tmp_path, at(1, f"WARNING app run=ab12cd34 {told}")) == []


CALLED = 'INFO httpx HTTP Request: POST https://api.anthropic.com/v1/messages "HTTP/1.1 {}"'


def test_an_attempt_that_the_app_counts_is_made_good_by_the_models_next_answer(tmp_path: Path) -> None:
    tried = [line for n in range(1, 5) for line in (at(2 * n, CALLED.format("529 ")), at(2 * n, f"WARNING app claude overloaded (529), try {n}"))]
    assert look(tmp_path, *tried, at(9, CALLED.format("200 OK"))) == []
    assert facts(look(tmp_path, *tried)) == [("unavailable", "model", 4)]


def test_the_last_of_several_attempts_counts(tmp_path: Path) -> None:
    error = "litellm.BadRequestError: AnthropicException - prompt is too long"
    lines = [at(n, f"WARNING - Error on attempt {n}/3: {error}") for n in (1, 2, 3)]
    assert facts(
        look(tmp_path, *lines, at(4, f"ERROR - Failed to make API call after 3 attempts. Last error: {error}"))
    ) == [("rejected", "model", 1)]


def test_giving_up_counts_although_the_line_names_no_error(tmp_path: Path) -> None:
    lines = [
        at(1, "WARN job 4101 notify attempt 1 failed: connect ECONNREFUSED 127.0.0.1:3000"),
        at(2, "ERROR job 4101 result not delivered to http://localhost:3000/done"),
        at(3, "INFO job 4101 done"),
    ]
    found = look(tmp_path, *lines)
    assert facts(found) == [("unavailable", "callback", 1)]
    assert found[0].fact.attributes()["callcheck.peer.loopback"] is True
    assert {e.where.line for e in found[0].flat() if e.where} == {1, 2}


def test_a_timeout_inside_a_connection_error_is_a_timeout(tmp_path: Path) -> None:
    assert facts(
        look(
            tmp_path,
            at(
                1,
                "ERROR root LiteLLM call failed: litellm.APIConnectionError: OllamaException - litellm.Timeout: Connection timed out after 600.0 seconds.",
            ),
        )
    ) == [("timeout", "model", 1)]


def test_other_peoples_requests_are_not_ours(tmp_path: Path) -> None:
    lines = [
        '1.2.3.4 - - [04/Mar/2025:09:00:00 +0000] "GET /session HTTP/1.1" 401 12',
        at(1, "WARNING auth login rejected: wrong password"),
        at(2, "ERROR POST /chats 400 question is empty"),
    ]
    assert look(tmp_path, *lines) == []


def test_a_client_s_own_lines_count_by_their_share(tmp_path: Path) -> None:
    def call(status: str) -> str:
        return at(1, f'INFO httpx: HTTP Request: POST https://api.openai.com/v1/chat/completions "HTTP/1.1 {status}"')

    assert facts(look(tmp_path, *[call("429 Too Many Requests")] * 8, *[call("200 OK")] * 8)) == [
        ("rate-limit", "model", 8)
    ]
    assert look(tmp_path, *[call("429 Too Many Requests")] * 8, *[call("200 OK")] * 80) == []


def call(second: float, status: str) -> str:
    return at(second, f'INFO httpx HTTP Request: POST https://api.openai.com/v1/chat/completions "HTTP/1.1 {status}"')


def test_attempts_that_the_client_makes_again_are_no_failures(tmp_path: Path) -> None:
    again = at(3, "INFO openai._base_client Retrying request to /chat/completions in 0.44 seconds")
    lines = [line for _ in range(8) for line in (call(1, "429 Too Many Requests"), again, call(4, "200 OK"))]
    assert look(tmp_path, *lines) == []


def test_a_fallback_is_no_failure(tmp_path: Path) -> None:
    lines = [at(n, "WARNING feed unavailable: Request failed with status code 503, using cached copy") for n in range(1, 20)]
    assert look(tmp_path, *lines) == []


def test_a_status_in_words_is_read(tmp_path: Path) -> None:
    lines = [at(n, f"ERROR crm push failed: HTTP 422 Unprocessable Entity order=o-{n}77") for n in range(1, 13)]
    assert facts(look(tmp_path, *lines)) == [("rejected", "service", 12)]


def test_a_model_server_shows_who_leaves_at_the_limit(tmp_path: Path) -> None:
    line = '[GIN] 2025/06/16 - 17:{n:02d}:56 | 500 |          5m0s |       127.0.0.1 | POST     "/api/chat"'
    assert facts(look(tmp_path, *[line.format(n=n) for n in range(6)])) == [("timeout", "model", 6)]


QUOTA = "WARN attempt {} failed: 429 You exceeded your current quota (insufficient_quota) doc {}"


def test_attempts_that_end_alike_everywhere_are_given_up(tmp_path: Path) -> None:
    lines = [at(60 * doc + n, QUOTA.format(n, 4100 + doc)) for doc in range(5) for n in (1, 2, 3)]
    assert facts(look(tmp_path, *lines, at(400, "INFO idle"))) == [("rate-limit", "model", 5)]


def test_attempts_of_which_some_succeed_are_not(tmp_path: Path) -> None:
    lines = [at(60 * doc + n, QUOTA.format(n, 4100 + doc)) for doc in range(5) for n in range(1, 2 + doc % 3)]
    assert look(tmp_path, *lines, *[at(60 * doc + 9, f"INFO summary stored doc {4100 + doc}") for doc in range(5)]) == []


def test_the_last_attempt_is_known_by_its_number(tmp_path: Path) -> None:
    lines = [at(10 * n + t, f"WARN endpoint answered 401 for evt_{n}a77c1, attempt {t}/3") for n in range(3) for t in (1, 2, 3)]
    sent = [at(10 * n, f"INFO posting evt_{n}a77c1 to https://hooks.example.org/in") for n in range(3)]
    assert facts(look(tmp_path, *(line for n in range(3) for line in (sent[n], *lines[3 * n : 3 * n + 3])))) == [("auth", "callback", 3)]


def test_a_status_that_is_told_in_words_is_a_failure(tmp_path: Path) -> None:
    lines = [at(30 * n + t, f"INFO valuation model gave 503 for lot-{n}f2c, round {t} of 3") for n in range(4) for t in (1, 2, 3)]
    assert facts(look(tmp_path, *lines, at(200, "INFO idle"))) == [("unavailable", "model", 4)]
    assert look(tmp_path, at(1, "INFO the model gave 503 rows")) == []


def test_numbered_attempts_without_an_id_are_shown_from_the_first_with_the_line_that_names_the_error(tmp_path: Path) -> None:
    def attempt(second: float, number: int) -> list[str]:
        return [
            at(second, f"ERROR ocr [page 7] ollama: try {number}/2 failed, TypeError: fetch failed"),
            "    at async read (/srv/ocr/read.js:12:9) {",
            "  [cause]: HeadersTimeoutError: Headers Timeout Error",
            "      at Timeout.onTick (node:internal/timers:2354:17) {",
            "    code: 'UND_ERR_HEADERS_TIMEOUT'",
            "  }",
            "}",
        ]

    found = look(tmp_path, at(0, "INFO ocr [page 7] begins"), *attempt(300, 1), at(310, "INFO ocr [page 8] begins"), *attempt(610, 2))
    assert facts(found) == [("timeout", "model", 1)]
    shown = [each.where.line for item in found for each in (item, *item.because) if each.where]
    assert shown == [10, 2, 12]


CRASH = [
    "node:internal/process/promises:288",
    "            triggerUncaughtException(err, true /* fromPromise */);",
    "            ^",
    "",
    "RateLimitError: 429 Rate limit reached for gpt-4o-mini on requests per min (RPM): Limit 500, Used 500, Requested 1.",
    "    at APIError.generate (/srv/node_modules/openai/error.js:63:20)",
    "    at async /srv/src/rows.js:12:17",
    "",
    "Node.js v20.11.1",
    "npm ERR! code ELIFECYCLE",
]
PASSED_ON = [
    "Traceback (most recent call last):",
    '  File "/srv/rows.py", line 31, in <module>',
    "    asyncio.run(main())",
    '  File "/srv/rows.py", line 22, in main',
    "    await asyncio.gather(*map(tag, rows))",
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o', 'code': 'rate_limit_exceeded'}}",
]
TAKEN = [at(1 + n, f"INFO rows row {n} tagged") for n in range(70)]


@pytest.mark.parametrize("crash", [CRASH, PASSED_ON])
def test_a_failure_that_ends_its_program_is_no_chance_however_long_the_log_is(tmp_path: Path, crash: list[str]) -> None:
    (item,) = look(tmp_path, *TAKEN, *crash)
    assert (facts([item]), item.fact.attributes()["callcheck.log.rare"]) == ([("rate-limit", "model", 1)], False)


@pytest.mark.parametrize("crash", [CRASH, PASSED_ON])
def test_one_behind_which_the_log_goes_on_may_be(tmp_path: Path, crash: list[str]) -> None:
    (item,) = look(tmp_path, *TAKEN, *crash, at(200, "INFO rows row 71 tagged"))
    assert item.fact.attributes()["callcheck.log.rare"] is True


def test_a_failure_for_good_is_no_chance_where_the_model_refuses_a_good_part_of_all_attempts(tmp_path: Path) -> None:
    error = [at(90, "ERROR rows row 70 is not tagged: RateLimitError: 429 rate_limit_error"), at(91, "INFO rows next night")]
    refused = [line for n in range(20) for line in (call(n, "429 Too Many Requests"), at(n, "INFO openai._base_client Retrying request to /chat/completions in 0.5 seconds"))]
    (item,) = look(tmp_path, *refused, *TAKEN, *error)
    assert item.fact.attributes()["callcheck.log.rare"] is False
    (item,) = look(tmp_path, *refused[:4], *[call(n, "200 OK") for n in range(70)], *TAKEN, *error)
    assert item.fact.attributes()["callcheck.log.rare"] is True
