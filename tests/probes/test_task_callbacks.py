"""A task that follows another gets its result first, one for errors the request, the exception and the traceback."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.task_callbacks import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))


@pytest.mark.parametrize(
    ("signature", "line", "fits"),
    [
        ("(result, user)", "work.apply_async(link=after.s(1))", True),
        ("(user)", "work.apply_async(link=after.s(1))", False),
        ("(user)", "work.apply_async(link=after.si(1))", True),
        ("(self, result)", "work.apply_async(link=after.s())", False),
        ("(*args, **kw)", "work.apply_async(link=[after.s(1)])", True),
        ("(request, exc, traceback)", "work.apply_async(link_error=after.s())", True),
        ("(task_id)", "work.apply_async(link_error=after.s())", True),
        ("(exc, traceback)", "work.apply_async(link_error=after.s())", False),
        ("()", "chain(work.s(), after.s())()", False),
        ("(result)", "chain(work.s(), after.s())()", True),
    ],
)
def test_what_a_callback_is_called_with(tmp_path, signature: str, line: str, fits: bool) -> None:
    text = f"from celery import Celery, chain\napp = Celery('x')\n@app.task\ndef work(): ...\n@app.task\ndef after{signature}: ...\n{line}\n"
    assert bool(look(tmp_path, {"a.py": text})) is not fits


def test_a_bound_task_is_handed_itself_too(tmp_path) -> None:
    text = "from celery import shared_task\n@shared_task\ndef work(): ...\n@shared_task(bind=True)\ndef after(self, result): ...\nwork.apply_async(link=after.s())\n"
    assert not look(tmp_path, {"a.py": text})
