"""AutoGen's teams and chat agents: a run that is called, and how it ends. Looked at in autogen-agentchat 0.7.5."""

import time

from _callcheck_agent import places
from _callcheck_agent.recorder import ContextVar, error
from _callcheck_agent.wrap import patch, quiet

_RUNNING = ContextVar("callcheck_run", default=None)
"""What runs in this context: `run` of a team calls its own `run_stream`."""


def team(module, recorder):
    """autogen_agentchat.teams._group_chat._base_group_chat."""
    _runs(module.BaseGroupChat, recorder)


def agent(module, recorder):
    """autogen_agentchat.agents._base_chat_agent."""
    _runs(module.BaseChatAgent, recorder)


def _runs(kind, recorder):
    def make(theirs):
        async def run(self, *args, **kwargs):
            called = _Run(recorder, self, "run")
            token = _RUNNING.set(id(self))
            try:
                result = await theirs(self, *args, **kwargs)
            except Exception as raised:
                called.threw(raised)
                raise
            finally:
                _RUNNING.reset(token)
            called.returned()
            return result

        return run

    def make_stream(theirs):
        async def run_stream(self, *args, **kwargs):
            stream = theirs(self, *args, **kwargs)
            called = _Run(recorder, self, "run_stream") if _RUNNING.get() != id(self) else None
            try:
                item = await stream.__anext__()
                while True:
                    try:
                        sent = yield item
                    except GeneratorExit:
                        await stream.aclose()
                        raise
                    except BaseException as thrown:  # noqa: BLE001  (it goes into the stream)
                        item = await stream.athrow(thrown)
                    else:
                        item = await (stream.__anext__() if sent is None else stream.asend(sent))
            except StopAsyncIteration:
                if called is not None:
                    called.returned()
            except Exception as raised:
                if called is not None:
                    called.threw(raised)
                raise

        return run_stream

    patch(kind, "run", make)
    patch(kind, "run_stream", make_stream)


class _Run:
    def __init__(self, recorder, subject, method):
        self.recorder, self.id, self.began = recorder, recorder.id("run"), time.monotonic()
        self._called(subject, method)

    @quiet
    def _called(self, subject, method):
        name = getattr(subject, "_name", None)
        keys = {"run.id": self.id, "method": f"{type(subject).__name__}.{method}", **places.here()}
        self.recorder.say("run.called", {**keys, "agent": name[:200]} if isinstance(name, str) and name else keys)

    def returned(self):
        self.recorder.say("run.returned", {"run.id": self.id, "ms": self._ms()})

    @quiet
    def threw(self, raised):
        self.recorder.say("run.threw", {"run.id": self.id, **error(raised), **places.of_error(raised), "ms": self._ms()})

    def _ms(self):
        return round((time.monotonic() - self.began) * 1000, 1)
