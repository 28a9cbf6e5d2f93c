"""Is the command of a container read that a CDK app gives to its service?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.cdk import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
START = "['gunicorn', '--workers=4', 'shop.web:app']"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stack.ts", f"import * as ecs from 'aws-cdk-lib/aws-ecs';\ntask.addContainer('web', {{ command: {START} }});\nnew ecs.FargateService(this, 'Shop', {{ taskDefinition: task, desiredCount: 1 }});\n"),
        ("stack.py", f"from aws_cdk import aws_ecs_patterns as p\np.ApplicationLoadBalancedFargateService(self, 'Shop', desired_count=1, task_image_options=p.ApplicationLoadBalancedTaskImageOptions(command={START}))\n"),
    ],
)
def test_a_container_says_how_many_processes_a_task_is(tmp_path: Path, name: str, text: str) -> None:
    found = told(look(tmp_path, {"package.json": '{"dependencies": {"aws-cdk-lib": "2.150.0"}}', name: text}))
    assert [line.split(" @")[0] for line in found if line.startswith("instances.")] == ["instances.factor Shop 4", "instances.factor Shop 1"]
