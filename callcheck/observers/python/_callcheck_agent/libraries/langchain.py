"""LangChain's callbacks: which handlers are told of what, and which of their errors are swallowed. Looked at in langchain-core 1.8.3.

`handle_event` and `ahandle_event` are looked up by their names in the module. What a handler throws is written to the module's logger, while
the exception is still being handled, and kept unless the handler asks for `raise_error`.
"""

import sys

from _callcheck_agent import emitters
from _callcheck_agent.emissions import CURRENT, Emission
from _callcheck_agent.wrap import patch, quiet


def callbacks(module, recorder):
    """langchain_core.callbacks.manager."""

    @quiet
    def begin(handlers, name):
        outer = CURRENT.get()
        if isinstance(outer, Emission) and outer.token is module and len(handlers) == 1 and name == "on_llm_start":
            return None  # a handler without on_chat_model_start is asked again
        record = emitters.of(module, "langchain", recorder)
        record.kind = "CallbackManager"
        listening = [handler for handler in handlers if _listens(handler, name)]
        if not record.full(name):
            record.counted(name, len(listening))
            return None
        for handler in listening:
            key = (id(handler), name)
            if key not in record.listeners:
                listener = record.added(name, key, getattr(type(handler), name), 0)
                if listener is not None:
                    record.ends_with(key, listener, handler)
        emission = Emission(record, name, len(listening), module)
        emission.done = [(id(handler), name) for handler in listening]
        for key in emission.done:
            emission.entered(key)
        return emission

    def make(theirs):
        def handle_event(handlers, event_name, ignore_condition_name, *args, **kwargs):
            emission = begin(handlers, event_name)
            if emission is None:
                return theirs(handlers, event_name, ignore_condition_name, *args, **kwargs)
            token = CURRENT.set(emission)
            try:
                result = theirs(handlers, event_name, ignore_condition_name, *args, **kwargs)
            except Exception as error:
                emission.threw(error)
                raise
            finally:
                CURRENT.reset(token)
            _ended(emission)
            return result

        return handle_event

    def make_async(theirs):
        async def ahandle_event(handlers, event_name, ignore_condition_name, *args, **kwargs):
            emission = begin(handlers, event_name)
            if emission is None:
                return await theirs(handlers, event_name, ignore_condition_name, *args, **kwargs)
            token = CURRENT.set(emission)
            try:
                result = await theirs(handlers, event_name, ignore_condition_name, *args, **kwargs)
            except Exception as error:
                emission.threw(error)
                raise
            finally:
                CURRENT.reset(token)
            _ended(emission)
            return result

        return ahandle_event

    patch(module, "handle_event", make)
    patch(module, "ahandle_event", make_async)
    module.logger.addFilter(_Swallowed())


def _listens(handler, name):
    """Whether a handler has a method of its own for an event; all have an empty one."""
    for kind in type(handler).__mro__:
        if name in vars(kind):
            return kind.__module__ != "langchain_core.callbacks.base"
    return False


@quiet
def _ended(emission):
    for key in emission.done:
        emission.returned(emission.emitter.listeners.get(key))
    emission.delivered()


class _Swallowed:
    """A filter of the logger that lets everything pass."""

    def filter(self, record):
        emission, error = CURRENT.get(), sys.exc_info()[1]
        if error is not None and isinstance(emission, Emission) and emission.token is not None:
            self._failed(emission, record.args, error)
        return True

    @quiet
    def _failed(self, emission, args, error):
        listeners = emission.emitter.listeners
        for key in emission.done:
            listener = listeners.get(key)
            if listener is not None and listener.flags.get("listener.name", "").startswith(f"{args[0]}.") and key[1] in (args[1], "on_chat_model_start"):
                emission.done.remove(key)
                emission.failed(listener, error, "swallowed", by="langchain_core.callbacks")
                return
