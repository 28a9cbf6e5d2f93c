"""Runtimes that stand in tables, or are handed to functions, and are started by some and not by others."""

from __future__ import annotations

import pytest

from callcheck.probes.idle import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

TABLE = "from temporalio.worker import Worker\nasync def main(client):\n    workers = {\n        'a': Worker(client, task_queue='a'),\n        'b': Worker(client, task_queue='b'),\n    }\n"
BROKER = "import pika\nclass Broker:\n    def __init__(self):\n        self.channel = pika.BlockingConnection().channel()\n    def on(self, queue, handler):\n        self.channel.basic_consume(queue, handler)\n    def go(self):\n        self.channel.start_consuming()\nbroker = Broker()\nbroker.on('q', print)\n"
READ = "from aiokafka import AIOKafkaConsumer\nasync def read(c):\n    async for m in c: ...\nasync def main():\n    a = AIOKafkaConsumer('a')\n    await a.start()\n"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (TABLE + "    await workers['a'].run()\n", [5]),
        (TABLE + "    for name, each in workers.items():\n        print(name, each.task_queue)\n    await workers['a'].run()\n", [5]),
        (TABLE + "    for each in workers.values():\n        await each.run()\n", []),
        (TABLE + "    await gather(*[each.run() for each in workers.values()])\n", []),
        (TABLE + "    await run_all(workers)\n", []),
        ("from temporalio.worker import Worker\nasync def main(client):\n    async with Worker(client, task_queue='a'):\n        await forever()\n", []),
        ("from temporalio.worker import Worker\nasync def main(client):\n    w = Worker(client, task_queue='a')\n    async with w:\n        await forever()\n", []),
        (BROKER, [4]),
        (BROKER + "broker.go()\n", []),
        (BROKER + "threading.Thread(target=broker.go).start()\n", []),
        (READ, [5]),
        (READ + "    await read(a)\n", []),
        (READ + "    print(a)\n    show(a)\ndef show(c):\n    print(c.topics)\n", [5]),
    ],
)
def test_which_of_several_is_never_started(tmp_path, code: str, lines: list[int]) -> None:
    assert [item.where.line for item in look(tmp_path, {"a.py": code}) if item.fact.kind == "runtime.idle"] == lines


CRON = "import { CronJob } from 'cron';\nexport const make = (f) =>\n  CronJob.from({ cronTime: '* * * * *', onTick: f });\n"


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("const job = make(work);\nconsole.log(job.nextDate());\n", [3]),
        ("const job = make(work);\njob.start();\n", []),
        ("keep(make(work));\n", []),
        ("export default function () { return make(work) }\n", []),
    ],
)
def test_what_a_factory_gives_its_only_caller_is_started_there_or_nowhere(tmp_path, main: str, lines: list[int]) -> None:
    found = look(tmp_path, {"job.js": CRON, "main.js": "import { make } from './job.js';\n" + main, "package.json": '{"dependencies": {"cron": "^4.3.0"}}'})
    assert [item.where.line for item in found if item.fact.kind == "runtime.idle"] == lines


JOBS = "import { CronJob } from 'cron';\nexport const digest = new CronJob('0 7 * * *', mail);\nexport const purge = new CronJob('0 2 * * *', clear, null, true);\n"


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("const all = { digest, purge };\nfor (const [name, job] of Object.entries(all)) log.info({ name, next: job.nextDate() });\n", [2]),
        ("const all = { digest, purge };\nObject.entries(all).forEach(([name, job]) => console.log(name, job.nextDate()));\n", [2]),
        ("[digest, purge].forEach((job) => job.stop());\n", [2]),
        ("for (const job of [digest, purge]) job.stop();\n", [2]),
        ("for (const job of [digest, purge]) job.start();\n", []),
        ("Object.values({ digest, purge }).forEach((job) => job.start());\n", []),
        ("const all = { digest, purge };\nObject.values(all).map((job) => job.start());\n", []),
        ("const all = { digest, purge };\nfor (const name of Object.keys(all)) all[name].start();\n", []),
        ("export const all = { digest, purge };\n", []),
        ("const all = [digest, purge];\nexport default all;\n", []),
    ],
)
def test_what_is_put_into_a_table_by_its_name_is_started_from_there_or_nowhere(tmp_path, main: str, lines: list[int]) -> None:
    found = look(tmp_path, {"jobs.js": JOBS, "main.js": "import { digest, purge } from './jobs.js';\n" + main, "package.json": '{"dependencies": {"cron": "^4.3.0"}}'})
    assert [item.where.line for item in found if item.fact.kind == "runtime.idle"] == lines


def test_a_table_that_another_module_takes_may_be_started_there(tmp_path) -> None:
    jobs = "import { CronJob } from 'cron';\nexport const jobs = { digest: new CronJob('0 7 * * *', mail) };\n"
    main = "import { jobs } from './jobs.js';\nfor (const job of Object.values(jobs)) job.start();\n"
    workers = TABLE.replace("async def main(client):\n    workers", "workers").replace("\n    ", "\n")
    assert not [item for item in look(tmp_path, {"jobs.js": jobs, "main.js": main, "package.json": '{"dependencies": {"cron": "^4.3.0"}}'}) if item.fact.kind == "runtime.idle"]
    assert not [item for item in look(tmp_path / "py", {"a.py": workers, "b.py": "from a import workers\nfor each in workers.values():\n    run(each.run())\n"}) if item.fact.kind == "runtime.idle"]


