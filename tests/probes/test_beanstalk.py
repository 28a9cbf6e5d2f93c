"""Does Elastic Beanstalk's scaling show, in both forms of its files?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.beanstalk import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
SCALING = ".ebextensions/scaling.config"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("option_settings:\n  aws:autoscaling:asg:\n    MinSize: 2\n    MaxSize: 4\n", ["instances.factor 4 @.ebextensions/scaling.config:4"]),
        ("option_settings:\n  aws:autoscaling:asg:\n    MinSize: 2\n", ["instances.factor 2+ @.ebextensions/scaling.config:3"]),
        ("option_settings:\n  - namespace: aws:autoscaling:asg\n    option_name: MaxSize\n    value: 3\n", ["instances.factor 3 @.ebextensions/scaling.config:4"]),
        ("option_settings:\n  aws:elasticbeanstalk:environment:\n    EnvironmentType: SingleInstance\n  aws:autoscaling:asg:\n    MaxSize: 4\n", ["instances.factor 1 @.ebextensions/scaling.config:3"]),
        ("option_settings:\n  aws:elasticbeanstalk:environment:process:default:\n    StickinessEnabled: true\n", ["sticky.sessions cookie @.ebextensions/scaling.config:3"]),
        ("commands:\n  one:\n    command: echo\n", []),
    ],
)
def test_an_option(tmp_path: Path, text: str, said: list[str]) -> None:
    assert told(look(tmp_path, {SCALING: text})) == said


def test_each_process_of_the_procfile_runs_on_every_instance(tmp_path: Path) -> None:
    files = {SCALING: "option_settings:\n  aws:autoscaling:asg:\n    MaxSize: 4\n", "Procfile": "web: node a.js\nmail: node b.js\n"}
    assert [line.split(" @")[0] for line in told(look(tmp_path, files))] == ["instances.factor web 4", "instances.factor mail 4"]


def test_an_app_of_python_without_a_procfile_is_started_in_as_many_processes_as_are_asked_for(tmp_path: Path) -> None:
    files = {SCALING: "option_settings:\n  aws:elasticbeanstalk:container:python:\n    WSGIPath: app:app\n    NumProcesses: 3\n"}
    assert [line for line in told(look(tmp_path, files)) if line.startswith("instances.")] == ["instances.factor 3 @.ebextensions/scaling.config:4"]
    assert told(look(tmp_path, files | {"Procfile": "web: gunicorn app:app\n"})) == []
