"""Apps of Spring that share a group or a queue by what the deployment sets, and none whose own groups hold."""

from __future__ import annotations

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.spring_groups import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

COMPOSE = "services:\n  bills:\n    build: ./bills\n    environment: {%s}\n  pilots:\n    build: ./pilots\n    environment: {%s}\n"
LISTENER = "package port.%s;\n\nimport x.Y;\n\n@Component\nclass Moored {\n    @%s\n    void on(Event event) { %s(event); }\n}\n"
YAML = "spring:\n  kafka:\n    consumer:\n      group-id: %s\n"


def _files(listener: str, bills: str = "", pilots: str = "", first: str = "", second: str = "") -> dict[str, str]:
    return {
        "compose.yaml": COMPOSE % (bills, pilots),
        **{f"{app}/pom.xml": "<project/>" for app in ("bills", "pilots")},
        **{f"{app}/src/main/java/Moored.java": LISTENER % (app, listener, f"take{app}") for app in ("bills", "pilots")},
        "bills/src/main/resources/application.yml": first or YAML % "bills",
        "pilots/src/main/resources/application.yml": second or YAML % "pilots",
    }


def _said(tmp_path, files: dict[str, str]) -> list[str]:
    return [str(item.fact.attributes()["callcheck.group.name"]) for item in look(tmp_path, files) if isinstance(item, Evidence)]


KAFKA = 'KafkaListener(topics = "moored")'
SHARED = "SPRING_KAFKA_CONSUMER_GROUP_ID: port"
STREAM = "spring:\n  cloud:\n    stream:\n      bindings:\n        moored-in-0:\n          destination: moored\n          group: %s\n"


@pytest.mark.parametrize(
    ("files", "shared"),
    [
        (_files(KAFKA, SHARED, SHARED), "port"),
        (_files(KAFKA, "SPRING_KAFKA_CONSUMER_GROUPID: port", SHARED), "port"),
        (_files(KAFKA, 'JAVA_TOOL_OPTIONS: "-Xmx1g -Dspring.kafka.consumer.group-id=port"', SHARED), "port"),
        (_files('KafkaListener(topics = {"berths", "${app.topic:moored}"}, groupId = "${app.group:port}")'), "port"),
        (_files('KafkaListener(id = "port", topics = "moored")'), "port"),
        (_files(KAFKA, "APP_GROUP: port", "APP_GROUP: port", YAML % "${app.group}", YAML % "${app.group}"), "port"),
        (_files('RabbitListener(queues = "moored")'), "moored"),
        (_files('SqsListener("moored")'), "moored"),
        (_files("Bean", "SPRING_CLOUD_STREAM_BINDINGS_MOORED_IN_0_GROUP: port", "", STREAM % "bills", STREAM % "port"), "port"),
    ],
)
def test_two_apps_that_take_what_is_meant_for_both(tmp_path, files: dict[str, str], shared: str) -> None:
    assert _said(tmp_path, files) == [shared]


@pytest.mark.parametrize(
    "files",
    [
        _files(KAFKA),
        _files(KAFKA, SHARED),
        _files('KafkaListener(topics = "moored", groupId = "${spring.application.name}")', SHARED, SHARED, "spring.application.name: bills\n", "spring.application.name: pilots\n"),
        _files('KafkaListener(id = "moored", idIsGroup = false, topics = "moored")'),
        _files(KAFKA, f"{SHARED}, SPRING_KAFKA_BOOTSTRAP_SERVERS: a:9092", f"{SHARED}, SPRING_KAFKA_BOOTSTRAP_SERVERS: b:9092"),
        _files('KafkaListener(topics = "moored", containerFactory = "own")', SHARED, SHARED),
        _files('KafkaListener(topics = "#{names.topic}")', SHARED, SHARED),
        _files("Bean", "", "", STREAM % "bills", STREAM % "pilots"),
        {name: text for name, text in _files(KAFKA, SHARED, SHARED).items() if name != "compose.yaml"},
        {name: text.replace("takepilots", "takebills").replace("port.pilots", "port.bills") for name, text in _files(KAFKA, SHARED, SHARED).items()},
    ],
    ids=["own groups", "one is given it", "beside the listener", "the id is none", "brokers", "factory", "computed", "bindings", "not deployed", "copies"],
)
def test_apps_that_each_get_all(tmp_path, files: dict[str, str]) -> None:
    assert _said(tmp_path, files) == []
