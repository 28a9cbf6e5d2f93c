"""What is said of a subscription whose connection its own function closes, and what not where something is waited for."""

from __future__ import annotations

import pytest

from callcheck.model.facts.delivery import ListenerPerCall, ListenerRemovedEarly
from callcheck.probes.closed_early import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
ASKS = """
import aio_pika
from fastapi import FastAPI
app = FastAPI()

@app.post("/quotes")
async def ask():
    connection = await aio_pika.connect_robust("amqp://r/")
    async with connection:
        channel = await connection.channel()
        answers = await channel.declare_queue(exclusive=True)
        await answers.consume(on_answer)
        await channel.default_exchange.publish(message, routing_key="orders")
        {waits}
"""
CLOSES = """
const amqp = require("amqplib");
async function main() {{
  const connection = await amqp.connect("amqp://r");
  const channel = await connection.createChannel();
  await channel.consume("orders", onOrder);
  {waits}
  await connection.close();
}}
main();
"""


@pytest.mark.parametrize("waits", ["pass", "await channel.close()", "log.info('sent')"])
def test_a_request_that_closes_its_connection_attaches_anew_each_time(tmp_path, waits: str) -> None:
    assert [item.fact for item in look(tmp_path, {"app.py": ASKS.format(waits=waits)})] == [ListenerPerCall("answers", "request", "pika", "python")]


@pytest.mark.parametrize("waits", ["return await answer", "await asyncio.sleep(5)", "async for each in other: pass", "await done.wait()"])
def test_what_waits_is_left_alone(tmp_path, waits: str) -> None:
    assert [item.fact for item in look(tmp_path, {"app.py": ASKS.format(waits=waits)})] == []


def test_a_program_that_closes_takes_its_listener_off(tmp_path) -> None:
    assert [item.fact for item in look(tmp_path, {"app.js": CLOSES.format(waits="")})] == [ListenerRemovedEarly("orders", "amqplib", "javascript")]


@pytest.mark.parametrize("waits", ["await new Promise((r) => setTimeout(r, 5000));", "await once(process, 'SIGTERM');", "if (idle)"])
def test_a_program_that_waits_does_not(tmp_path, waits: str) -> None:
    assert [item.fact for item in look(tmp_path, {"app.js": CLOSES.format(waits=waits)})] == []


def test_what_is_closed_after_a_failure_alone_is_left_alone(tmp_path) -> None:
    text = CLOSES.format(waits="try { channel.sendToQueue('a', b); } catch (error) {").replace("close();\n}", "close(); throw error; }\n}")
    assert [item.fact for item in look(tmp_path, {"app.js": text})] == []
