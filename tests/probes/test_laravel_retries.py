"""Jobs of Laravel that a second worker begins while the first is at them, and those that it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.laravel_retries import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
QUEUES = "<?php\nreturn [\n    'default' => env('QUEUE_CONNECTION', 'redis'),\n    'connections' => [\n        'redis' => [\n            'driver' => 'redis',\n            'retry_after' => %s,\n        ],\n    ],\n];\n"
JOB = "<?php\nclass PrintPlates implements ShouldQueue\n{\n    %s\n    public function handle(): void {}\n}\n"
WORK = "[program:plates]\ncommand=php artisan queue:work redis --queue=plates --timeout=600 --tries=3\nnumprocs=2\n"


def said(folder: Path, retry: str = "90", work: str = WORK, job: str = "public $queue = 'plates';", name: str = "deploy/plates.conf", **files: str) -> list[str]:
    given = {"config/queue.php": QUEUES % retry, "app/Jobs/PrintPlates.php": JOB % job, name: work}
    given |= {each.replace("__", "."): text for each, text in files.items()}
    return [str(each.where) for each in look(folder, given) if isinstance(each, Evidence)]


HORIZON = "<?php\nreturn ['environments' => ['production' => [\n  'plates' => [\n    'connection' => 'redis', 'queue' => ['plates'],\n    'maxProcesses' => 4,\n    'timeout' => 600,\n    'tries' => 3,\n  ],\n]]];\n"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"retry": "(int) env('REDIS_QUEUE_RETRY_AFTER', 90)"},
        {"retry": "(int) env('REDIS_QUEUE_RETRY_AFTER', 900)", "production__env": "REDIS_QUEUE_RETRY_AFTER=60\n"},
        {"work": WORK.replace(" redis", "")},
        {"work": "worker:\n  command: php artisan queue:work --timeout=300 --tries=0\n  deploy:\n    replicas: 3\n", "name": "compose.yaml", "job": ""},
        {"work": HORIZON, "name": "config/horizon.php"},
        {"work": WORK.replace(" --tries=3", ""), "job": "public $queue = 'plates';\n    public $tries = 5;"},
        {"work": WORK.replace("600", "60"), "job": "public $queue = 'plates';\n    public $timeout = 1200;"},
    ],
)
def test_a_worker_that_may_stay_at_a_job_for_longer_than_it_is_left_to_it(tmp_path: Path, given: dict[str, str]) -> None:
    assert said(tmp_path, **given) == ["config/queue.php:7"]


@pytest.mark.parametrize(
    "given",
    [
        {"retry": "660"},
        {"retry": "(int) env('REDIS_QUEUE_RETRY_AFTER', 90)", "production__env": "REDIS_QUEUE_RETRY_AFTER=700\n"},
        {"work": WORK.replace("numprocs=2", "numprocs=1")},
        {"work": WORK.replace(" --tries=3", "")},
        {"work": WORK.replace("600", "60")},
        {"job": "public $queue = 'plates';\n    public function middleware() { return [new WithoutOverlapping($this->id)]; }"},
        {"job": "public $queue = 'mails';"},
        {"work": WORK.replace("queue:work redis", "queue:work sqs")},
    ],
)
def test_a_job_that_one_worker_has_for_itself(tmp_path: Path, given: dict[str, str]) -> None:
    assert said(tmp_path, **given) == []
