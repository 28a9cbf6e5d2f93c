"""Which process runs the jobs of a Rails app, and is it the server's own?"""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.job_runners import JobRunner, job_runner

PRODUCTION = "config/environments/production.rb"
PUMA = 'plugin :solid_queue if ENV["SOLID_QUEUE_IN_PUMA"]\n'
DEPLOY = "image: a/b\nservers: [a]\nenv:\n  clear:\n    SOLID_QUEUE_IN_PUMA: true\n"


@pytest.mark.parametrize(
    ("files", "runner"),
    [
        ({PRODUCTION: "  config.active_job.queue_adapter = :sidekiq\n"}, JobRunner("sidekiq", False)),
        ({PRODUCTION: "  # config.active_job.queue_adapter = :resque\n"}, JobRunner("", None)),
        ({PRODUCTION: "  config.active_job.queue_adapter = :async\n", "config/application.rb": "config.active_job.queue_adapter = :sidekiq\n"}, JobRunner("async", True)),
        ({"app/jobs/application_job.rb": "class ApplicationJob < ActiveJob::Base\n  self.queue_adapter = :resque\nend\n"}, JobRunner("resque", False)),
        ({PRODUCTION: "config.active_job.queue_adapter = :solid_queue\n"}, JobRunner("solid_queue", False)),
        ({PRODUCTION: "config.active_job.queue_adapter = :solid_queue\n", "config/puma.rb": "plugin :solid_queue\n"}, JobRunner("solid_queue", True)),
        ({PRODUCTION: "config.active_job.queue_adapter = :solid_queue\n", "config/puma.rb": PUMA}, JobRunner("solid_queue", None)),
        ({PRODUCTION: "config.active_job.queue_adapter = :solid_queue\n", "config/puma.rb": PUMA, "config/deploy.yml": DEPLOY}, JobRunner("solid_queue", True)),
        ({PRODUCTION: "config.active_job.queue_adapter = :good_job\nconfig.good_job.execution_mode = :async\n"}, JobRunner("good_job", True)),
        ({"app/workers/mail_worker.rb": "class MailWorker\n  include Sidekiq::Worker\nend\n"}, JobRunner("sidekiq", False)),
        ({}, JobRunner("", None)),
    ],
)
def test_who_runs_the_jobs(tmp_path, files: dict[str, str], runner: JobRunner) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert job_runner(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()), "") == runner
