"""How do the workers of task queues read their own command lines?

Defaults: Celery prefork and dramatiq take the CPU count, taskiq 2. All read in the packages named.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from callcheck.model.noun import replace
from callcheck.sources.launch.started import Option, Reader, Started, app_of, counted, option
from callcheck.sources.launch.words import Word, expanded

_RQ_VALUES = frozenset(
    "-u --url -n --name --num-workers -c --config -P --path --results-ttl --worker-ttl --job-monitoring-interval -w --worker-class -j --job-class "
    "--queue-class --connection-class --sentry-dsn --pid --exception-handler --log-format --date-format --max-jobs --max-idle-time --serializer "
    "-dl --dequeue-strategy --logging-level --maintenance-interval".split()
)


def _celery(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    found = _celery_plain(words, env)
    queues = option(words, "-Q", "--queues")
    return replace(found, queues=expanded(queues.value, env)) if found and queues else found


def _celery_plain(words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    texts = [word.text for word in words]
    app = option(words, "-A", "--app")
    entry = app.value if app else ""
    if "beat" in texts:
        return Started("celery", entry, "scheduler")
    if "multi" in texts:
        return _celery_nodes(words, env, entry)
    if "worker" not in texts:
        return None
    pool = option(words, "-P", "--pool")
    if pool and pool.value != "prefork":
        return Started("celery", entry, "worker", text=pool.text, flag=pool.flag, line=pool.line, stated=True)
    found = option(words, "-c", "--concurrency", "--autoscale")
    if found:
        if found.flag == "--autoscale":
            found = Option(found.value.split(",")[0], found.text, found.flag, found.line)
        return counted("celery", found, env, entry=entry, role="worker")
    return Started(
        "celery", entry, "worker", 2, True, hands_to="celery:", text="celery worker (prefork, one process a CPU)"
    )


def _celery_nodes(words: Sequence[Word], env: Mapping[str, str], entry: str) -> Started | None:
    """`celery multi start w1 w2 -c 3`, `celery multi start 4 -c 1`: workers beside each other, each with a pool (celery 5.4, apps/multi.py)."""
    texts = [word.text for word in words]
    verb, *rest = [*texts[texts.index("multi") + 1 :], ""]
    if verb not in ("start", "restart"):
        return None
    named = list(itertools.takewhile(lambda text: text and not text.startswith("-"), rest))
    nodes = int(named[0]) if len(named) == 1 and named[0].isdigit() else max(1, len(named))
    pool = option(words, "-c", "--concurrency", "-P", "--pool")
    found = counted("celery", pool, env, entry=entry, role="worker") if pool and pool.value.isdigit() else Started("celery", entry, "worker", 2, True)
    return replace(found, count=found.count and found.count * nodes)


def _rq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    texts = [word.text for word in words]
    if "worker-pool" not in texts and "worker" not in texts:
        return None
    named = texts[texts.index("worker-pool" if "worker-pool" in texts else "worker") + 1 :]
    queues = [word for before, word in zip(["", *named], named, strict=False) if not word.startswith("-") and before not in _RQ_VALUES]
    queues = expanded(" ".join(queues), env).split()
    if "worker-pool" in texts:
        return replace(counted("rq", option(words, "-n", "--num-workers"), env, role="worker"), queues=",".join(queues))
    return Started("rq", "", "worker", queues=",".join(queues) or "default")


def _one_worker(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return Started(program, app_of(words), "worker")


def _dramatiq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    texts = [word.text for word in words]
    flag = next((index for index, text in enumerate(texts) if text in ("-Q", "--queues")), len(texts))
    told = list(itertools.takewhile(lambda text: not text.startswith("-"), texts[flag + 1 :]))
    queues = ",".join(expanded(" ".join(told), env).split())
    # What follows the queues is no module of tasks.
    entry = app_of([word for index, word in enumerate(words) if not flag <= index <= flag + len(told)])
    found = option(words, "-p", "--processes")
    if found:
        return replace(counted("dramatiq", found, env, entry=entry, role="worker"), queues=queues)
    return Started("dramatiq", entry, "worker", 2, True, text="dramatiq (one process a CPU)", queues=queues)


def _huey(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    kind = option(words, "-k", "--worker-type")
    if kind and kind.value == "process":
        return counted("huey", option(words, "-w", "--workers"), env, entry=app_of(words), role="worker")
    return Started("huey", app_of(words), "worker")


def _taskiq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if not words or words[0].text != "worker":
        return Started("taskiq", app_of(words), "scheduler") if words and words[0].text == "scheduler" else None
    found = option(words, "-w", "--workers")
    if found:
        return counted("taskiq", found, env, entry=app_of(words), role="worker")
    return Started("taskiq", app_of(words), "worker", 2, text="taskiq worker (2 by default)")


def _procrastinate(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if "worker" not in [word.text for word in words]:
        return None
    app = option(words, "-a", "--app")
    queues = option(words, "-q", "--queues")
    module, _, name = (app.value if app else "").rpartition(".")
    return Started("procrastinate", f"{module}:{name}" if module else "", "worker", queues=expanded(queues.value, env) if queues else "")


READERS: dict[str, Reader] = {
    "celery": _celery,
    "rq": _rq,
    "arq": _one_worker,
    "dramatiq": _dramatiq,
    "huey_consumer": _huey,
    "huey_consumer.py": _huey,
    "taskiq": _taskiq,
    "faststream": _one_worker,
    "procrastinate": _procrastinate,
    "saq": _one_worker,
}
