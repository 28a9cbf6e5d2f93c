"""In which process do the jobs of a Rails app run?

    config.active_job.queue_adapter = :sidekiq             a worker of its own
    config.active_job.queue_adapter = :async               a thread of the process that hands the job off
    plugin :solid_queue if ENV["SOLID_QUEUE_IN_PUMA"]      the server's, where that is set

Sources: guides.rubyonrails.org/active_job_basics (the default adapter is :async); rails/solid_queue and bensheldon/good_job, README (execution modes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ADAPTER = pattern(r"(?m)^[ \t]*(?:(?:[\w.]+\.)?active_job\.|ActiveJob::Base\.|self\.)queue_adapter\s*=\s*[:\"'](\w+)")
_EXECUTION = pattern(r"(?m)^[ \t]*(?:[\w.]+\.)?(?:good_job\.)?execution_mode\s*=\s*[:\"']async")
_IN_PUMA = pattern(r"(?m)^[ \t]*plugin\s+:solid_queue\b(?:\s+if\s+ENV(?:\.fetch\(|\[)\s*[\"'](\w+)[\"'])?")
_ITSELF = pattern(r"(?m)^[ \t]*include\s+Sidekiq::(?:Job|Worker)\b")
_INSIDE = frozenset({"async", "async_server", "inline", "test", "async_job"})
_SETTINGS = ("config/environments/production.rb", "config/application.rb")


@dataclass(frozen=True, slots=True)
class JobRunner:
    """The adapter's name, "" if nothing says it, and whether the process of the server runs the jobs itself; None where that cannot be told."""

    name: str
    inside: bool | None


def job_runner(eyes: Eyes, root: str) -> JobRunner:
    """Of the app in a folder, "" for the top: what production says of the adapter counts before what holds everywhere."""
    name = _adapter(eyes, root)
    if name in _INSIDE:
        return JobRunner(name, True)
    if name == "solid_queue":
        return JobRunner(name, _in_puma(eyes, root))
    if name == "good_job":
        return JobRunner(name, any(_EXECUTION.search(_text(eyes, f"{root}{path}")) for path in (*_SETTINGS, "config/initializers/good_job.rb")))
    if name:
        return JobRunner(name, False)
    own = any(_ITSELF.search(eyes.readable(file)) for file in eyes.tree.named("*_job.rb", "*_worker.rb", "*worker*.rb") if file.name.startswith(root))
    return JobRunner("sidekiq", False) if own else JobRunner("", None)


def _adapter(eyes: Eyes, root: str) -> str:
    for path in ("app/jobs/application_job.rb", *_SETTINGS, "config/initializers/active_job.rb"):
        if found := _ADAPTER.findall(_text(eyes, f"{root}{path}")):
            return str(found[-1])
    return ""


def _in_puma(eyes: Eyes, root: str) -> bool | None:
    """Whether Puma runs the workers of Solid Queue: always, or where a variable is set, which nothing here may say."""
    from callcheck.sources.environment import settings

    found = _IN_PUMA.search(_text(eyes, f"{root}config/puma.rb"))
    if found is None or not found[1]:
        return found is not None
    # In Ruby any text is true, `false` as well.
    return True if any(each.name == found[1] for each in settings(eyes)) else None


def _text(eyes: Eyes, name: str) -> str:
    file = eyes.tree.get(name)
    return eyes.readable(file) if file is not None else ""
