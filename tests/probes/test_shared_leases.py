"""Functions of Azure that take from one source as one consumer, and those that each have their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.shared_leases import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
PYTHON = "import azure.functions as func\n\napp = func.FunctionApp()\n\n\n@app.%s\ndef %s(events):\n    pass\n"
HUB = 'event_hub_message_trigger(arg_name="events", event_hub_name="scans", connection="Hub"%s)'
TOPIC = 'service_bus_topic_trigger(arg_name="events", topic_name="paid", subscription_name="%s", connection="Bus")'
FEED = 'cosmos_db_trigger(arg_name="events", database_name="shop", container_name="orders", connection="Db"%s)'
BICEP = "param group string\nresource app 'Microsoft.Web/sites@2023-12-01' = {\n  properties: {\n    siteConfig: {\n      appSettings: [\n        {\n          name: 'GROUP'\n          value: group\n        }\n      ]\n    }\n  }\n}\n"
MAIN = "module bills 'app.bicep' = {\n  name: 'bills'\n  params: {\n    group: '%s'\n  }\n}\n\nmodule leaks 'app.bicep' = {\n  name: 'leaks'\n  params: {\n    group: '%s'\n  }\n}\n"
NODE = "const { app } = require('@azure/functions');\napp.storageQueue('%s', { queueName: '%s', connection: 'Store', handler: async () => {} });\n"


def said(folder: Path, files: dict[str, str]) -> list[str]:
    given = {"bills/host.json": "{}", "leaks/host.json": "{}", **files}
    return [str(each.fact.attributes()["callcheck.group.name"]) for each in look(folder, given) if isinstance(each, Evidence)]


def two(first: str, second: str, **more: str) -> dict[str, str]:
    return {"bills/function_app.py": PYTHON % (first, "book"), "leaks/function_app.py": PYTHON % (second, "look"), **{name.replace("__", "."): text for name, text in more.items()}}


OLD = '{"bindings": [{"type": "eventHubTrigger", "name": "events", "eventHubName": "scans", "connection": "Hub"%s}]}'
BY_SETTING = HUB % ', consumer_group="%%GROUP%%"'.replace("%%", "%")


@pytest.mark.parametrize(
    ("files", "shared"),
    [
        (two(HUB % "", HUB % ""), "scans/$Default"),
        (two(HUB % "", HUB % ', consumer_group="$Default"'), "scans/$Default"),
        (two(TOPIC % "all", TOPIC % "all"), "paid/all"),
        (two(FEED % "", FEED % ""), "shop/orders/leases"),
        (two(BY_SETTING, BY_SETTING, app__bicep=BICEP, main__bicep=MAIN % ("$Default", "$Default")), "scans/$Default"),
        ({"bills/a.js": NODE % ("book", "pdfs"), "leaks/a.js": NODE % ("look", "pdfs")}, "pdfs"),
        ({"bills/book/function.json": OLD % "", "leaks/look/function.json": OLD % ', "consumerGroup": "$Default"'}, "scans/$Default"),
    ],
)
def test_two_functions_that_are_one_consumer(tmp_path: Path, files: dict[str, str], shared: str) -> None:
    assert said(tmp_path, files) == [shared]


@pytest.mark.parametrize(
    "files",
    [
        two(HUB % "", HUB % ', consumer_group="leaks"'),
        two(HUB % "", HUB.replace("scans", "moves") % ""),
        two(HUB % "", HUB.replace('"Hub"', '"OtherHub"') % ""),
        two(TOPIC % "bills", TOPIC % "leaks"),
        two(FEED % ', lease_container_prefix="bills"', FEED % ', lease_container_prefix="leaks"'),
        two(BY_SETTING, BY_SETTING),
        two(BY_SETTING, BY_SETTING, app__bicep=BICEP, main__bicep=MAIN % ("bills", "leaks")),
        {"bills/a.js": NODE % ("book", "pdfs"), "leaks/a.js": NODE % ("look", "mails")},
        {f"{name}/function_app.py": PYTHON % (HUB % "", name) for name in ("a", "b", "c", "d")},
    ],
)
def test_functions_that_each_get_all(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []


QUEUE = PYTHON % ('service_bus_queue_trigger(arg_name="events", queue_name="%QUEUE%", connection="Bus")', "book")
SITE = "resource {0} 'Microsoft.Web/sites{1}@2023-12-01' = {{\n  properties: {{\n    siteConfig: {{\n      appSettings: [\n        {{ name: 'QUEUE', value: '{2}' }}\n        {{ name: 'Bus__fullyQualifiedNamespace', value: '{3}' }}\n{4}      ]\n    }}\n  }}\n}}\n"
TF = 'resource "azurerm_linux_function_app{0}" "a" {{\n  app_settings = {{\n    QUEUE = "{1}"\n    "Bus" = {2}\n  }}\n}}\n'
OFF = "        { name: 'AzureWebJobs.book.Disabled', value: '1' }\n"
BUS = "azurerm_servicebus_namespace.bus.default_primary_connection_string"


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("m.bicep", SITE.format("app", "", "scans", "one", "") + SITE.format("slot", "/slots", "scans", "one", ""), ["m.bicep:16"]),
        ("m.tf", TF.format("", "scans", BUS) + TF.format("_slot", "scans", BUS), ["m.tf:10"]),
        ("m.bicep", SITE.format("app", "", "scans", "one", "") + SITE.format("slot", "/slots", "scans", "one", OFF), []),
        ("m.bicep", SITE.format("app", "", "scans", "one", "") + SITE.format("slot", "/slots", "scans", "two", ""), []),
        ("m.bicep", SITE.format("app", "", "scans", "one", "") + SITE.format("slot", "/slots", "scans-test", "one", ""), []),
        ("m.bicep", SITE.format("app", "", "scans", "one", ""), []),
        ("m.tf", TF.format("", "scans", BUS) + TF.format("_slot", "scans", BUS.replace(".bus.", ".test.")), []),
        ("m.tf", TF.format("", "scans", BUS) + TF.format("_slot", "scans-test", BUS), []),
    ],
    ids=["Bicep", "Terraform", "turned off", "another namespace", "another queue", "no slot", "another namespace of Terraform's", "another queue of Terraform's"],
)
def test_a_slot_takes_from_the_apps_own_queue(tmp_path: Path, name: str, text: str, places: list[str]) -> None:
    found = look(tmp_path, {"host.json": "{}", "function_app.py": QUEUE, name: text})
    assert [str(each.where) for each in found if isinstance(each, Evidence)] == places