REGISTRY = "import { CronJob } from 'cron';\nconst digest = new CronJob('0 7 * * *', mail);\nconst purge = new CronJob('0 2 * * *', clear);\nexport const registry = { digest, purge };\n"


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("import { registry } from './jobs.js';\nregistry.digest.start();\nconsole.log(Object.keys(registry));\n", [3]),
        ("import * as jobs from './jobs.js';\njobs.registry.digest.start();\n", [3]),
        ("import { registry } from './jobs.js';\nfor (const job of Object.values(registry)) job.stop();\n", [2, 3]),
        ("import { registry } from './jobs.js';\nfor (const name of Object.keys(registry)) registry[name].start();\n", []),
        ("import { registry as all } from './jobs.js';\nall.digest.start();\n", []),
        ("import { registry } from './jobs.js';\nstartAll(registry);\n", []),
        ("import { registry } from './jobs.js';\nexport const app = { ...registry };\n", []),
        ("const { registry } = await import('./jobs.js');\nregistry.digest.start();\nregistry.purge.start();\n", []),
        ("export * from './jobs.js';\n", []),
    ],
)
def test_a_table_that_is_exported_is_followed_to_the_modules_that_take_it(tmp_path, main: str, lines: list[int]) -> None:
    found = look(tmp_path, {"jobs.js": REGISTRY, "main.js": main, "package.json": '{"dependencies": {"cron": "^4.3.0"}}'})
    assert [item.where.line for item in found if item.fact.kind == "runtime.idle"] == lines


@pytest.mark.parametrize(("begins", "idle"), [("await producer.connect();\n", [4]), ("await consumer.run({ eachMessage: read });\n", [3]), ("", [3, 4])])
def test_what_starts_one_kind_of_object_does_not_start_another(tmp_path, begins: str, idle: list[int]) -> None:
    source = "import { Kafka } from 'kafkajs';\nconst kafka = new Kafka({});\nconst producer = kafka.producer();\nconst consumer = kafka.consumer({ groupId: 'g' });\n"
    source += "await consumer.connect();\nawait consumer.subscribe({ topic: 't' });\nawait producer.send({ topic: 't', messages: [] });\n" + begins
    found = look(tmp_path, {"a.js": source, "package.json": '{"dependencies": {"kafkajs": "^2.2.4"}}'})
    assert [item.where.line for item in found if item.fact.kind == "runtime.idle"] == idle


PLAN = "import { CronJob } from 'cron';\nexport function plan(all) {\n  const jobs = new Map();\n  for (const [name, run] of all) {\n    const job = new CronJob('0 7 * * *', run);\n    jobs.set(name, job);\n  }\n  return jobs;\n}\n"


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("const jobs = plan([['a', mail]]);\nconsole.log(jobs.size, [...jobs.keys()]);\n", [5]),
        ("const jobs = plan([['a', mail]]);\nprocess.on('SIGTERM', () => { for (const job of jobs.values()) job.stop(); });\n", [5]),
        ("const jobs = plan([['a', mail]]);\nserve(jobs);\nfunction serve(all) { return [...all].map(([name, job]) => job.nextDate()); }\n", [5]),
        ("for (const each of plan([['a', mail]]).values()) each.start();\n", []),
        ("const jobs = plan([['a', mail]]);\nbegin(jobs);\nfunction begin(all) { all.get('a').start(); }\n", []),
        ("import { runAll } from '@acme/jobs';\nrunAll(plan([['a', mail]]));\n", []),
        ("import { runAll } from '@acme/jobs';\nconst jobs = plan([['a', mail]]);\nrunAll(jobs.values());\n", []),
        ("export { plan };\n", []),
    ],
)
def test_what_is_put_into_a_map_by_its_name_is_started_from_there_or_nowhere(tmp_path, main: str, lines: list[int]) -> None:
    found = look(tmp_path, {"plan.js": PLAN, "main.js": "import { plan } from './plan.js';\n" + main, "package.json": '{"dependencies": {"cron": "^4.3.0"}}'})
    assert [item.where.line for item in found if item.fact.kind == "runtime.idle"] == lines


@pytest.mark.parametrize(
    ("put", "lines"),
    [
        ("kept.append(t)\n    print(len(kept))\n", [5]),
        ("pool.append(t)\n", []),
        ("kept.append(t)\n    start_all(kept)\n", []),
        ("kept.append(t)\n    yield kept\n", []),
        ("kept.append(t)\n    for each in kept:\n        each.start()\n", []),
    ],
)
def test_a_list_of_threads_is_known_by_all_its_mentions(tmp_path, put: str, lines: list[int]) -> None:
    code = f"import threading\nfrom pools import pool, start_all\ndef main():\n    kept = []\n    t = threading.Thread(target=print)\n    {put}main()\n"
    assert [item.where.line for item in look(tmp_path, {"a.py": code}) if item.fact.kind == "runtime.idle"] == lines


HARBOUR = "import { WebSocketServer } from 'ws';\nexport const doors = once('doors', open);\nfunction open() {\n  const door = new WebSocketServer({ noServer: true });\n  door.on('connection', greet);\n  return KEPT;\n}\n"


@pytest.mark.parametrize(("kept", "lines"), [("door", []), ("door.options", [4])])
def test_what_a_function_gives_back_that_another_one_is_handed_is_out_of_sight(tmp_path, kept: str, lines: list[int]) -> None:
    assert [each.where.line for each in look(tmp_path, {"doors.js": HARBOUR.replace("KEPT", kept)})] == lines
