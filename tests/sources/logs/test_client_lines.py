"""Is it known who answered, and how, by the lines that clients, Ollama and proxies write for each request?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.client_lines import Calls, answered
from callcheck.sources.logs.view import View


def view(text: str, line: int = 1) -> View:
    return View(Record(Place("app.log", line, line), text, None, Level.INFO, "", "", [], line << 16))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('HTTP Request: POST https://api.openai.com/v1/chat/completions "HTTP/1.1 429 Too Many Requests"', ("api.openai.com", 429)),
        ('HTTP Request: POST https://user:key@llm.internal/v1/chat/completions "HTTP/1.1 200 OK"', ("llm.internal", 200)),
        ('HTTP Request: GET https://example.com/health "HTTP/1.1 503 Service Unavailable"', ("", 0)),
        ('[GIN] 2026/03/09 - 08:00:05 | 200 |  1.2s |      172.22.0.6 | POST     "/api/chat"', ("ollama", 200)),
        ('[GIN] 2026/03/09 - 08:00:35 | 500 | 30s |      172.22.0.6 | POST     "/api/chat"', ("ollama", 504)),
        ('[GIN] 2026/03/09 - 08:00:35 | 500 | 30.808s |      172.22.0.6 | POST     "/api/chat"', ("ollama", 504)),
        ('[GIN] 2026/03/09 - 08:00:35 | 499 |         5m1s |      172.22.0.6 | POST     "/v1/chat/completions"', ("ollama", 504)),
        ('[GIN] 2026/03/09 - 08:00:35 | 500 | 41.2s |      172.22.0.6 | POST     "/api/chat"', ("ollama", 500)),
        ('[GIN] 2026/03/09 - 08:00:35 | 200 | 30.1s |      172.22.0.6 | POST     "/api/chat"', ("ollama", 200)),
        ('[GIN] 2026/03/09 - 08:00:35 | 500 | 3.1s |      172.22.0.6 | POST     "/api/chat"', ("ollama", 500)),
        ('[GIN] 2026/03/09 - 08:00:05 | 200 |  1.2s |      172.22.0.6 | GET      "/orders"', None),
        ('[2026-03-09T08:00:05.101Z] "POST /v1/messages HTTP/2" 529 - 311 88 42 "api.anthropic.com"', ("api.anthropic.com", 529)),
        ("the answer of api.anthropic.com was 529", None),
        ("order 31 stored", None),
    ],
)
def test_who_answered_is_known(text: str, said: tuple[str, int] | None) -> None:
    assert answered(view(text)) == said


def test_parts_add_up_and_keep_the_first_samples() -> None:
    one, other, whole = Calls(), Calls(), Calls()
    for line, status in enumerate((200, 429, 401, 429, 200), 1):
        (one if line < 3 else other).add(view("a request", line), status)
        whole.add(view("a request", line), status)
    other.merge(one)
    assert other == whole
    assert (whole.ok, whole.by_class) == (2, {"rate-limit": 2, "auth": 1})
    assert [place.line for place, _, _ in whole.samples["rate-limit"]] == [2, 4]
