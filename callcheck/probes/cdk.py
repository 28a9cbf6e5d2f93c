"""How many tasks do the ECS services of an AWS CDK app, or of Pulumi, run, how many pods Pulumi's Deployments, and does its code run in functions of Lambda?

    new patterns.ApplicationLoadBalancedFargateService(this, "Web", { desiredCount: 3, ... })
    service.auto_scale_task_count(max_capacity=4)
    new awsx.ecs.FargateService("web", { desiredCount: 3, ... })
    new k8s.apps.v1.Deployment("web", { spec: { replicas: 3, template: { spec: { containers: [{ command: ["node", "web.js"] }] } } } })      # of Pulumi
    new NodejsFunction(this, "Api", { entry: "src/lambda.ts" })            # and nothing runs in ECS

A service without desiredCount runs one task (aws-cdk-lib 2, base-service.ts; `desiredCount` of aws-ecs-patterns likewise).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServerlessFunction
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Literal, Node, Object, Sequence, dotted
from callcheck.sources.function_constructs import functions
from callcheck.sources.launch import Unit, dockerfile_of, replicas, state_image
from callcheck.sources.launch.quantity import assigned, quantity

_SERVICES = tuple(
    f"{kind}{on}"
    for on in ("FargateService", "Ec2Service")
    for kind in ("", "ApplicationLoadBalanced", "NetworkLoadBalanced", "ApplicationMultipleTargetGroups", "NetworkMultipleTargetGroups", "QueueProcessing")
)
_PODS = ("apps.v1.Deployment", "apps.v1.StatefulSet")
"""Classes of @pulumi/kubernetes and pulumi_kubernetes, as they are written below the package's name."""
_FUNCTIONS = ("Function", "NodejsFunction", "PythonFunction", "GoFunction", "DockerImageFunction", "CallbackFunction")


class Cdk:
    """TypeScript, JavaScript and Python; a count that is computed is possible, not stated."""

    name = "cdk"
    looks_at = Sight.SOURCE
    signs = (Sign(words=_SERVICES), Sign(words=_FUNCTIONS), Sign(pattern=r"\bapps\.v1\.(?:Deployment|StatefulSet)\b"))
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServerlessFunction})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        yield from self._pods(eyes)
        made = [call for call in eyes.code.project.calls(*_SERVICES) if len(call.args) > 1 and _named(call)]
        for name, call in functions(eyes) if not made else ():
            yield seen(ServerlessFunction("aws-lambda", clean(name, 80)), call, self.name)
        scaled = [node for call in eyes.code.project.calls("autoScaleTaskCount", "auto_scale_task_count") if (node := _option(call, "maxCapacity", "max_capacity")) is not None]
        containers = [words for call in eyes.code.project.calls("addContainer", "add_container") if (words := _words(call))]
        started = containers[0] if len(containers) == 1 else []
        for call in made:
            file = eyes.code.project.choice.files.get(module_of(call).path)
            if file is None:
                continue
            name = _named(call)
            unit = Unit(self.name, "ecs", name, file, call.line)
            yield from state_image(eyes, unit, dockerfile_of(eyes, "", [name]), command=_words(_option(call, "taskImageOptions", "task_image_options")) or (started if len(made) == 1 else []))
            told = scaled[0] if scaled and len(made) == 1 and module_of(scaled[0]) is module_of(call) else _option(call, "desiredCount", "desired_count", "maxScalingCapacity", "max_scaling_capacity")
            if told is None:
                yield replicas(unit, 1, "no desiredCount: 1")
            else:
                found = quantity(told, {}, assigned(module_of(told)))
                yield replicas(unit, found.many, f"count: {found.many}" if found.many is not None else "a computed count", told.line, at_least=found.at_least)


    def _pods(self, eyes: Eyes) -> Iterator[Evidence | Lost]:
        """Deployments that Pulumi makes; without `replicas` one has a single pod (kubernetes/api apps/v1)."""
        for call in eyes.code.project.calls("Deployment", "StatefulSet"):
            file = eyes.code.project.choice.files.get(module_of(call).path)
            name = call.args[0].value if dotted(call.callee).endswith(_PODS) and call.args and isinstance(call.args[0], Literal) else None
            if file is None or not isinstance(name, str):
                continue
            within: list[Object | Call] = [*call.inside(Object), *call.inside(Call)]
            told = next((value for each in within if (value := _given(each, "replicas")) is not None), None)
            container = next((each for each in within if _given(each, "image") is not None), None)
            words = [word for key in ("command", "args") if container is not None for word in _all_words(_given(container, key))]
            unit = Unit(self.name, "kubernetes", name, file, call.line)
            yield from state_image(eyes, unit, dockerfile_of(eyes, "", [name]), command=words)
            if told is None:
                yield replicas(unit, 1, "no replicas: 1")
            else:
                found = quantity(told, {}, assigned(module_of(told)))
                yield replicas(unit, found.many, f"replicas: {found.many}" if found.many is not None else "a computed count", told.line, at_least=found.at_least)


def _given(each: Object | Call, name: str) -> Node | None:
    return each.get(name) if isinstance(each, Object) else each.keyword(name)


def _named(call: Call) -> str:
    """The name of a construct: the second argument, or of a resource of Pulumi the first."""
    return next((str(arg.value) for arg in (call.args[1], call.args[0]) if isinstance(arg, Literal)), "")


def _option(call: Call, *names: str) -> Node | None:
    """What one of the names is given, as a keyword or in the object of options."""
    for keyword in call.keywords:
        if keyword.name in names:
            return keyword.value
    for arg in call.args:
        for name in names if isinstance(arg, Object) else ():
            if isinstance(arg, Object) and (value := arg.get(name)) is not None:
                return value
    return None


def _words(told: Node | None) -> list[str]:
    """The command in a container's options; [] where there is none, or a part of it is computed."""
    return _all_words(_option(told, "command") if isinstance(told, Call) else told.get("command") if isinstance(told, Object) else None)


def _all_words(value: Node | None) -> list[str]:
    words = [item.value for item in value.items if isinstance(item, Literal)] if isinstance(value, Sequence) else []
    return [str(word) for word in words] if isinstance(value, Sequence) and len(words) == len(value.items) else []


PROBE = Cdk()
