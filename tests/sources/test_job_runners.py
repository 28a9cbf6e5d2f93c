"""Which process runs the jobs of a Rails app, and is it the server's own?"""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.job_runners import JobRunner, job_runner

PRODUCTION = "config/environments/production.rb"
ADAPTER = "config.active_job.queue_adapter = :%s\n"
SOLID = ADAPTER % "solid_queue"
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
        ({PRODUCTION: "config.active_job.queue_adapter = :solid_queue\n", "config/puma.rb": PUMA}, "solid_queue None SOLID_QUEUE_IN_PUMA"),
        ({PRODUCTION: "config.active_job.queue_adapter = :solid_queue\n", "config/puma.rb": PUMA, "config/deploy.yml": DEPLOY}, "solid_queue True SOLID_QUEUE_IN_PUMA"),
        ({PRODUCTION: SOLID, "config/puma.rb": PUMA, "config/deploy.yml": DEPLOY.replace("SOLID_QUEUE_IN_PUMA", "LOG")}, "solid_queue False SOLID_QUEUE_IN_PUMA"),
        ({PRODUCTION: SOLID, "config/puma.rb": PUMA, "config/deploy.yml": DEPLOY.replace("SOLID_QUEUE_IN_PUMA", "LOG"), "Dockerfile": "FROM ruby\nENV SOLID_QUEUE_IN_PUMA=1\n"}, "solid_queue True SOLID_QUEUE_IN_PUMA"),
        ({PRODUCTION: SOLID, "config/puma.rb": PUMA, "compose.yaml": "services:\n  web: {image: a, environment: {A: 1}, env_file: secret.env}\n"}, "solid_queue None SOLID_QUEUE_IN_PUMA"),
        ({PRODUCTION: SOLID, "config/puma.rb": PUMA.rstrip() + ' == "yes"\n', "config/deploy.yml": DEPLOY}, "solid_queue False SOLID_QUEUE_IN_PUMA=yes"),
        ({PRODUCTION: SOLID, "config/puma.rb": 'if ENV["JOBS"]\n  plugin :solid_queue\nend\n', "config/deploy.yml": DEPLOY}, "solid_queue False JOBS"),
        ({PRODUCTION: ADAPTER % "good_job"}, JobRunner("good_job", False)),
        ({PRODUCTION: ADAPTER % "good_job" + "config.good_job = {execution_mode: :async}\n"}, JobRunner("good_job", None)),
        ({PRODUCTION: ADAPTER % "good_job", "compose.yaml": "services:\n  web: {image: a, environment: {GOOD_JOB_EXECUTION_MODE: async}}\n"}, JobRunner("good_job", True)),
        ({PRODUCTION: ADAPTER % "sidekiq", "config/puma.rb": "on_worker_boot { Sidekiq.configure_embed { |c| c.concurrency = 2 }.run }\n"}, JobRunner("sidekiq", True)),
        ({PRODUCTION: "config.active_job.queue_adapter = :good_job\nconfig.good_job.execution_mode = :async\n"}, JobRunner("good_job", True)),
        ({"app/workers/mail_worker.rb": "class MailWorker\n  include Sidekiq::Worker\nend\n"}, JobRunner("sidekiq", False)),
        ({}, JobRunner("", None)),
    ],
)
def test_who_runs_the_jobs(tmp_path, files: dict[str, str], runner: JobRunner | str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = job_runner(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()), "")
    plugin = found.plugin
    asked = f"{plugin.variable}={plugin.wanted}".rstrip("=") if plugin else ""
    assert (f"{found.name} {found.inside} {asked}" if plugin else found) == runner
