"""Do Azure's templates say their replicas?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.azure import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)

BICEP = """\
resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'env'
}
resource web 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'web'
  properties: {
    template: {
      scale: {
        minReplicas: 1
        maxReplicas: 5
      }
    }
  }
}
"""
YAML = "type: Microsoft.App/containerApps\nname: web\nproperties:\n  template:\n    scale:\n      maxReplicas: 1\n"
ARM = '{"resources": [\n{"type": "Microsoft.Web/serverfarms", "name": "p",\n "sku": {"name": "P1v3",\n "capacity": 2}}]}'


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("main.bicep", BICEP, "web 5 @main.bicep:10"),
        ("main.bicep", BICEP.replace("maxReplicas: 5", ""), "web 10 @main.bicep:4"),
        ("main.bicep", "param most int = 3\n" + BICEP.replace("maxReplicas: 5", "maxReplicas: most"), "web 3 @main.bicep:1"),
        ("main.bicep", BICEP.replace("maxReplicas: 5", "maxReplicas: prod ? 4 : 1"), "web 4 @main.bicep:10"),
        ("plan.bicep", "resource plan 'Microsoft.Web/serverfarms@2023-01-01' = {\n  sku: { name: 'P1v3', capacity: 2 }\n}\n", "2 @plan.bicep:2"),
        ("app.yaml", YAML, "web 1 @app.yaml:6"),
        ("plan.json", ARM, " 2 @plan.json:4"),
    ],
)
def test_the_most_counts(tmp_path: Path, name: str, text: str, said: str) -> None:
    found = [line for line in told(look(tmp_path, {name: text})) if line.startswith("instances.")]
    assert [" ".join(line.split()) for line in found] == ["instances.factor " + said.strip()]


@pytest.mark.parametrize(
    ("least", "stops"), [("", True), ("      minReplicas: 0\n", True), ("      minReplicas: 1\n", False), ("      rules: [{name: q}]\n", False),
     ('      rules: [{name: h, http: {metadata: {concurrentRequests: "40"}}}]\n', False),
     ('      rules: [{name: h, http: {metadata: {concurrentRequests: "40"}}}]\n  configuration: {ingress: {targetPort: 80}}\n', True),
     ("      rules: [{name: h, http: {}}, {name: q, custom: {type: rabbitmq}}]\n  configuration: {ingress: {targetPort: 80}}\n", False)]
)
def test_nothing_wakes_a_worker_without_a_rule(tmp_path: Path, least: str, stops: bool) -> None:
    found = told(look(tmp_path, {"app.yaml": YAML + least}))
    assert any(line.startswith("service.stops web") for line in found) is stops


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("site.bicep", "resource site 'Microsoft.Web/sites@2022-09-01' = {\n  name: 'web'\n  properties: {\n    siteConfig: {\n      alwaysOn: false\n    }\n  }\n}\n", ["service.stops web @site.bicep:5"]),
        ("site.bicep", "resource site 'Microsoft.Web/sites@2022-09-01' = {\n  name: 'web'\n  properties: { siteConfig: { alwaysOn: true } }\n}\n", []),
        ("site.bicep", "resource site 'Microsoft.Web/sites@2022-09-01' = {\n  name: 'web'\n  properties: { siteConfig: { minTlsVersion: '1.2' } }\n}\n", []),
        ("site.json", '{"resources": [\n{"type": "Microsoft.Web/sites", "name": "web", "properties": {"siteConfig": {\n"alwaysOn": false}}}\n]}', ["service.stops web @site.json:3"]),
    ],
)
def test_a_web_app_that_is_not_always_on_stops(tmp_path: Path, name: str, text: str, said: list[str]) -> None:
    assert [line for line in told(look(tmp_path, {name: text})) if line.startswith("service.")] == said


def test_the_command_of_a_container_starts_its_workers(tmp_path: Path) -> None:
    text = BICEP.replace("maxReplicas: 5", "maxReplicas: 1").replace("    template: {\n", "    template: {\n      containers: [\n        {\n          command: [\n            'gunicorn'\n            '--workers=4'\n            'shop.web:app'\n          ]\n        }\n      ]\n")
    found = [" ".join(line.split()) for line in told(look(tmp_path, {"main.bicep": text})) if line.startswith("instances.factor")]
    assert any(line.startswith("instances.factor web 4 @main.bicep:") for line in found)


@pytest.mark.parametrize(
    ("scale", "stops"),
    [
        ("scale: { minReplicas: 0, maxReplicas: 3 }", ["service.stops worker @main.bicep:5"]),
        ("scale: { maxReplicas: 3 }", ["service.stops worker @main.bicep:1"]),
        ("scale: { minReplicas: 1, maxReplicas: 3 }", []),
        ("scale: { minReplicas: least, maxReplicas: 3 }", []),
        ("scale: { minReplicas: 0, rules: [{ name: 'labels' }] }", []),
        ("scale: { minReplicas: 0, rules: [{ name: 'h', http: { metadata: {} } }] }", []),
        ("scale: { minReplicas: 0, rules: [{ name: 'h', http: { metadata: {} } }] }\n    }\n    configuration: {\n      ingress: { targetPort: 80 }", ["service.stops worker @main.bicep:5"]),
        ("scale: { minReplicas: 0, rules: [{ name: 'h', http: { metadata: {} } }, { name: 'q', azureQueue: { queueName: 'q' } }] }\n    }\n    configuration: {\n      ingress: { targetPort: 80 }", []),
    ],
)
def test_a_container_app_in_bicep_that_may_go_down_to_none(tmp_path, scale, stops):
    text = "resource worker 'Microsoft.App/containerApps@2024-03-01' = {\n  name: 'worker'\n  properties: {\n    template: {\n      %s\n    }\n  }\n}\n"
    assert [each for each in told(look(tmp_path, {"main.bicep": text % scale})) if each.startswith("service.stops")] == stops


SITE = "resource site 'Microsoft.Web/sites@2023-12-01' = {\n  kind: 'app,linux'\n  properties: {\n    clientAffinityEnabled: false\n  }\n}\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("main.bicep", SITE, ["load.balanced @main.bicep:4"]),
        ("main.bicep", SITE.replace("false", "true"), ["sticky.sessions cookie @main.bicep:4"]),
        ("main.bicep", SITE.replace("    clientAffinityEnabled: false\n", ""), ["sticky.sessions cookie @main.bicep:1"]),
        ("main.bicep", SITE.replace("    clientAffinityEnabled: false\n", "").replace("app,linux", "functionapp,linux"), []),
        ("main.bicep", "param keep bool = true\n" + SITE.replace("false", "keep"), ["sticky.sessions cookie @main.bicep:1"]),
        ("main.bicep", "param keep bool\n" + SITE.replace("false", "keep"), []),
        ("site.json", '{"resources": [\n{"type": "Microsoft.Web/sites", "name": "s",\n "properties": {"clientAffinityEnabled": false}}]}', ["load.balanced @site.json:3"]),
    ],
    ids=["off", "on", "by default", "functions", "a parameter", "a parameter without a value", "arm"],
)
def test_app_service_keeps_a_client_unless_it_is_told_not_to(tmp_path: Path, name: str, text: str, said: list[str]) -> None:
    assert [line for line in told(look(tmp_path, {name: text})) if line.startswith(("sticky.", "load."))] == said


def test_the_line_of_the_most_where_no_least_is_said(tmp_path):
    assert [each for each in told(look(tmp_path, {"app.yaml": YAML})) if each.startswith("service.stops")] == ["service.stops web @app.yaml:6"]
