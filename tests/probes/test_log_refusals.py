"""Is a provider that is turned away told from a scanner that is?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.journeys import DeadlineMet, WebhookRefused
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_refusals import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, *lines: tuple[str, int, str]) -> list[WebhookRefused]:
    """Path, status and user agent of each request, in nginx's combined format."""
    text = "".join(
        f'10.0.0.7 - - [09/Mar/2026:08:{n:02d}:00 +0000] "POST {path} HTTP/1.1" {status} 118 "-" "{agent}"\n'
        for n, (path, status, agent) in enumerate(lines)
    )
    return told(folder, text)


def told(folder: Path, text: str) -> list[WebhookRefused]:
    (folder / "access.log").write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    found = [item for item in PROBE.look(target, Eyes(target, KNOWN)) if isinstance(item, Evidence)]
    return [item.fact for item in found if isinstance(item.fact, WebhookRefused)]


def test_a_provider_that_is_refused_each_time_is_told(tmp_path: Path) -> None:
    (fact,) = look(tmp_path, *[("/integrations/x", 403, "GitHub-Hookshot/ede37db")] * 6)
    assert (fact.path, fact.status, fact.sender, fact.count) == ("/integrations/x", 403, "GitHub-Hookshot", 6)


def test_a_redirect_is_told_as_one(tmp_path: Path) -> None:
    (fact,) = look(tmp_path, *[("/hooks/x", 301, "Stripe/1.0")] * 4)
    assert fact.redirected


def test_scanners_beside_a_provider_that_is_served_are_not(tmp_path: Path) -> None:
    assert look(tmp_path, *[("/webhooks/x", 200, "Stripe/1.0")] * 9, *[("/webhooks/x", 400, "curl/8.1")] * 6) == []


def test_refused_posts_to_other_paths_are_not(tmp_path: Path) -> None:
    assert look(tmp_path, *[("/login", 401, "Mozilla/5.0")] * 9) == []


def left(folder: Path, *took: str) -> list[DeadlineMet]:
    """Requests that their sender left unanswered, as nginx writes them with its `$request_time`."""
    text = "".join(
        f'10.0.0.7 - - [09/Mar/2026:08:{n:02d}:00 +0000] "POST /hooks/x HTTP/1.1" 499 0 "-" "GitHub-Hookshot/ede37db" {seconds}\n'
        for n, seconds in enumerate(took)
    )
    (folder / "access.log").write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    found = [item for item in PROBE.look(target, Eyes(target, KNOWN)) if isinstance(item, Evidence)]
    return [item.fact for item in found if isinstance(item.fact, DeadlineMet)]


def test_a_sender_that_leaves_after_its_limit_is_told(tmp_path: Path) -> None:
    (fact,) = left(tmp_path, "rt=10.003", "rt=10.001", "10.002", "10.000 -")
    assert (fact.seconds, fact.side, fact.count) == (10, "sender", 4)


def test_senders_that_leave_now_and_then_are_no_limit(tmp_path: Path) -> None:
    assert not left(tmp_path, "rt=1.203", "rt=10.001", "rt=4.002", "rt=0.700", "rt=22.100")


def test_a_provider_that_was_served_until_a_moment_is_told_from_there(tmp_path: Path) -> None:
    fine, refused = ("/hooks/x", 200, "Shopify-Captain-Hook"), ("/hooks/x", 401, "Shopify-Captain-Hook")
    (fact,) = look(tmp_path, refused, *[fine] * 20, *[refused] * 6)
    assert (fact.status, fact.count) == (401, 7)


def test_refusals_after_which_it_is_served_again_are_not(tmp_path: Path) -> None:
    fine, refused = ("/hooks/x", 200, "Shopify-Captain-Hook"), ("/hooks/x", 401, "Shopify-Captain-Hook")
    assert look(tmp_path, *[fine] * 20, *[refused] * 6, fine) == []


@pytest.mark.parametrize(
    "line",
    [
        'May  1 10:{n:02d}:05 lb haproxy[814]: 140.82.115.7:40112 [01/May/2026:10:{n:02d}:05.101] fe~ be_hooks/<NOSRV> 0/-1/-1/-1/0 {status} 217 - - SC-- 2/2/0/0/0 0/0 "POST /github/hook HTTP/1.1"',
        '[2026-03-09T07:{n:02d}:01.120Z] "POST /hooks/shipping HTTP/1.1" {status} UF,URX - 412 145 11 - "-" "EasyPost/1.0" "9f1c" "hooks.depot.example" "10.4.0.7:8080"',
        '10.0.0.1 - - [01/May/2026:10:{n:02d}:01 +0000] "POST /pay/in HTTP/1.1" {status} 11 "-" "Stripe/1.0 (+https://stripe.com/docs/webhooks)" 1 "shop@docker" "http://172.20.0.5:3000" 3ms',
    ],
)
def test_a_proxy_that_finds_nobody_behind_a_webhook_is_told(tmp_path: Path, line: str) -> None:
    (fact,) = told(tmp_path, "".join(line.format(n=n, status=503) + "\n" for n in range(6)))
    assert (fact.status, fact.count) == (503, 6)
    assert not told(tmp_path, "".join(line.format(n=n, status=503 if n == 3 else 200) + "\n" for n in range(6)))


def late(folder: Path, *lines: str) -> list[DeadlineMet]:
    (folder / "app.log").write_text("".join(f"2026-03-09T08:{n:02d}:00.000Z INFO {line}\n" for n, line in enumerate(lines)), encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    return [item.fact for item in PROBE.look(target, Eyes(target, KNOWN)) if isinstance(item, Evidence) and isinstance(item.fact, DeadlineMet)]


@pytest.mark.parametrize(
    "line",
    [
        "POST /hooks/github 200 13012.331 ms - 2",
        "POST /hooks/github 200 in 13.2s",
        "request completed method=POST path=/hooks/github status=200 duration_ms=13012",
        '10.0.0.7 - "POST /hooks/x HTTP/1.1" 200 118 "-" "GitHub-Hookshot/ede37db" rt=13.012',
    ],
)
def test_a_sender_that_has_left_before_it_is_answered_is_told_by_how_long_the_answers_take(tmp_path: Path, line: str) -> None:
    (fact,) = late(tmp_path, *[line] * 4)
    assert (fact.seconds, fact.side, fact.count) == (10, "sender", 4)


@pytest.mark.parametrize(
    "line",
    ["POST /hooks/github 200 412.331 ms - 2", "POST /hooks/github 200 in 9.2s", "POST /reports 200 13012.331 ms - 2", "POST /hooks/stripe 200 13012.331 ms - 2"],
)
def test_answers_in_time_and_those_to_others_are_not_late(tmp_path: Path, line: str) -> None:
    assert late(tmp_path, *[line] * 6) == []


def test_a_few_late_answers_among_many_in_time_are_nothing(tmp_path: Path) -> None:
    assert late(tmp_path, *["POST /hooks/github 200 412.331 ms - 2"] * 12, *["POST /hooks/github 200 13012.331 ms - 2"] * 3) == []
