"""Jobs of Spring, Go and Ruby that each process has for itself, and none that one process takes, or that reach nobody."""

from __future__ import annotations

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.foreign_schedules import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

APP = "@SpringBootApplication\n@EnableScheduling\nclass App {}\n"
JOB = 'class Reminders {\n    @Scheduled(cron = "0 0 6 * * *")\n    public void remind() {\n        %s;\n    }\n\n    public void other() {\n        mails.send(x);\n    }\n}\n'
SPRING = {"pom.xml": "<project/>", "src/main/java/App.java": APP}
GO = 'package main\n\nimport "github.com/robfig/cron/v3"\n\nfunc main() {\n\tc := cron.New()\n\tc.AddFunc("0 6 * * *", func() {\n\t\t%s\n\t})\n\tc.Start()\n}\n'
RUFUS = "s = Rufus::Scheduler.singleton\ns.cron '0 6 * * *' do\n  %s\nend\n"


def _said(tmp_path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.attributes()['callcheck.framework']} {item.where} {item.service}".strip() for item in look(tmp_path, files) if isinstance(item, Evidence)]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({**SPRING, "src/main/java/Reminders.java": JOB % "mails.send(meters.unread())"}, ["spring src/main/java/Reminders.java:2"]),
        ({"go.mod": "module x", "main.go": GO % "mailer.Send(digest())"}, ["robfig-cron main.go:7"]),
        ({"Gemfile": "gem 'rufus-scheduler'", "config/initializers/jobs.rb": RUFUS % "ReminderMailer.due.deliver_now"}, ["rufus-scheduler config/initializers/jobs.rb:2"]),
        (
            {"compose.yaml": "services:\n  bells: {build: ./ring}\n  db: {image: postgres}\n", "ring/go.mod": "module x", "ring/main.go": GO % "hub.Notify(day)"},
            ["robfig-cron ring/main.go:7 bells"],
        ),
    ],
)
def test_a_job_that_each_process_has(tmp_path, files: dict[str, str], said: list[str]) -> None:
    assert _said(tmp_path, files) == said


@pytest.mark.parametrize(
    "files",
    [
        {**SPRING, "src/main/java/Reminders.java": JOB % "cache.refresh()"},
        {**SPRING, "src/main/java/Reminders.java": JOB.replace("    public void remind", "    @SchedulerLock(name = \"remind\")\n    public void remind") % "mails.send(x)"},
        {**SPRING, "src/main/java/Reminders.java": "@Profile(\"jobs\")\n" + JOB % "mails.send(x)"},
        {**SPRING, "src/main/java/App.java": "class App {}\n", "src/main/java/Reminders.java": JOB % "mails.send(x)"},
        {**SPRING, "src/test/java/RemindersTest.java": JOB % "mails.send(x)"},
        {"go.mod": "module x", "main.go": GO % "if !elector.IsLeader() { return }; mailer.Send(digest())"},
        {"go.mod": "module x", "main.go": GO % "cache.Refresh()"},
        {"Gemfile": "", "config/initializers/jobs.rb": "return unless ENV['JOBS']\n" + RUFUS % "ReminderMailer.due.deliver_now"},
        {"ring/go.mod": "module x", "ring/main.go": GO % "hub.Notify(day)", "k8s.yaml": "kind: Deployment\n"},
    ],
    ids=["a cache", "a lock", "a profile", "not turned on", "a test", "a leader", "Go's cache", "a choice", "of no unit that is known"],
)
def test_a_job_that_one_process_has_or_each_may_have(tmp_path, files: dict[str, str]) -> None:
    assert _said(tmp_path, files) == []
