"""Two programs that take from one queue are found, however they are started."""

from __future__ import annotations

import pytest

from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.target import Target
from callcheck.probes.competing import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge

CONSUMER = "import pika\nch = pika.BlockingConnection().channel()\nch.basic_consume(queue='{}', on_message_callback=handle)\nch.start_consuming()\n"


@pytest.mark.parametrize(("queues", "names"), [(("orders", "orders"), ["orders"]), (("orders", "mails"), [])])
@pytest.mark.parametrize(
    "start", ["[program:{0}]\ncommand=python -m shop.{0}\n", "[program:{0}]\ncommand=/srv/venv/bin/python3 -u -m shop.{0}\n", "[program:{0}]\ncommand=python shop/{0}.py\n"]
)
def test_two_programs_with_one_queue_compete(tmp_path, queues, names, start) -> None:
    (tmp_path / "shop").mkdir()
    for name, queue in zip(("labels", "duty"), queues, strict=True):
        (tmp_path / "shop" / f"{name}.py").write_text(CONSUMER.format(queue))
    (tmp_path / "supervisord.conf").write_text(start.format("labels") + start.format("duty"))
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)] == names


BOT = "import os\nfrom telegram.ext import ApplicationBuilder\na = ApplicationBuilder().token(os.environ['{}']).build()\na.{}()\n"


@pytest.mark.parametrize(
    ("second", "names"), [(("TOKEN", "run_polling"), ["TOKEN"]), (("OTHER_TOKEN", "run_polling"), []), (("TOKEN", "run_webhook"), [])]
)
def test_two_programs_that_poll_with_one_token_compete(tmp_path, second, names) -> None:
    (tmp_path / "bot.py").write_text(BOT.format("TOKEN", "run_polling"))
    (tmp_path / "remind.py").write_text(BOT.format(*second))
    (tmp_path / "supervisord.conf").write_text("[program:bot]\ncommand=python bot.py\n[program:remind]\ncommand=python remind.py\n")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)] == names


HELPER = (
    "import amqp from 'amqplib';\nconst QUEUE = process.env.QUEUE || 'loans';\nexport async function take(handlers) {\n"
    "  const c = await amqp.connect('u');\n  const ch = await c.createChannel();\n  await ch.consume(QUEUE, (m) => handlers[m.type](m));\n}\n"
)


def _programs(tmp_path, deployment: str, other: str = "{ lent: g }") -> list[str]:
    (tmp_path / "broker.js").write_text(HELPER)
    (tmp_path / "a.js").write_text("import { take } from './broker.js';\ntake({ borrowed: f });\n")
    (tmp_path / "b.js").write_text(f"import {{ take }} from './broker.js';\ntake({other});\n")
    (tmp_path / "compose.yml").write_text("services:\n  a: {command: node a.js}\n  b: {command: node b.js}\n" + deployment)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    return [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)]


def test_two_programs_take_from_one_queue_through_a_shared_function(tmp_path) -> None:
    assert _programs(tmp_path, "") == ["loans"]


@pytest.mark.parametrize(("deployment", "other"), [("x-env: {QUEUE: loans-b}\n", "{ lent: g }"), ("", "{ borrowed: f }")])
def test_a_queue_that_the_deployment_sets_or_the_same_handlers(tmp_path, deployment, other) -> None:
    assert not _programs(tmp_path, deployment, other)


PULL = "import {{ PubSub }} from '@google-cloud/pubsub';\nconst sub = new PubSub().subscription(process.env.SUB);\nsub.on('message', (m) => {}(m));\n"


@pytest.mark.parametrize(("subscriptions", "names"), [(("orders", "orders"), ["orders"]), (("orders-mail", "orders-stock"), [])])
def test_a_subscription_is_what_the_deployment_sets_for_each_program(tmp_path, subscriptions, names) -> None:
    services = {"api": "other", "mail": subscriptions[0], "stock": subscriptions[1]}
    for name in services:
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.js").write_text(PULL.format(name))
    rows = (f"  {name}:\n    command: node {name}/index.js\n    environment: {{SUB: {value}}}\n" for name, value in services.items())
    (tmp_path / "compose.yml").write_text("services:\n" + "".join(rows))
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)] == names


GROUP = "import {{ Kafka }} from 'kafkajs';\nconst c = new Kafka({{}}).consumer({{ groupId: 'g' }});\nc.subscribe({{ topic: 'orders' }});\nc.run({{ eachMessage: async (m) => {}(m) }});\n"


@pytest.mark.parametrize(("other", "names"), [("stock", ["g"]), ("mail", [])])
def test_one_topic_that_two_programs_handle_in_their_own_ways(tmp_path, other, names) -> None:
    (tmp_path / "a.js").write_text(GROUP.format("mail"))
    (tmp_path / "b.js").write_text(GROUP.format(other))
    (tmp_path / "compose.yml").write_text("services:\n  a: {command: node a.js}\n  b: {command: node b.js}\n")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)] == names

STREAM = "import os\nimport redis\nGROUP = os.getenv('GROUP', 'plant')\nr = redis.Redis()\ndef run(handle):\n    for _, found in r.xreadgroup(GROUP, 'me', {'plant': '>'}):\n        handle(found)\n"
READER = "from bus import run\ndef handle(x): print('%s', x)\nrun(handle)\n"


@pytest.mark.parametrize(("groups", "names"), [(("", ""), ["plant"]), (("yard", "yard"), ["yard"]), (("alarms", "archive"), [])])
def test_a_group_that_a_shared_module_names_for_programs_with_handlers_of_one_name(tmp_path, groups, names) -> None:
    (tmp_path / "bus.py").write_text(STREAM)
    services = ""
    for name, group in zip(("alarms", "archive"), groups, strict=True):
        (tmp_path / f"{name}.py").write_text(READER % name)
        services += f"  {name}:\n    build: .\n    command: python {name}.py\n" + (f"    environment: {{GROUP: {group}}}\n" if group else "")
    (tmp_path / "compose.yml").write_text("services:\n" + services)
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)] == names


TAKING = "import pika\ndef take(kind, who, work):\n    ch = pika.BlockingConnection().channel()\n    {}\n    ch.basic_consume({}, work)\n    ch.start_consuming()\n"


@pytest.mark.parametrize(
    ("before", "queue", "names"),
    [
        ("pass", "f'shop.{kind}'", ["shop.placed"]),
        ("queue = 'shop.' + kind", "queue", ["shop.placed"]),
        ("shop = 'shop'", "f'{shop}.{kind}'", ["shop.placed"]),
        ("pass", "f'shop.{kind}.{settings.suffix}'", []),
        ("pass", "f'shop.{kind}.{who}'", []),
        ("import os; suffix = os.environ['SUFFIX']", "f'shop.{kind}.{suffix}'", []),
    ],
)
def test_a_name_that_a_shared_function_makes_of_what_it_is_told(tmp_path, before, queue, names) -> None:
    (tmp_path / "rabbit.py").write_text(TAKING.format(before, queue))
    for name in ("frames", "prints"):
        (tmp_path / f"{name}.py").write_text(f"from rabbit import take\ndef {name}(ch, m, p, body): print('{name}')\ntake('placed', '{name}', {name})\n")
    (tmp_path / "compose.yml").write_text("services:\n  a: {command: python frames.py}\n  b: {command: python prints.py}\n")
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), shipped_knowledge())
    assert [item.fact.name for item in PROBE.look(eyes.target, eyes) if isinstance(item.fact, ConsumersCompete)] == names
