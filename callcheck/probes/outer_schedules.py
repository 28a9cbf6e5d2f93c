"""Which schedules stand in files that a program of their own, or cron, has to be run for, and which no file of the deployment speaks of?

    Schedule::command('recalls:send')->dailyAt('08:30');      # routes/console.php: artisan schedule:work, or schedule:run each minute
    #[AsSchedule('nightly')]                                   # Symfony: messenger:consume scheduler_nightly
    every 1.day, at: '4:30 am' do                              # config/schedule.rb: whenever --update-crontab

Sources: laravel.com/docs/scheduling (running the scheduler); symfony.com/doc/current/scheduler.html (consuming messages; `--all` since 7.1); github.com/javan/whenever, Rykian/clockwork, resque/resque-scheduler and
rails/solid_queue (recurring tasks), README; Tivix/django-cron (runcrons); adonisjs-scheduler 2.6, README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.needed import WorkerNeeded
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.files import File
from callcheck.sources.job_runners import job_runner
from callcheck.sources.launch import aside

_RUBY_JOBS = r"\bsidekiq\b|\bgood_job\b|\bsolid_queue\b|\bjobs:work\b|\bdelayed_job\b|\bresque\b"
_RUBY = _RUBY_JOBS + r"|\bpuma\b|\brails\s+s(?:erver)?\b|\bunicorn\b|\bpassenger\b"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One way of keeping a schedule. `command` would do, as would what the text `done` speaks of; `beside` are the commands that show how the app is run; `{}` is the schedule's name."""

    framework: str
    language: str
    files: tuple[str, ...]
    entry: str
    command: str
    beside: str
    done: str
    asked: tuple[str, str] = ("", "")
    """A manifest, and the package that it must ask for."""


_KINDS = (
    _Kind(
        "laravel", "php", ("routes/console.php", "*/routes/console.php", "Kernel.php", "bootstrap/app.php", "*/bootstrap/app.php", "*ServiceProvider.php"),
        r"(?:\bSchedule::|\$schedule\s*->\s*)(?:command|call|job|exec)\(", "artisan schedule:work", r"\bartisan\b.*\b(?:queue:(?:work|listen)|horizon|reverb:start|pulse:\w+)\b",
        r"\bschedule:(?:run|work|daemon)\b|Schedule(?:Run|Work)Command|\bshort-schedule:run\b",
    ),
    _Kind(
        "symfony", "php", ("*.php",), r"#\[As(?:Schedule(?:\(\s*(?:name:\s*)?[\"'](\w+)[\"'])?|(?:Cron|Periodic)Task\((?:[^\])]*\bschedule:\s*[\"'](\w+)[\"'])?)", "messenger:consume scheduler_{}", r"\bmessenger:consume\b",
        r"\bscheduler_{}\b|\bmessenger:consume\b[^\n]*--all\b|\bschedule://",
    ),
    _Kind("whenever", "ruby", ("schedule.rb",), r"\bevery\b", "whenever --update-crontab", _RUBY_JOBS, r"\bwhenever(?:/(?:capistrano|tasks)|:update\w*|\s+--?\w)|exec whenever|:whenever\b|mina/whenever", ("Gemfile", "whenever")),
    _Kind("clockwork", "ruby", ("clock.rb", "clockwork.rb"), r"\bevery[ (]", "clockwork", _RUBY, r"\bclockworkd?\s+[\w./-]|Clockwork\.run\b|exec clockwork", ("Gemfile", "clockwork")),
    _Kind("resque-scheduler", "ruby", ("resque_schedule.yml",), r"\b(?:cron|every):", "rake resque:scheduler", r"\bresque:work|resque-pool\b", r"\bresque:scheduler\b|\bresque-scheduler\s+-", ("Gemfile", "resque-scheduler")),
    _Kind("solid_queue", "ruby", ("recurring.yml",), r"\bschedule:", "bin/jobs", _RUBY, r"\bbin/jobs\b|\bsolid_queue:start\b|SolidQueue::Supervisor", ("Gemfile", "solid_queue")),
    _Kind(
        "django-cron", "python", ("*settings*.py", "settings/*.py"), r"^CRON_CLASSES\s*[+:]?=", "manage.py runcrons", r"\bcelery\b|\bgunicorn\b|\buvicorn\b|\bdaphne\b|\buwsgi\b|\brunserver\b",
        r"\bruncrons\b", ("requirements*.txt|pyproject.toml|Pipfile|*.in", "django-cron"),
    ),
    _Kind("adonisjs-scheduler", "typescript", ("scheduler.ts",), r"\bscheduler\s*\.(?:command|call)\(", "node ace scheduler:run", r"\bserver\.js\b|\bace(?:\.js)?\s+(?:serve|queue)", r"\bscheduler?:(?:run|work)\b", ("package.json", "adonisjs-scheduler")),
)  # fmt: skip
_SPEAKS = (
    "*.yaml", "*.yml", "*.toml", ".env*", "*.env", "*Dockerfile*", "Containerfile*", "*.sh", "*.conf", "*.ini", "*.service", "*.timer", "*cron*", "*.json", "*.tf", "*.hcl", "*.nomad", "*.j2", "*.bicep", "*.tpl", "*.mk", "*.md",
    "Procfile*", "Makefile", "justfile", "Justfile", "Capfile", "deploy.rb", "*.rake", "*.php", "*.rb", "*.py", "*.ts", "run", "start", "entrypoint*", "bin/*", "scripts/*", "Jenkinsfile",
)  # fmt: skip
"""Files that may speak of the program that is wanted, or tell a person to have cron run it."""
_LEFT_OUT = pattern(r"(?:^|/)(?:vendor|node_modules|tests?|spec)/|(?:^|/)(?:Gemfile|composer)(?:\.|$)|(?:^|/)CHANGELOG")
_HOSTED = ("vapor.yml", "Procfile", "app.json")
"""Laravel Vapor runs the scheduler by itself, and Heroku has one whose jobs stand in no file."""
_LARGEST = 300_000
_COMMENT = pattern(r"^\s*(?:#(?!\[)|//|\*|/\*)")


