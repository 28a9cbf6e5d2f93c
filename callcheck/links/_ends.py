"""Which channels with names have their two ends in processes of a deployment, and may two of their names be one?"""

from __future__ import annotations

from fnmatch import fnmatchcase

from callcheck.model.evidence import Evidence
from callcheck.model.facts.channels import ChannelEnd

BROKERS = {
    "agenda": "Agenda",
    "aio-pika": "RabbitMQ",
    "amqp-exchange": "RabbitMQ",
    "amqp-queue": "RabbitMQ",
    "graphile-worker": "Graphile Worker",
    "kafka": "Kafka",
    "mqtt": "MQTT",
    "nats": "NATS",
    "pg-boss": "pg-boss",
    "pg-listen": "LISTEN",
    "redis": "Redis",
    "servicebus": "Service Bus",
    "sqs": "SQS",
    "temporal-queue": "Temporal",
}
"""Spaces of names whose two ends are processes of a deployment; what Celery, BullMQ and their like take are facts of work."""
KEEPING = BROKERS.keys() - {"mqtt", "nats", "pg-listen", "redis"}
"""Those that keep what is sent until somebody takes it."""


def name_of(item: Evidence) -> str:
    """The name of an end; "" if it is computed."""
    return item.fact.event if isinstance(item.fact, ChannelEnd) else ""


def meets(heard: str, sent: str) -> bool:
    """Whether one name may be the other; one that is computed may be any that is listened to, and is no reason to look at listeners with a name."""
    return not heard.strip("*") or heard == sent or bool(sent.strip("*")) and (fnmatchcase(sent, heard) or fnmatchcase(heard, sent))
