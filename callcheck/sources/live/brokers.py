"""Which broker or database stands behind a connection?

A local server is known by its program. A distant one by its port alone, which is a guess: the ports are those that each project's own
documentation gives as its default.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.sources.live.sockets import Connection, Listener
from callcheck.sources.live.table import Table
from callcheck.sources.live.titles import program_of

_BY_PORT = {
    6379: "redis", 6380: "redis", 26379: "redis", 5672: "rabbitmq", 5671: "rabbitmq", 9092: "kafka", 9093: "kafka", 9094: "kafka",
    4222: "nats", 1883: "mqtt", 8883: "mqtt", 5432: "postgresql", 6432: "postgresql", 27017: "mongodb", 3306: "mysql", 61613: "activemq",
    61616: "activemq", 6650: "pulsar", 4150: "nsq",
}  # fmt: skip
_BY_PROGRAM = {
    "redis-server": "redis", "valkey-server": "redis", "keydb-server": "redis", "dragonfly": "redis", "postgres": "postgresql",
    "pgbouncer": "postgresql", "mongod": "mongodb", "mongos": "mongodb", "nats-server": "nats", "mosquitto": "mqtt", "emqx": "mqtt",
    "mysqld": "mysql", "mariadbd": "mysql", "nsqd": "nsq", "rabbitmq-server": "rabbitmq",
}  # fmt: skip
_BY_WORD = (("rabbit", "rabbitmq"), ("kafka.Kafka", "kafka"), ("redpanda", "kafka"), ("activemq", "activemq"), ("artemis", "activemq"))
"""What stands on the command line of a server that runs in Erlang's or Java's machine."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker or database that processes of an app are connected to."""

    system: str
    address: str
    port: int
    pids: tuple[int, ...]
    """Which of the app's processes hold a connection."""
    by_program: bool
    """Whether the server itself was seen; else its port is all that tells."""


class Brokers:
    """Knows the servers of this machine once."""

    def __init__(self, table: Table, listening: list[Listener]) -> None:
        self._table = table
        self._servers = {item.port: item.pid for item in listening if item.pid is not None}

    def behind(self, connections: list[Connection]) -> list[Broker]:
        """The brokers that these connections lead to, in order of system and port."""
        found: dict[tuple[str, str, int, bool], set[int]] = {}
        for each in connections:
            system, seen = self._system(each)
            if system:
                found.setdefault((system, each.address, each.port, seen), set()).add(each.pid)
        return [Broker(system, address, port, tuple(sorted(pids)), seen) for (system, address, port, seen), pids in sorted(found.items())]

    def _system(self, connection: Connection) -> tuple[str, bool]:
        here = connection.address.startswith("127.") or connection.address == "::1"
        pid = self._servers.get(connection.port) if here else None
        if pid is not None:
            words = self._table.words(pid)
            program = program_of(words).rstrip(":")
            told = _BY_PROGRAM.get(program) or next((system for word, system in _BY_WORD if word in " ".join(words)), "")
            if told:
                return told, True
        return _BY_PORT.get(connection.port, ""), False
