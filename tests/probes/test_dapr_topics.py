"""A subscription of Dapr is laid beside the sidecars that run and the components that they load."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.dapr_topics import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SUBSCRIPTION = "apiVersion: dapr.io/v2alpha1\nkind: Subscription\nmetadata:\n  name: paid\n  namespace: %s\nspec:\n  pubsubname: %s\n  topic: paid\n  routes: {default: /paid}\nscopes: [%s]\n"
COMPONENT = "---\napiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: events}\nspec: {type: pubsub.redis, version: v1}\nscopes: [%s]\n"
UNIT = (
    "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mailer, namespace: %s}\nspec:\n  template:\n    metadata:\n      annotations:\n        dapr.io/enabled: 'true'\n"
    "        dapr.io/app-id: %s\n%s    spec: {containers: [{name: mailer, image: shop}]}\n"
)
PORT = "        dapr.io/app-port: '3000'\n"
COMPOSE = 'services:\n  mailer:\n    build: .\n  mailer-dapr:\n    image: daprio/daprd\n    command: ["./daprd", "--app-id", "%s", "--app-port", "3000"]\n    network_mode: service:mailer\n'
BICEP = (
    "resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {\n  resource events 'daprComponents' = {\n    name: 'events'\n    properties: {\n      componentType: 'pubsub.redis'\n"
    "      scopes: [ 'till', '%s' ]\n    }\n  }\n}\nresource mailer 'Microsoft.App/containerApps@2024-03-01' = {\n  name: 'mailer-app'\n  properties: {\n"
    "    configuration: {\n      dapr: { enabled: true, appId: 'mailer', appPort: 3000 }\n    }\n  }\n}\n"
)
TERRAFORM = (
    'resource "azurerm_container_app_environment_dapr_component" "events" {\n  name = "events"\n  component_type = "pubsub.redis"\n  scopes = ["%s"]\n}\n'
    'resource "azurerm_container_app" "mailer" {\n  name = "mailer-app"\n  dapr {\n    app_id = "mailer"\n  }\n}\n'
)
APP = "import express from 'express';\nconst app = express();\napp.post('/paid', (req, res) => res.json({}));\napp.listen(3000);\n"


def subscription(space: str = "shop", broker: str = "events", scopes: str = "shop-mailer") -> str:
    return SUBSCRIPTION % (space, broker, scopes)


def unit(space: str = "shop", app: str = "shop-mailer", port: str = PORT) -> str:
    return UNIT % (space, app, port)


@pytest.mark.parametrize(
    ("files", "place", "words"),
    [
        ({"k8s.yaml": subscription(scopes="mailer") + unit()}, "k8s.yaml:10", "goes by is shop-mailer"),
        ({"dapr/paid.yaml": subscription(scopes="mailers"), "compose.yaml": COMPOSE % "mailer", "server.js": APP}, "dapr/paid.yaml:10", "goes by is mailer"),
        ({"paid.yaml": subscription(scopes="mailers"), "Makefile": "run:\n\tdapr run --app-id mailer --app-port 3000 -- node server.js\n", "server.js": APP}, "paid.yaml:10", "goes by is mailer"),
        ({"k8s.yaml": subscription(space="default") + unit()}, "k8s.yaml:5", "in shop"),
        ({"k8s.yaml": subscription() + unit(port="")}, "k8s.yaml:20", "no port"),
        ({"k8s.yaml": subscription(broker="event") + COMPONENT % "" + unit()}, "k8s.yaml:7", "no component is called event"),
        ({"k8s.yaml": subscription() + COMPONENT % "till, mailer" + unit()}, "k8s.yaml:16", "load the component events"),
        ({"main.bicep": BICEP % "mailer-app"}, "main.bicep:6", "goes by mailer"),
        ({"main.tf": TERRAFORM % "mailer-app"}, "main.tf:4", "goes by mailer"),
    ],
    ids=["the unit's name", "in Compose", "in a script", "another namespace", "no port", "another component", "a component of others", "of Azure's apps", "of Azure's apps in Terraform"],
)
def test_nobody_takes_the_subscription_up(tmp_path: Path, files: dict[str, str], place: str, words: str) -> None:
    found = [each for each in look(tmp_path, files) if isinstance(each, Evidence)]
    assert [str(each.where) for each in found] == [place]
    assert words in found[0].fact.says()


@pytest.mark.parametrize(
    "files",
    [
        {"k8s.yaml": subscription() + COMPONENT % "till, shop-mailer" + unit()},
        {"k8s.yaml": subscription(scopes="") + COMPONENT % "" + unit()},
        {"k8s.yaml": subscription(scopes="ledger") + unit()},
        {"k8s.yaml": subscription(scopes="mailer") + unit(app="'{{ .Values.app }}'")},
        {"k8s.yaml": subscription(scopes="mailer")},
        {"k8s.yaml": subscription(broker="billing") + COMPONENT % "" + (COMPONENT % "").replace("name: events", "name: other") + unit()},
        {"paid.yaml": subscription(scopes="mailer"), "compose.yaml": COMPOSE % "mailer", "server.js": APP},
        {"main.bicep": BICEP % "mailer"},
        {"main.tf": TERRAFORM % "mailer"},
    ],
    ids=["all fits", "for all", "another project's", "filled in later", "no sidecar is here", "a component made elsewhere", "in Compose", "of Azure's apps", "of Azure's apps in Terraform"],
)
def test_a_subscription_that_is_taken_up_or_may_be_elsewhere_is_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    assert not look(tmp_path, files)
