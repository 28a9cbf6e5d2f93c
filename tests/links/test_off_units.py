"""A unit without a replica takes no work, unless something else gives it one."""

from __future__ import annotations

import pytest

from callcheck import pipeline
from callcheck.model.target import Target

FILES = {
    "requirements.txt": "rq==2.0.0\nflask==3.1.0\n",
    "web.py": "from flask import Flask\nfrom redis import Redis\nfrom rq import Queue\nfrom jobs import convert\napp = Flask(__name__)\nq = Queue('default', connection=Redis())\n@app.post('/c')\ndef start():\n    q.enqueue(convert, 1)\n    return ''\n",
    "jobs.py": "def convert(n):\n    print(n)\n",
    "Procfile": "web: gunicorn -w 1 web:app\nworker: rq worker default\n",
}
NONE = '{"formation": {"web": {"quantity": 1},\n"worker": {"quantity": 0}}}'


def _report(tmp_path, **more: str):
    for name, text in {**FILES, **{key.replace("_", "."): text for key, text in more.items()}}.items():
        (tmp_path / name).write_text(text)
    return pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report


def test_work_for_a_worker_without_a_dyno_is_unserved(tmp_path) -> None:
    report = _report(tmp_path, app_json=NONE)
    first = report.diagnoses[0]
    assert first.rule.cause == "runtime-not-started" and first.confidence > 0.6
    assert "app.json:2" in [str(item.where) for item in first.evidence]
    assert first.fixes[0].snippets[0].path == "app.json" and '"quantity": 1' in first.fixes[0].snippets[0].after


@pytest.mark.parametrize("more", [{}, {"app_json": NONE.replace(": 0", ": 1")}, {"app_json": NONE, "up_sh": "heroku ps:scale worker=2\n"}])
def test_a_worker_with_a_dyno_takes_it(tmp_path, more: dict[str, str]) -> None:
    report = _report(tmp_path, **more)
    assert not report.ledger.of("service.off") and not report.ledger.of("work.unserved")
