"""Caches of each process that one member of a group empties."""

from __future__ import annotations

import pytest

from callcheck.probes.grouped_evictions import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

NATS = """import json, nats
prices = {}
async def price(pool, lane):
    if lane not in prices:
        prices[lane] = await pool.fetchval("select eur from prices where lane = $1", lane)
    return prices[lane]
async def changed(msg):
    DOES
async def main():
    nc = await nats.connect("nats://nats:4222")
    await nc.subscribe("price.changed", GROUPcb=changed)
"""
KAFKA = """import functools, os, socket
from kafka import KafkaConsumer
@functools.lru_cache(maxsize=500)
def price(lane):
    return db.one("select eur from prices where lane = ?", lane)
def run():
    consumer = KafkaConsumer("price-changed", group_id=GROUP)
    for record in consumer:
        DOES
"""
KAFKAJS = """import { Kafka } from 'kafkajs';
const prices = new Map();
export async function price(lane) { if (!prices.has(lane)) prices.set(lane, await look(lane)); return prices.get(lane); }
const kafka = new Kafka({ brokers: ['kafka:9092'] });
const consumer = kafka.consumer({ groupId: GROUP });
await consumer.subscribe({ topic: 'price-changed' });
await consumer.run({ eachMessage: async ({ message }) => { DOES } });
"""
RABBIT = """import amqp from 'amqplib';
const prices = new Map();
export async function price(lane) { if (!prices.has(lane)) prices.set(lane, await look(lane)); return prices.get(lane); }
const c = await amqp.connect(process.env.AMQP);
const ch = await c.createChannel();
const q = await ch.assertQueue('', { exclusive: true });
await ch.bindQueue(q.queue, 'prices', '');
await ch.consume(GROUP, (m) => { DOES ch.ack(m); });
"""

AIO_PIKA = """import aio_pika
prices = {}
async def price(pool, lane):
    prices[lane] = prices.get(lane) or await pool.fetchval("select eur from prices where lane = $1", lane)
    return prices[lane]
async def changed(message):
    async with message.process():
        DOES
async def main():
    connection = await aio_pika.connect_robust(URL)
    channel = await connection.channel()
    queue = await channel.declare_queue(GROUP)
    await queue.consume(changed)
"""


@pytest.mark.parametrize(
    ("code", "group", "does", "found"),
    [
        (NATS, 'queue="quoter", ', "prices.pop(json.loads(msg.data)['lane'], None)", 1),
        (NATS, "", "prices.pop(json.loads(msg.data)['lane'], None)", 0),
        (NATS, 'queue="quoter", ', "prices.clear()\n    await msg.respond(b'ok')", 0),
        (NATS, 'queue="quoter", ', "prices['last'] = msg.data\n    prices.pop('first', None)", 0),
        (NATS, 'queue="quoter", ', "waiting = prices.pop(msg.data)\n    waiting.set_result(1)", 0),
        (KAFKA, '"quoter"', "price.cache_clear()", 1),
        (KAFKA, "f'quoter-{socket.gethostname()}'", "price.cache_clear()", 0),
        (KAFKA, '"quoter"', "db.insert_one({'lane': record.value})", 0),
        (KAFKAJS, "'quoter'", "prices.delete(message.key.toString());", 1),
        (KAFKAJS, "`quoter-${process.env.HOSTNAME}`", "prices.delete(message.key.toString());", 0),
        (AIO_PIKA, "'price-changed'", "prices.pop(message.body, None)", 1),
        (AIO_PIKA, "exclusive=True", "prices.pop(message.body, None)", 0),
        (RABBIT, "'price-changed'", "prices.delete(m.content.toString());", 1),
        (RABBIT, "q.queue", "prices.delete(m.content.toString());", 0),
    ],
)
def test_which_evictions_all_processes_should_hear_of(tmp_path, code: str, group: str, does: str, found: int) -> None:
    name = "a.js" if "import {" in code or "amqp from" in code else "a.py"
    assert len(list(look(tmp_path, {name: code.replace("GROUP", group).replace("DOES", does)}))) == found
