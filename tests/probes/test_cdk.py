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


@pytest.mark.parametrize(
    ("name", "text", "functions"),
    [
        ("stack.ts", "import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';\nnew NodejsFunction(this, 'Desk', { entry: 'src/desk.ts' });\n", ["Desk"]),
        ("stack.ts", "import { Function, Code } from 'aws-cdk-lib/aws-lambda';\nnew Function(this, 'Desk', { handler: 'dist/desk.handler', code: Code.fromAsset('dist') });\n", ["Desk"]),
        ("stack.py", "from aws_cdk import aws_lambda as lambda_\nlambda_.Function(self, 'Desk', handler='desk.handler', code=lambda_.Code.from_asset('desk'))\n", ["Desk"]),
        ("sst.config.ts", "export default $config({ async run() { new sst.aws.Function('Desk', { handler: 'src/desk.handler', url: true }); } });\n", ["Desk"]),
        ("index.ts", "import * as aws from '@pulumi/aws';\nconst desk = new aws.lambda.Function('desk', { handler: 'desk.handler', runtime: 'nodejs20.x' });\n", ["desk"]),
        ("stack.ts", "import { Stack } from 'aws-cdk-lib';\nconst sum = new Function('a', 'b', 'return a + b');\n", []),
        ("stack.ts", "import * as ecs from 'aws-cdk-lib/aws-ecs';\nimport { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';\nnew NodejsFunction(this, 'Turn', { entry: 'src/turn.ts' });\nnew ecs.FargateService(this, 'Shop', { taskDefinition: task });\n", []),
    ],
    ids=["with an entry", "with a handler", "Python", "SST", "Pulumi", "JavaScript's own", "beside a service that stays"],
)
def test_functions_that_the_code_of_the_infrastructure_makes(tmp_path: Path, name: str, text: str, functions: list[str]) -> None:
    found = look(tmp_path, {name: text})
    assert [item.fact.service for item in found if item.fact.kind == "serverless.function"] == functions


@pytest.mark.parametrize(("replicas", "count"), [("replicas: 3, ", 3), ("", 1)])
def test_pods_that_pulumi_makes_are_counted(tmp_path: Path, replicas: str, count: int) -> None:
    text = f"import * as k8s from '@pulumi/kubernetes';\nnew k8s.apps.v1.Deployment('web', {{ spec: {{ {replicas}template: {{ spec: {{ containers: [{{ image: 'web', command: ['node', 'web.js'] }}] }} }} }} }});\n"
    found = told(look(tmp_path, {"package.json": '{"dependencies": {"@pulumi/kubernetes": "4.0.0"}}', "index.ts": text}))
    assert [line.split(" @")[0] for line in found if line.startswith("instances.")] == ["instances.factor web 1", f"instances.factor web {count}"]
