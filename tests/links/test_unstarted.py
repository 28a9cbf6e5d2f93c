"""What is started only where no deployed process comes is told, and what runs is left alone."""

from __future__ import annotations

import pytest

from callcheck import pipeline
from callcheck.model.target import Target

WORK = "from apscheduler.schedulers.background import BackgroundScheduler\nscheduler = BackgroundScheduler()\nscheduler.add_job(print, 'interval', minutes=5)\n"
GUARD = "if __name__ == '__main__':\n    import threading\n    scheduler.start()\n    threading.Event().wait()\n"
GUNICORN = 'FROM python:3.12\nCMD ["gunicorn", "wsgi:app"]\n'
PYTHON = 'FROM python:3.12\nCMD ["python", "run.py"]\n'
WSGI = "import jobs\napp = object()\n"
RUN = "from jobs import scheduler\n"


def _causes(folder, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (folder / name).write_text(text)
    return [d.rule.cause for d in pipeline.diagnose(Target(folder, folders=(folder,))).report.diagnoses if d.confidence >= 0.5]


@pytest.mark.parametrize(
    "files",
    [
        {"jobs.py": WORK, "wsgi.py": WSGI, "run.py": RUN + GUARD, "Dockerfile": GUNICORN},
        {"jobs.py": WORK, "wsgi.py": WSGI, "run.py": RUN + "scheduler.start()\n", "Dockerfile": GUNICORN},
        {"jobs.py": WORK + GUARD, "wsgi.py": WSGI, "Dockerfile": GUNICORN},
        {"clock.py": WORK + GUARD, "wsgi.py": "app = object()\n", "Procfile": "web: gunicorn wsgi:app\n"},
    ],
    ids=["the main program of another file", "another file", "the main program of an imported file", "a clock that no unit starts"],
)
def test_a_start_that_the_deployment_never_runs(tmp_path, files) -> None:
    assert _causes(tmp_path, files) == ["runtime-not-started"]


@pytest.mark.parametrize(
    "files",
    [
        {"jobs.py": WORK, "run.py": RUN + GUARD, "Dockerfile": PYTHON},
        {"jobs.py": WORK, "wsgi.py": WSGI + "jobs.scheduler.start()\n", "Dockerfile": GUNICORN},
        {"jobs.py": WORK, "wsgi.py": WSGI, "run.py": RUN + GUARD},
        {"jobs.py": WORK, "wsgi.py": WSGI, "run.py": RUN + GUARD, "Dockerfile": 'FROM python:3.12\nCMD ["/start"]\n'},
        {"clock.py": WORK + GUARD, "wsgi.py": "app = object()\n", "Procfile": "web: gunicorn wsgi:app\nclock: python clock.py\n"},
        {"dev_clock.py": WORK + GUARD, "wsgi.py": "app = object()\n", "Procfile": "web: gunicorn wsgi:app\n"},
    ],
    ids=["the main program", "started where it is loaded", "no deployment", "an entry that is not found", "a clock of its own", "a file for development"],
)
def test_silent_where_it_may_be_started(tmp_path, files) -> None:
    assert _causes(tmp_path, files) == []
