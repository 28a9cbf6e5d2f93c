"""Schedules that cron, or a program of their own, has to run are told, unless some file speaks of who does."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.outer_schedules import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

LARAVEL = {"routes/console.php": "<?php\nuse Illuminate\\Support\\Facades\\Schedule;\nSchedule::command('a:b')->daily();\n"}
KERNEL = {"app/Console/Kernel.php": "<?php\n        $schedule->job(new Tell)->hourly();\n"}
SYMFONY = {"src/Nightly.php": "<?php\n#[AsSchedule('nightly')]\nfinal class Nightly {}\n"}
TASK = {"src/Sweep.php": "<?php\n#[AsCronTask('0 4 * * *')]\nfinal class Sweep {}\n"}
WHENEVER = {"config/schedule.rb": "# tasks\nevery 1.day, at: '4:30 am' do\n  rake 'sweep'\nend\n", "Gemfile": "gem 'whenever', require: false\n"}
CLOCK = {"clock.rb": "module Clockwork\n  every(1.hour, 'sweep') { Sweep.perform_later }\nend\n", "Gemfile": "gem 'clockwork'\n"}
QUEUE = {"config/recurring.yml": "production:\n  sweep:\n    class: SweepJob\n    schedule: every hour\n", "Gemfile": "gem 'solid_queue'\n", "config/application.rb": "config.active_job.queue_adapter = :solid_queue\n"}
CRON = {"shop/settings.py": "CRON_CLASSES = ['shop.cron.Sweep']\n", "requirements.txt": "django-cron==0.6.0\n"}
ADONIS = {"start/scheduler.ts": "import scheduler from 'adonisjs-scheduler/services/main'\nscheduler.command('sweep').daily()\n", "package.json": '{"dependencies": {"adonisjs-scheduler": "2.6.2"}}'}


def needed(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(str(item.where), item.fact.command) for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (LARAVEL, ("routes/console.php:3", "artisan schedule:work")),
        (KERNEL, ("app/Console/Kernel.php:2", "artisan schedule:work")),
        (SYMFONY, ("src/Nightly.php:2", "messenger:consume scheduler_nightly")),
        (TASK, ("src/Sweep.php:2", "messenger:consume scheduler_default")),
        (WHENEVER, ("config/schedule.rb:2", "whenever --update-crontab")),
        (CLOCK, ("clock.rb:2", "clockwork")),
        (QUEUE, ("config/recurring.yml:4", "bin/jobs")),
        (CRON, ("shop/settings.py:1", "manage.py runcrons")),
        (ADONIS, ("start/scheduler.ts:2", "node ace scheduler:run")),
        ({"config/resque_schedule.yml": "sweep:\n  every: 1h\n", "Gemfile": "gem 'resque-scheduler'\n"}, ("config/resque_schedule.yml:2", "rake resque:scheduler")),
    ],
    ids=["Laravel", "its kernel", "Symfony", "its tasks", "whenever", "clockwork", "Solid Queue", "django-cron", "AdonisJS", "Resque"],
)
def test_what_has_to_run(tmp_path: Path, files: dict[str, str], found: tuple[str, str]) -> None:
    assert needed(tmp_path, files) == [found]


@pytest.mark.parametrize(
    "files",
    [
        LARAVEL | {"docker/crontab": "* * * * * cd /app && php artisan schedule:run\n"},
        LARAVEL | {"README.md": "Add `php artisan schedule:run` to the crontab of the host.\n"},
        LARAVEL | {"vapor.yml": "id: 1\n"},
        LARAVEL | {"Procfile": "worker: php artisan queue:work\n"},
        {"routes/console.php": "<?php\n// Schedule::command('a:b')->daily();\nArtisan::command('inspire', fn () => 1)->hourly();\n"},
        SYMFONY | {"compose.yaml": "services:\n  a:\n    command: bin/console messenger:consume async scheduler_nightly\n"},
        SYMFONY | {"compose.yaml": "services:\n  a:\n    command: bin/console messenger:consume --all\n"},
        WHENEVER | {"Capfile": 'require "whenever/capistrano"\n'},
        {"config/schedule.rb": "every 1.day do\nend\n", "Gemfile": "gem 'rails'\n"},
        CLOCK | {"Procfile": "clock: bundle exec clockwork clock.rb\n"},
        QUEUE | {"config/puma.rb": 'plugin :solid_queue if ENV["SOLID_QUEUE_IN_PUMA"]\n'},
        CRON | {"deploy/shop.cron": "*/5 * * * * app python manage.py runcrons\n"},
    ],
    ids=["cron", "told to a person", "Vapor", "Heroku", "commented", "its transport", "all transports", "Capistrano", "another schedule", "a process", "in Puma", "cron of Django"],
)
def test_what_is_run_or_may_be(tmp_path: Path, files: dict[str, str]) -> None:
    assert needed(tmp_path, files) == []
