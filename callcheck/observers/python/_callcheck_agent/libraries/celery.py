"""Celery 5's tasks: sent by one process, run by another; a task's name is the event. Looked at in Celery 5.7.0.

What happens in a worker is told by Celery's own signals. Our receivers are held strongly, and left out of what is told of signals.
"""

from _callcheck_agent import emitters, places
from _callcheck_agent.emissions import Emission
from _callcheck_agent.recorder import error
from _callcheck_agent.wrap import patch, quiet


def app(module, recorder):
    """celery.app.base: sending."""

    @quiet
    def begin(self, name):
        record = emitters.of(self, "celery", recorder)
        if not record.full(str(name)):
            record.counted(str(name), 1)  # whether a worker has it is known to the broker
            return None
        return Emission(record, str(name)[:200], None, send=True)

    def make(theirs):
        def send_task(self, name, *args, **kwargs):
            emission = begin(self, name)
            if emission is None:
                return theirs(self, name, *args, **kwargs)
            try:
                result = theirs(self, name, *args, **kwargs)
            except Exception as raised:
                emission.threw(raised)
                raise
            recorder.say("event.delivered", {"messaging.message.id": emission.id, "ms": emission.ms()})
            return result

        return send_task

    patch(module.Celery, "send_task", make)


def signals(module, recorder):
    """celery.signals: what a worker does."""

    def listener_of(task):
        """The listener that a task is, in the process that runs it."""
        record = emitters.of(task.app, "celery", recorder)
        known = record.listeners.get(task.name)
        return record, known or record.added(task.name, task.name, type(task).run, 0)

    @quiet
    def ready(sender=None, **_):
        for name, task in list(sender.app.tasks.items()):
            if not name.startswith("celery."):
                listener_of(task)

    @quiet
    def prerun(sender=None, **_):
        record, listener = listener_of(sender)
        record.told()
        keys = record.event(listener.event)
        del keys["emitter.id"]
        recorder.say("handler.entered", {**keys, "listener.id": record._id(listener)})

    @quiet
    def success(sender=None, **_):
        record, listener = listener_of(sender)
        recorder.say("handler.returned", {"listener.id": record._id(listener)})

    @quiet
    def failure(sender=None, exception=None, **_):
        record, listener = listener_of(sender)
        recorder.say("handler.threw", {"listener.id": record._id(listener), **error(exception), **places.of_error(exception)})

    @quiet
    def unknown(sender=None, name=None, **_):
        known = sorted(each for each in sender.app.tasks if not each.startswith("celery."))[:20]
        recorder.say("handler.unhandled_type", {"messaging.message.type": str(name)[:200], "known": known})

    wanted = {"worker_ready": ready, "task_prerun": prerun, "task_success": success, "task_failure": failure, "task_unknown": unknown}
    for name, receiver in wanted.items():
        getattr(module, name).connect(receiver, weak=False)
