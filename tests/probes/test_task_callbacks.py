"""A task that follows another gets its result first, one for errors the request, the exception and the traceback."""

from __future__ import annotations

import pytest

from callcheck.probes.task_callbacks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


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
        ("(user)", "(work.s() | after.s(1)).delay()", False),
        ("(user)", "(work.s() | after.si(1)).delay()", True),
        ("(user)", "(after.s(1) | work.si()).delay()", True),
        ("()", "chord([work.s()])(after.s())", False),
        ("(results)", "chord([work.s()])(after.s())", True),
        ("()", "chord([work.s()], after.s())()", False),
    ],
)
def test_what_a_callback_is_called_with(tmp_path, signature: str, line: str, fits: bool) -> None:
    text = f"from celery import Celery, chain, chord\napp = Celery('x')\n@app.task\ndef work(): ...\n@app.task\ndef after{signature}: ...\n{line}\n"
    assert bool(look(tmp_path, {"a.py": text})) is not fits


def test_a_bound_task_is_handed_itself_too(tmp_path) -> None:
    text = "from celery import shared_task\n@shared_task\ndef work(): ...\n@shared_task(bind=True)\ndef after(self, result): ...\nwork.apply_async(link=after.s())\n"
    assert not look(tmp_path, {"a.py": text})


@pytest.mark.parametrize(
    ("actor", "line", "fits"),
    [
        ("@dramatiq.actor\ndef after(): ...", "dramatiq.pipeline([work.message(), after.message()]).run()", False),
        ("@dramatiq.actor\ndef after(result): ...", "dramatiq.pipeline([work.message(), after.message()]).run()", True),
        ("@dramatiq.actor(pipe_ignore=True)\ndef after(): ...", "dramatiq.pipeline([work.message(), after.message()]).run()", True),
        ("@dramatiq.actor\ndef after(): ...", "(work.message() | after.message()).run()", False),
    ],
)
def test_a_pipeline_hands_its_results_on(tmp_path, actor: str, line: str, fits: bool) -> None:
    text = f"import dramatiq\n@dramatiq.actor\ndef work(): ...\n{actor}\n{line}\n"
    assert bool(look(tmp_path, {"a.py": text})) is not fits
