"""What goes wrong outside of any handler that we know?"""

import sys

from _callcheck_agent import places
from _callcheck_agent.recorder import error


def start(recorder):
    """Hear of errors that end the main program or a thread; whoever was told before is told after us."""
    before = sys.excepthook

    def hook(kind, value, trace):
        if not issubclass(kind, (KeyboardInterrupt, SystemExit)):
            recorder.say("process.uncaught", {**error(value), **places.of_error(value)})
        return before(kind, value, trace)

    sys.excepthook = hook


def threads(recorder):
    """For `threading`, once it is imported."""

    def patch(module):
        before = module.excepthook

        def hook(args):
            if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
                name = getattr(args.thread, "name", "") or ""
                recorder.say("thread.uncaught", {**error(args.exc_value), **places.of_error(args.exc_value), "thread.name": str(name)[:80]})
            return before(args)

        module.excepthook = hook

    return patch


def loops(recorder):
    """For `asyncio.base_events`: what a loop tells its exception handler, as a task whose error nobody asked for."""

    def patch(module):
        before = module.BaseEventLoop.call_exception_handler

        def call_exception_handler(self, context):
            exception = context.get("exception")
            keys = {**error(exception), **places.of_error(exception)} if exception is not None else {"exception.message": str(context.get("message", ""))[:300]}
            recorder.say("asyncio.unhandled", keys)
            return before(self, context)

        module.BaseEventLoop.call_exception_handler = wrapped(call_exception_handler, before)

    return patch


def futures(recorder):
    """For `concurrent.futures._base`: work in a pool that failed."""

    def patch(module):
        before = module.Future.set_exception

        def set_exception(self, exception):
            if exception is not None:
                recorder.say("future.failed", {**error(exception), **places.of_error(exception)})
            return before(self, exception)

        module.Future.set_exception = wrapped(set_exception, before)

    return patch


def wrapped(ours, theirs):
    """Our function under the name, text and signature of theirs."""
    import functools

    return functools.wraps(theirs)(ours)