class OuterSchedules:
    """Whether a unit runs what a schedule wants is laid beside the units by the link `missing-workers`."""

    name = "outer-schedules"
    looks_at = tuple(dict.fromkeys(glob for kind in _KINDS for glob in kind.files))
    marks = ("Schedule::", "$schedule", "#[As", "every", "cron:", "schedule:", "CRON_CLASSES", "adonisjs-scheduler")
    answers = frozenset({WorkerNeeded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no file that may keep a schedule"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for kind in _KINDS:
            found = list(self._entries(eyes, kind))
            if found and self._asked(eyes, kind) and self._run_by_us(eyes, kind, found[0][0]):
                for name, (file, line) in {name: (file, line) for file, line, name in reversed(found)}.items():
                    if not self._spoken(eyes, kind.done.replace("{}", name), file):
                        fact = WorkerNeeded(kind.command.format(name), kind.beside, kind.done.replace("{}", name), kind.framework, kind.language)
                        yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(file.name), line))

    def _entries(self, eyes: Eyes, kind: _Kind) -> Iterator[tuple[File, int, str]]:
        """Where schedules are kept, with the name of each."""
        wanted = re.compile(kind.entry)
        for file in eyes.tree.named(*kind.files):
            text = eyes.readable(file, _LARGEST) if not aside(eyes, file) and not _LEFT_OUT.search(file.name) else ""
            for number, line in enumerate(text.splitlines(), 1) if wanted.search(text) or kind.entry.startswith("^") else ():
                if not _COMMENT.match(line) and (found := wanted.search(line)):
                    yield file, number, next(filter(None, found.groups()), "default") if found.groups() else ""

    def _asked(self, eyes: Eyes, kind: _Kind) -> bool:
        manifests, package = kind.asked
        return not package or any(package in eyes.readable(file, _LARGEST) for file in eyes.tree.named(*manifests.split("|")))

    def _run_by_us(self, eyes: Eyes, kind: _Kind, file: File) -> bool:
        """Whether no platform, and no server of the app, runs it without being told to in a file."""
        if kind.framework == "laravel":
            return not eyes.tree.named(*_HOSTED)
        runner = job_runner(eyes, file.name.removesuffix("config/recurring.yml")) if kind.framework == "solid_queue" else None
        return runner is None or runner.name == "solid_queue" and runner.inside is False

    def _spoken(self, eyes: Eyes, done: str, kept: File) -> bool:
        wanted = re.compile(done)
        files = (file for file in eyes.tree.named(*_SPEAKS) if file is not kept and not _LEFT_OUT.search(file.name))
        return any(wanted.search(eyes.readable(file, _LARGEST)) for file in files)


PROBE = OuterSchedules()
