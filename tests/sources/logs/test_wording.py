"""Are the ids of a line told from its words, measures and times, and its shape from both?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.wording import ids, shape_of, template_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order=7123 paid", {"7123"}),
        ("took=7123 status=404 retry 3", set()),
        ("run 8F14E45F-CEEA-467F-9F3C-0000000000AB done", {"8f14e45fceea467f9f3c0000000000ab"}),
        ("job 77abc received in 120ms on 2025-03-04", {"77abc"}),
        ("seat=b12 taken by user-4711", {"seat=b12", "user-4711", "4711"}),
        ("GET /orders/90210 from 10.0.0.7", {"90210"}),
        ("alone 12345 stands, 12.345 and v2 do not", {"12345"}),
        ("job 881 completed in 5598 ms, 24 frames", {"881"}),
        ("run 77: nobody listens. Ticket #45", {"77", "45"}),
        ("stored 234 samples, status 200, Nov 23, attempt 12, 115% of port 443", set()),
        ("    at async post (/srv/app/ollama.cjs:83:20)", set()),
        ("[consumer-2] caption 7101 stored by runner_3, replica-4 has it", {"7101"}),
        ("relay up on :8080, 10.0.0.4:6379 and http://relay.crew.svc:8080/hooks, [::]:9093", set()),
        ("172.20.0.8:51322 opened, order:4811 paid, job.done:4812", {"51322", "4811", "4812"}),
        ("tid=2l5o jid=7d11a0c2 class=MailJob done", {"7d11a0c2"}),
        ("GET /watch/depot-HH opened, watching gate-B", {"depot-HH", "gate-B"}),
        ("no user-ID in a non-JSON body of plan-B, locale en-US, acme-corp over an x-API", set()),
        ("err.$metadata.httpStatusCode=429 err.$metadata.totalRetryDelay=412", set()),
        ("trip=T9000 booked, delivery=2026-03-21 at T093015Z", {"T9000"}),
        ("Größe=4711 für Auftrag 99887", {"4711", "99887"}),
    ],
)
def test_ids(text: str, expected: set[str]) -> None:
    assert ids(text) == expected


def test_the_same_line_has_the_same_ids_when_it_comes_again() -> None:
    assert ids("job 77abc received") == ids("job 77abc received") == {"77abc"}


@pytest.mark.parametrize("much", ["", " and a good deal more of what is said here, so that the line is long" * 3])
def test_shape_and_template_are_the_words_without_what_varies(much: str) -> None:
    assert shape_of(f"[web-1] handled order.paid for customer 7123 at once with joy{much}", "order.paid") == (
        "handled for customer at once with"
    )
    assert template_of(f"handled the order 7123 of customer=ab for them{much}") == "handled the order of"


def test_places_that_a_code_of_letters_tells_apart_have_one_shape() -> None:
    assert shape_of("emit parcel.scanned depot-HH now", "parcel.scanned") == shape_of("emit parcel.scanned depot-KI now", "parcel.scanned") == "emit now"
    assert template_of("pushed to gate-B at once") == template_of("pushed to gate-A at once") == "pushed to at once"
