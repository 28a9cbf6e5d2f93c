"""A message of another program that has Nest's own key `data` loses what stands beside it, and a handler that reads that is told."""

from __future__ import annotations

import pytest

from callcheck.probes.nest_envelopes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
MQTT = "import mqtt from 'mqtt';\nconst c = mqtt.connect('mqtt://b');\n"
SENDS = MQTT + "c.publish('tank/1', JSON.stringify({ probe: 'a', data: { mg: 5 } }));"


def nest(handler: str, options: str = "transport: Transport.MQTT, options: { url: 'mqtt://b' }") -> dict[str, str]:
    """A microservice with one handler, whose parameters and body are given."""
    main = f"import {{ NestFactory }} from '@nestjs/core';\nimport {{ Transport }} from '@nestjs/microservices';\nimport {{ A }} from './a';\nNestFactory.createMicroservice(A, {{ {options} }});"
    taker = f"import {{ Controller }} from '@nestjs/common';\nimport {{ Ctx, EventPattern, Payload }} from '@nestjs/microservices';\n@Controller()\nexport class A {{\n  @EventPattern('tank/+')\n  on{handler}\n}}"
    return {"src/main.ts": main, "src/a.ts": taker}


@pytest.mark.parametrize(
    "handler",
    [
        "(@Payload() m: any) { keep(m.probe, m.data.mg); }",
        "(m: any) { const { probe, data } = m; keep(probe, data); }",
        "(@Ctx() ctx: any, @Payload() { probe }: any) { keep(probe); }",
    ],
)
@pytest.mark.parametrize("sends", [SENDS, MQTT + "const tell = (topic, m) => c.publish(topic, JSON.stringify(m), { qos: 1 });\ntell('tank/2', { probe: 'a', data: { mg: 5 } });"])
def test_a_field_beside_data_is_lost(tmp_path, handler, sends) -> None:
    found = look(tmp_path, {"device.mjs": sends, **nest(handler)})
    assert [(item.where.path, item.because[0].where.path) for item in found] == [("src/a.ts", "device.mjs")]


def test_a_pattern_without_data_leaves_nothing(tmp_path) -> None:
    sends = MQTT + "c.publish('tank/1', JSON.stringify({ pattern: 'zigzag', speed: 3 }));"
    assert len(look(tmp_path, {"device.mjs": sends, **nest("(@Payload() m: any) { mow(m.speed); }")})) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"device.mjs": SENDS, **nest("(@Payload() m: any) { keep(m.mg); }")},
        {"device.mjs": SENDS, **nest("(@Payload() m: any) { keep(m.probe); }", "transport: Transport.MQTT, options: { deserializer: new Plain() }")},
        {"device.mjs": SENDS, **nest("(@Payload() m: any) { keep(m.probe); }", "transport: Transport.KAFKA, options: {}")},
        {"device.mjs": SENDS.replace("data:", "reading:"), **nest("(@Payload() m: any) { keep(m.probe, m.reading.mg); }")},
        {"device.mjs": SENDS.replace("tank/1", "pond/1"), **nest("(@Payload() m: any) { keep(m.probe); }")},
        {"device.mjs": SENDS, **nest("(@Payload('probe') m: any) { keep(m.probe); }")},
    ],
)
def test_what_arrives_whole_or_is_read_in_its_own_way_is_left_alone(tmp_path, files) -> None:
    assert look(tmp_path, files) == []
