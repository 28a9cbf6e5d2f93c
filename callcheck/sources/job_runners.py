"""In which process do the jobs of a Rails app run?

    config.active_job.queue_adapter = :sidekiq             a worker of its own
    config.active_job.queue_adapter = :async               a thread of the process that hands the job off
    plugin :solid_queue if ENV["SOLID_QUEUE_IN_PUMA"]      the server's, where that is set
    config.good_job.execution_mode = :async                the server's; without it a worker's, in production

Sources: guides.rubyonrails.org/active_job_basics (the default adapter is :async); rails/solid_queue 1.1 and bensheldon/good_job 4, README (execution modes,
GOOD_JOB_EXECUTION_MODE); github.com/sidekiq/sidekiq/wiki/Embedding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.files import File

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_ADAPTER = pattern(r"(?m)^[ \t]*(?:(?:[\w.]+\.)?active_job\.|ActiveJob::Base\.|self\.)queue_adapter\s*=\s*[:\"'](\w+)")
_EXECUTION = pattern(r"(?m)^[ \t]*(?:[\w.]+\.)?(?:good_job\.)?execution_mode\s*=\s*[:\"'](\w+)")
_MODE, _MODES = "GOOD_JOB_EXECUTION_MODE", "execution_mode"
_ENV = r"ENV(?:\.(?:fetch|key\?|has_key\?)\(|\[)\s*[\"'](\w+)[\"'][^)\]\n]{0,40}[)\]](?:\s*==\s*[\"'](\w+)[\"'])?"
_PLUGIN = r"plugin[ (]+[:\"']solid_queue\b[\"')]*"
_IN_PUMA = pattern(rf"(?m)^[ \t]*{_PLUGIN}(?:\s+if\s+{_ENV})?|^[ \t]*if\s+{_ENV}[^\n]{{0,60}}\n\s*{_PLUGIN}")
_EMBEDDED = pattern(r"Sidekiq\.configure_embed\b")
_ITSELF = pattern(r"(?m)^[ \t]*include\s+Sidekiq::(?:Job|Worker)\b")
_WHOLE = frozenset({"kamal", "compose", "kubernetes", "systemd", "nomad"})
"""Systems whose units get what their files say; on other platforms a console may add to it."""
_MAY_SET = ("Dockerfile*", "*.sh", "*entrypoint*", "*.env", ".env*", "Procfile*", "app.json", "*.toml", "*.yml", "*.yaml", "*.service")
_INSIDE = frozenset({"async", "async_server", "inline", "test", "async_job"})
_SETTINGS = ("config/environments/production.rb", "config/application.rb")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin of Puma that is loaded where a variable is set, or is set to one value."""

    variable: str
    wanted: str
    file: File
    line: int


@dataclass(frozen=True, slots=True)
class JobRunner:
    """The adapter's name, "" if nothing says it, and whether the process of the server runs the jobs itself; None where that cannot be told."""

    name: str
    inside: bool | None
    plugin: Plugin | None = None
    """What of Puma's settings would run them there, where a variable decides."""


def job_runner(eyes: Eyes, root: str) -> JobRunner:
    """Of the app in a folder, "" for the top: what production says of the adapter counts before what holds everywhere."""
    name = _adapter(eyes, root)
    if name in _INSIDE:
        return JobRunner(name, True)
    if name == "solid_queue":
        inside, plugin = _in_puma(eyes, root)
        return JobRunner(name, inside, plugin)
    if name == "good_job":
        return JobRunner(name, _executes(eyes, root))
    own = not name and any(_ITSELF.search(eyes.readable(file)) for file in eyes.tree.named("*_job.rb", "*_worker.rb", "*worker*.rb") if file.name.startswith(root))
    if name == "sidekiq" or own:
        return JobRunner("sidekiq", bool(_EMBEDDED.search(_text(eyes, f"{root}config/puma.rb"))))
    return JobRunner(name, False) if name else JobRunner("", None)


def _adapter(eyes: Eyes, root: str) -> str:
    for path in ("app/jobs/application_job.rb", *_SETTINGS, "config/initializers/active_job.rb"):
        if found := _ADAPTER.findall(_text(eyes, f"{root}{path}")):
            return str(found[-1])
    return ""


def _executes(eyes: Eyes, root: str) -> bool | None:
    """Whether the server runs GoodJob's jobs: by its mode of execution, which is `external` in production unless something says another."""
    from callcheck.sources.environment import settings

    texts = [_text(eyes, f"{root}{path}") for path in (*_SETTINGS, "config/initializers/good_job.rb")]
    said = [found[1] for text in texts for found in _EXECUTION.finditer(text)] or [each.value for each in settings(eyes) if each.name == _MODE]
    if said:
        return all(each.startswith("async") or each == "inline" for each in said) if all(said) else None
    return None if any(_MODES in text for text in texts) else False


def _in_puma(eyes: Eyes, root: str) -> tuple[bool | None, Plugin | None]:
    """Whether Puma runs the workers of Solid Queue: always, or where a variable is set, which nothing here may say."""
    from callcheck.sources.environment import settings

    file = eyes.tree.get(f"{root}config/puma.rb")
    text = eyes.readable(file) if file is not None else ""
    found = _IN_PUMA.search(text)
    if found is None or file is None or not (found[1] or found[3]):
        return found is not None, None
    plugin = Plugin(found[1] or found[3], found[2] or found[4] or "", file, text.count("\n", 0, found.start()) + 1)
    given = [each for each in settings(eyes) if each.name == plugin.variable]
    # In Ruby any text is true, `false` as well.
    if any(not plugin.wanted or not each.value or each.value == plugin.wanted for each in given):
        return True, plugin
    return (False if given or _all_said(eyes, plugin.variable) else None), plugin


def _all_said(eyes: Eyes, variable: str) -> bool:
    """Whether the deployment's files say all that the units are given, as those of Kamal, Compose and Kubernetes do, and no other file names a variable."""
    from callcheck.sources.environment import OPEN, settings

    said = settings(eyes)
    if not said or any(each.name == OPEN or each.system not in _WHOLE for each in said):
        return False
    return not any(variable in eyes.readable(file) for file in eyes.tree.named(*_MAY_SET))


def _text(eyes: Eyes, name: str) -> str:
    file = eyes.tree.get(name)
    return eyes.readable(file) if file is not None else ""
