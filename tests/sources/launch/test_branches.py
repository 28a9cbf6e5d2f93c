"""Which branches of a start script are left for a unit?"""

from __future__ import annotations

import pytest

from callcheck.sources.launch.branches import chosen

CASE = """#!/bin/sh
case "${MODE:-api}" in
  worker|jobs) exec celery -A shop worker ;;
  beat)
    exec celery -A shop beat
    ;;
  *) exec uvicorn shop.api:app ;;
esac
"""
IF = """if [[ "${ROLE}" == "worker" ]]; then
  if [ -z "$QUEUE" ]; then
    QUEUE=mail
  fi
  exec celery -A shop worker
elif [ "$ROLE" = beat ]; then
  exec celery -A shop beat
else
  exec gunicorn shop:app
fi
"""


@pytest.mark.parametrize(
    ("text", "env", "starts"),
    [
        (CASE, {"MODE": "jobs"}, ["worker"]),
        (CASE, {"MODE": "beat"}, ["beat"]),
        (CASE, {"MODE": "other"}, ["shop.api:app"]),
        (CASE, {}, ["shop.api:app"]),
        (CASE.replace(":-api", ""), {}, ["worker", "beat", "shop.api:app"]),
        (IF, {"ROLE": "worker"}, ["worker"]),
        (IF, {"ROLE": "beat"}, ["beat"]),
        (IF, {"ROLE": "web"}, ["shop:app"]),
        (IF, {}, ["worker", "beat", "shop:app"]),
    ],
)
def test_branches(text: str, env: dict[str, str], starts: list[str]) -> None:
    left = chosen(text, env)
    assert [line.split()[-1] for line in left.replace(";;", "").split("\n") if "exec" in line] == starts
    assert left.count("\n") == text.count("\n"), "lines keep their numbers"


def test_arguments_are_filled_in() -> None:
    assert chosen('exec "$@"\n', {}, ["celery", "worker"]) == "exec celery worker\n"
