"""What goes wrong outside of any handler that we know?"""

import sys

from _callcheck_agent import places, process
from _callcheck_agent.recorder import error
from _callcheck_agent.wrap import patch


def start(recorder):
    """Hear of errors that end the main program; whoever was told before is told after us."""
    before = sys.excepthook

    def hook(kind, value, trace):
        if issubclass(kind, Exception):
            process.failed.append(1)
            recorder.say("process.uncaught", {**error(value), **places.of_error(value)})
        return before(kind, value, trace)

    sys.excepthook = hook


def threads(recorder):
    """For `threading`: errors that end a thread."""

    def make(theirs):
        def excepthook(args):
            if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
                name = str(getattr(args.thread, "name", "") or "")[:80]
                recorder.say("thread.uncaught", {**error(args.exc_value), **places.of_error(args.exc_value), **({"thread.name": name} if name else {})})
            return theirs(args)

        return excepthook

    return lambda module: patch(module, "excepthook", make)


def loops(recorder):
    """For `asyncio.base_events`: what a loop tells its exception handler, as a task whose error nobody asked for, or that was dropped."""

    def make(theirs):
        def call_exception_handler(self, context):
            try:
                recorder.say("asyncio.unhandled", _of_context(context))
            except Exception:  # noqa: BLE001
                pass
            return theirs(self, context)

        return call_exception_handler

    return lambda module: patch(module.BaseEventLoop, "call_exception_handler", make)


def _of_context(context):
    exception = context.get("exception")
    if exception is not None:
        return {**error(exception), **places.of_error(exception)}
    task = context.get("task") or context.get("future")
    coroutine = task.get_coro() if hasattr(task, "get_coro") else None
    return {"exception.message": str(context.get("message", ""))[:300] or "unknown", **places.of_coroutine(coroutine)}


def futures(recorder):
    """For `concurrent.futures._base`: work in a pool that failed."""

    def make(theirs):
        def set_exception(self, exception):
            if isinstance(exception, Exception):
                recorder.say("future.failed", {**error(exception), **places.of_error(exception)})
            return theirs(self, exception)

        return set_exception

    return lambda module: patch(module.Future, "set_exception", make)


def coroutines(recorder):
    """For `warnings`: a coroutine that nobody awaited, as that of an asynchronous handler which was called like a plain one."""

    def make(theirs):
        def _warn_unawaited_coroutine(coroutine):
            name = str(getattr(coroutine, "__qualname__", ""))[:200]
            keys = {"error.type": "RuntimeWarning", "exception.message": f"coroutine '{name}' was never awaited"}
            recorder.say("process.warning", {**keys, **places.of_coroutine(coroutine)})
            return theirs(coroutine)

        return _warn_unawaited_coroutine

    return lambda module: patch(module, "_warn_unawaited_coroutine", make)
