"""Is it seen that work goes into a queue that no worker names, and is nothing said where somebody may take from it?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place, Record
from callcheck.sources.logs.sources import Sources
from callcheck.sources.logs.unserved import unserved
from callcheck.sources.logs.view import View

PUT = "RenderInvoice dispatched order=71 queue=invoices"


def found(*texts: str) -> list[tuple[str, str]]:
    """The queues without a worker in a log of these records, each with the one that was meant."""
    sources = Sources()
    for at, text in enumerate(texts, 1):
        first, *more = text.split("\n")
        sources.see(View(Record(Place("a.log", at, at + len(more)), first, instance="web-1", more=more)))
    return [(one.name, one.near) for one in unserved(sources)]


@pytest.mark.parametrize(
    "listed",
    [
        "INFO  Processing jobs from the [default,mail] queues.",
        "*** Listening on default, mail...",
        '[OK] Consuming messages from transports "default, mail".',
        "[config]\n-------------- [queues]\n                .> default          exchange=default(direct) key=default",
        'SolidQueue-1.1 Started Worker (9.1ms)  pid: 8, hostname: "w", queues: "default,mail", thread_pool_size: 3',
        "GoodJob 4.6 started scheduler with queues=default,mail max_threads=5.",
        "Listening queues: 'default', 'mail'",
        "worker up queues=default queues=mail",
        "Worker started, queues: default, mail",
        "Oban started queues=[default: 10, mail: 5]",
    ],
)
def test_work_in_a_queue_that_no_worker_lists_is_taken_by_nobody(listed: str) -> None:
    assert found(listed, *[PUT] * 5) == [("invoices", "")]
    assert found(listed, *[PUT] * 4) == []


def test_a_worker_that_takes_from_a_queue_of_nearly_the_name_was_meant_to_take_from_this_one() -> None:
    put = "workflow started RunID=7f3a TaskQueue=invoices"
    assert found("Started Worker Namespace=default TaskQueue=invoice", *[put] * 5) == [("invoices", "invoice")]
    assert found("Started Worker Namespace=default TaskQueue=letters", *[put] * 5) == []


@pytest.mark.parametrize(
    "other",
    ["Processing jobs from the [default,invoices] queues.", "worker up queues=*", "job start id=7 queue=invoices", "consuming queue=invoices"],
)
def test_nothing_is_said_where_a_worker_takes_from_the_queue_or_from_all(other: str) -> None:
    assert found("Processing jobs from the [default] queue.", other, *[PUT] * 9) == []


def test_how_full_a_queue_is_says_not_that_somebody_takes_from_it() -> None:
    assert found("Processing jobs from the [default] queue.", "queue=invoices waiting=12", *[PUT] * 5) == [("invoices", "")]
