"""Queued work is unserved only if every unit's command is known and none of them takes it."""

from __future__ import annotations

import pytest

from callcheck.links.unserved_work import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.work import WorkHandedOff, WorkTaken
from callcheck.model.words import Basis

WEB = ServiceRun("web", "gunicorn a:app", "a:app", "web", "procfile", server="gunicorn")
CELERY = ServiceRun("worker", "celery -A a worker", "a", "worker", "procfile", server="celery")
MAILS = ServiceRun("worker", "celery -A a worker -Q mails", "a", "worker", "procfile", server="celery", queues="mails")
PLAIN = WorkTaken("celery", "celery without -Q", "work-queues", "python")


def _told(worker: str, queue: str, *facts: ServiceRun | WorkTaken) -> list[str]:
    items = [Evidence(WorkHandedOff(queue, worker, "work-queues", "python"), Basis.INFERRED, "test", Location("a.py", 1))]
    items += [Evidence(fact, Basis.DECLARED, "test", Location("Procfile", 1)) for fact in facts]
    return [f"{e.fact.worker} {e.fact.takes}".rstrip() for e in LINK.join(Ledger(items))]


def test_no_unit_is_a_worker() -> None:
    assert _told("celery", "celery", WEB) == ["celery"]


def test_the_workers_take_from_other_queues() -> None:
    assert _told("celery", "celery", WEB, MAILS) == ["celery mails"]
    assert _told("celery", "mails", WEB, CELERY, PLAIN) == ["celery celery"]


def test_what_hands_work_off_on_a_schedule_takes_none() -> None:
    beat = ServiceRun("beat", "celery -A a beat", "a", "scheduler", "procfile", server="celery")
    assert _told("celery", "celery", WEB, MAILS, beat, PLAIN) == ["celery mails"]


def test_a_schedule_without_its_beat() -> None:
    assert _told("celery beat", "", WEB, CELERY) == ["celery beat"]
    assert not _told("celery beat", "", WEB, ServiceRun("worker", "celery -A a worker -B", "a", "worker", "procfile", server="celery"))


@pytest.mark.parametrize(
    ("queue", "facts"),
    [
        ("celery", (WEB, CELERY)),
        ("mails", (WEB, CELERY)),
        ("mails", (WEB, MAILS)),
        ("*", (WEB, MAILS)),
        ("celery", (WEB, ServiceRun("jobs", "", "", "unknown", "compose"))),
        ("celery", (ServiceRun("", "gunicorn a:app", "a:app", "web", "dockerfile", server="gunicorn"),)),
        ("celery", (WEB, ServiceRun("jobs", "python manage.py celery worker", "manage.py celery", "worker", "procfile", server="django"))),
    ],
    ids=["a worker", "its queues are not known", "the right queue", "a computed queue", "a unit whose command is not known", "an image alone", "by manage.py"],
)  # fmt: skip
def test_silent_with(queue, facts) -> None:
    assert not _told("celery", queue, *facts)


def test_a_script_that_the_deployment_does_not_start_is_no_worker() -> None:
    assert _told("celery", "celery", WEB, ServiceRun("worker", "celery -A a worker", "a", "worker", "package-script", server="celery")) == ["celery"]


def test_an_image_of_its_own_may_be_started_elsewhere() -> None:
    assert not _told("bullmq", "mail", WEB, ServiceRun("", "node worker.js", "worker.js", "worker", "dockerfile", server="node"))
