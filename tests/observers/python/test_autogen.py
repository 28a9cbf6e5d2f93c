"""What the Python agent writes of AutoGen: where a message went, and what the agents made of it."""

from __future__ import annotations

from pathlib import Path

from tests.observers.python.observed import Run, needs, observe
from tests.tools import model_server

pytestmark = needs("autogen_core")

CORE = """
import asyncio
from dataclasses import dataclass
from autogen_core import AgentId, MessageContext, RoutedAgent, SingleThreadedAgentRuntime, TopicId, TypeSubscription, message_handler
@dataclass
class Task: text: str
@dataclass
class Boom: text: str
@dataclass
class Other: text: str
class Worker(RoutedAgent):
    @message_handler
    async def on_task(self, message: Task, ctx: MessageContext) -> None: print('task', message.text)
    @message_handler
    async def on_boom(self, message: Boom, ctx: MessageContext) -> None: raise KeyError('id')
async def main(work, start=True):
    runtime = SingleThreadedAgentRuntime()
    await Worker.register(runtime, 'worker', lambda: Worker('works'))
    await runtime.add_subscription(TypeSubscription('jobs', 'worker'))
    if start: runtime.start()
    await work(runtime)
    if start: await runtime.stop_when_idle()
"""


def _run(folder: Path, work: str, start: bool = True) -> Run:
    body = "\n".join(f"    {line}" for line in work.strip().splitlines())
    return observe(folder, f"{CORE}\nasync def work(runtime):\n{body}\nasyncio.run(main(work, {start}))\n")


def _of(run: Run, emitted: dict[str, object]) -> list[str]:
    return [str(fact["fact"]) for fact in run.facts if fact.get("messaging.message.id") == emitted["messaging.message.id"]]


def test_a_message_that_is_published_is_told_until_it_is_handled(tmp_path: Path) -> None:
    run = _run(tmp_path, "await runtime.publish_message(Task('one'), TopicId('jobs', 'default'))")
    assert (run.stdout, run.stderr) == ("task one\n", "")
    (emitted,) = run.of("event.emitted")
    assert (emitted["messaging.destination.name"], emitted["messaging.message.type"], emitted.get("listener.count"), emitted["running"]) == ("jobs", "Task", None, True)
    assert run.of("event.delivered")[0]["listener.count"] == 1
    assert _of(run, emitted) == ["event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    added = run.of("listener.added", messaging__destination__name="jobs")[0]
    assert (run.of("handler.entered")[0]["listener.id"], added["listener.name"], added["code.line.number"]) == (added["listener.id"], "worker", 19)
    assert [fact["method"] for fact in run.of("runtime.start", "runtime.stop")] == ["SingleThreadedAgentRuntime.start", "SingleThreadedAgentRuntime.stop_when_idle"]


def test_a_topic_that_nobody_subscribed_to_has_no_listener(tmp_path: Path) -> None:
    run = _run(tmp_path, "await runtime.publish_message(Task('one'), TopicId('job', 'default'))")
    (emitted,) = run.of("event.emitted")
    assert (emitted["messaging.destination.name"], emitted["listener.count"], emitted["code.line.number"]) == ("job", 0, 25)
    assert _of(run, emitted) == ["event.emitted"]


def test_a_runtime_that_was_not_started_is_told_as_such(tmp_path: Path) -> None:
    run = _run(tmp_path, "await runtime.publish_message(Task('one'), TopicId('jobs', 'default'))", start=False)
    assert run.stdout == ""
    (emitted,) = run.of("event.emitted")
    assert emitted["running"] is False and "listener.count" not in emitted
    assert run.of("runtime.start") == []


def test_an_error_that_the_runtime_drops_is_swallowed(tmp_path: Path) -> None:
    run = _run(tmp_path, "await runtime.publish_message(Boom('one'), TopicId('jobs', 'default'))")
    (swallowed,) = run.of("handler.swallowed")
    assert (swallowed["by"], swallowed["error.type"], swallowed["code.line.number"]) == ("SingleThreadedAgentRuntime", "KeyError", 15)


def test_a_type_without_a_handler_is_told_with_those_that_have_one(tmp_path: Path) -> None:
    run = _run(tmp_path, "await runtime.publish_message(Other('one'), TopicId('jobs', 'default'))")
    (unhandled,) = run.of("handler.unhandled_type")
    assert (unhandled["messaging.message.type"], unhandled["known"]) == ("Other", ["Boom", "Task"])


def test_a_message_to_one_agent_is_told_with_what_it_answered(tmp_path: Path) -> None:
    work = """
await runtime.send_message(Task('one'), AgentId('worker', 'default'))
for message, to in ((Boom('two'), 'worker'), (Task('three'), 'wroker')):
    try: await runtime.send_message(message, AgentId(to, 'default'))
    except Exception as error: print(type(error).__name__)
"""
    run = _run(tmp_path, work)
    assert run.stdout == "task one\nKeyError\nException\n"
    first, second, third = run.of("event.emitted")
    assert [each["messaging.operation.type"] for each in (first, second, third)] == ["send"] * 3
    assert _of(run, first) == ["event.emitted", "handler.entered", "handler.returned", "event.delivered"]
    assert _of(run, second) == ["event.emitted", "handler.entered", "handler.threw", "event.threw"]
    assert (third["messaging.destination.name"], third["listener.count"], _of(run, third)) == ("wroker/default", 0, ["event.emitted", "event.threw"])


@needs("autogen_agentchat", "autogen_ext.models.openai")
def test_the_run_of_a_team_is_told_with_the_call_that_fails_in_it(tmp_path: Path) -> None:
    with model_server.serve() as model:
        code = f"""
import asyncio
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_ext.models.openai import OpenAIChatCompletionClient
async def main(key, streamed):
    client = OpenAIChatCompletionClient(model='gpt-4o-mini', base_url='{model.url}', api_key=key, max_retries=0)
    team = RoundRobinGroupChat([AssistantAgent('writer', client)], max_turns=1)
    if streamed:
        async for each in team.run_stream(task='go'): pass
    else: await team.run(task='go')
asyncio.run(main('{model_server.GOOD_KEY}', True))
try: asyncio.run(main('wrong', False))
except Exception as error: print(type(error).__name__)
"""
        run = observe(tmp_path, code)
    assert run.stdout == "RuntimeError\n"
    runs = [(fact["fact"], fact.get("method"), fact.get("code.line.number")) for fact in run.of("run.called", "run.returned", "run.threw") if str(fact.get("method", "R")).startswith("R")]
    assert runs[0] == ("run.called", "RoundRobinGroupChat.run_stream", 10)
    assert runs[1][0] == "run.returned"
    assert ("run.called", "RoundRobinGroupChat.run", 11) in runs and runs[-1][0] == "run.threw"
    assert [fact["http.response.status_code"] for fact in run.of("upstream.ended")] == [200, 401]
