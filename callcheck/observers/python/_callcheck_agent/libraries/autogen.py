"""AutoGen 0.7: what the runtime of autogen-core is asked to deliver, and what the agents make of it. Looked at in autogen-core 0.7.5.

A topic's type is the event, a subscription the listener; a message sent to one agent has `type/key` of the agent as its event, as AutoGen writes
it. What a handler throws on a published message is logged and dropped by default (`ignore_unhandled_exceptions`).
"""

from _callcheck_agent import emitters, places
from _callcheck_agent.emissions import CURRENT, Emission
from _callcheck_agent.wrap import patch, quiet

_SYSTEM = "autogen"
_MOST_OPEN = 10_000
_open = {}
"""Message id of AutoGen's -> the emission, until it was handed out."""


def runtime(module, recorder):
    """autogen_core._single_threaded_agent_runtime."""
    kind = module.SingleThreadedAgentRuntime

    def record_of(self):
        return emitters.of(self, _SYSTEM, recorder)

    def make_init(theirs):
        def __init__(self, *args, **kwargs):
            quiet(emitters.made)(self, _SYSTEM, recorder)
            if id(self) in emitters.records:
                record_of(self).foreign = False
            return theirs(self, *args, **kwargs)

        return __init__

    @quiet
    def subscribed(self, subscription):
        record = record_of(self)
        record.added(_topic(subscription), f"sub:{subscription.id}", _Named(_agent_type(subscription)), 0)

    def make_subscribe(theirs):
        async def add_subscription(self, subscription):
            result = await theirs(self, subscription)
            subscribed(self, subscription)
            return result

        return add_subscription

    def make_unsubscribe(theirs):
        async def remove_subscription(self, id):
            result = await theirs(self, id)
            quiet(record_of(self).removed)(f"sub:{id}", 0)
            return result

        return remove_subscription

    @quiet
    def registered(self, type):
        name = getattr(type, "type", type)
        record_of(self).added(f"{name}/default", f"agent:{name}", _Named(name), 0)

    def make_register(theirs):
        async def register_factory(self, type, *args, **kwargs):
            result = await theirs(self, type, *args, **kwargs)
            registered(self, type)
            return result

        return register_factory

    def make_register_instance(theirs):
        async def register_agent_instance(self, agent_instance, agent_id):
            result = await theirs(self, agent_instance, agent_id)
            registered(self, agent_id.type)
            return result

        return register_agent_instance

    @quiet
    def emitted(self, message, name, count, message_id, send):
        record, running = record_of(self), self._run_context is not None
        if not record.full(name):
            record.counted(name, count)
            return None
        more = {"messaging.message.type": type(message).__qualname__[:200], "running": running}
        # What has a taker waits in a queue: only when the runtime hands it out is it taken.
        emission = Emission(record, name, None if count else count, send=send, **more)
        emission.listeners = count
        emission.robust = not send and self._ignore_unhandled_handler_exceptions
        if len(_open) < _MOST_OPEN:
            _open[message_id] = emission
        return emission

    @quiet
    def handed_out(emission, count):
        if count:
            recorder.say("event.delivered", {"messaging.message.id": emission.id, "listener.count": count})

    def make_publish(theirs):
        async def publish_message(self, message, topic_id, *, sender=None, cancellation_token=None, message_id=None):
            if message_id is None:
                message_id = str(module.uuid.uuid4())  # as theirs does
            emitted(self, message, topic_id.type, _takers(self, topic_id, sender), message_id, False)
            return await theirs(self, message, topic_id, sender=sender, cancellation_token=cancellation_token, message_id=message_id)

        return publish_message

    def make_send(theirs):
        async def send_message(self, message, recipient, *, sender=None, cancellation_token=None, message_id=None):
            if message_id is None:
                message_id = str(module.uuid.uuid4())
            emission = emitted(self, message, str(recipient), int(recipient.type in self._agent_factories), message_id, True)
            try:
                result = await theirs(self, message, recipient, sender=sender, cancellation_token=cancellation_token, message_id=message_id)
            except Exception as error:
                _open.pop(message_id, None)
                if emission is not None:
                    emission.threw(error)
                raise
            _open.pop(message_id, None)
            if emission is not None:
                handed_out(emission, 1)
            return result

        return send_message

    def make_process(theirs):
        async def _process_publish(self, message_envelope):
            emission = _open.get(message_envelope.message_id)
            token = CURRENT.set(emission)
            try:
                return await theirs(self, message_envelope)
            finally:
                CURRENT.reset(token)
                if _open.pop(message_envelope.message_id, None) is not None and not emission.done:
                    handed_out(emission, emission.listeners)

        return _process_publish

    def make_construct(theirs):
        async def _invoke_agent_factory(self, agent_factory, agent_id):
            try:
                return await theirs(self, agent_factory, agent_id)
            except Exception as error:
                emission = CURRENT.get()
                if isinstance(emission, Emission):
                    emission.claimed = True
                    _failed(emission, _listener(emission, agent_id, not emission.robust), error)
                raise

        return _invoke_agent_factory

    def make_started(theirs):
        def start(self):
            said(self, "runtime.start", "start")
            return theirs(self)

        return start

    def make_stopped(theirs):
        async def stop(self, *args, **kwargs):
            said(self, "runtime.stop", theirs.__name__)
            return await theirs(self, *args, **kwargs)

        return stop

    @quiet
    def said(self, fact, method):
        record = record_of(self)
        record.told()
        recorder.say(fact, {"emitter.id": record.id, "method": f"{record.kind}.{method}", **places.here()})

    patch(kind, "__init__", make_init)
    patch(kind, "add_subscription", make_subscribe)
    patch(kind, "remove_subscription", make_unsubscribe)
    patch(kind, "register_factory", make_register)
    patch(kind, "register_agent_instance", make_register_instance)
    patch(kind, "publish_message", make_publish)
    patch(kind, "send_message", make_send)
    patch(kind, "_process_publish", make_process)
    patch(kind, "_invoke_agent_factory", make_construct)
    patch(kind, "start", make_started)
    for name in ("stop", "stop_when_idle", "stop_when"):
        patch(kind, name, make_stopped)


class _Named:
    """Stands for a handler of which only the name is known."""

    def __init__(self, name):
        self.__qualname__ = str(name)


@quiet
def _topic(subscription):
    """What a subscription listens to: one type of topics, or all that begin alike."""
    prefix = getattr(subscription, "topic_type_prefix", None)
    return subscription.topic_type if prefix is None else f"{prefix}*"


def _agent_type(subscription):
    return getattr(subscription, "agent_type", type(subscription).__name__)


@quiet
def _takers(self, topic_id, sender):
    """How many agents a published message goes to; the kinds of subscription that AutoGen brings are asked, those of the app are not."""
    agents = set()
    for subscription in self._subscription_manager.subscriptions:
        if not type(subscription).__module__.startswith("autogen_core."):
            return None
        if subscription.is_match(topic_id):
            agents.add(subscription.map_to_agent(topic_id))
    agents.discard(sender)
    return len(agents)


def _listener(emission, agent_id, is_rpc, topic=""):
    """The listener by which a message came to an agent."""
    listeners = emission.emitter.listeners
    if is_rpc:
        return listeners.get(f"agent:{agent_id.type}")
    named = [each for each in listeners.values() if each.flags.get("listener.name") == agent_id.type and not each.event.endswith("/default")]
    return next((each for each in named if not topic or each.event == topic or topic.startswith(each.event.rstrip("*"))), None)


def _failed(emission, listener, error):
    if emission.robust:
        emission.failed(listener, error, "swallowed", by="SingleThreadedAgentRuntime")
    else:
        emission.failed(listener, error)
    emission.done.append(listener)


def agent(module, recorder):
    """autogen_core._base_agent: a message arrives at an agent."""

    def make(theirs):
        async def on_message(self, message, ctx):
            emission, listener = _arrived(self, ctx)
            if emission is None:
                return await theirs(self, message, ctx)
            token = CURRENT.set(emission)
            try:
                result = await theirs(self, message, ctx)
            except Exception as error:
                _failed(emission, listener, error)
                raise
            finally:
                CURRENT.reset(token)
            emission.returned(listener)
            return result

        return on_message

    patch(module.BaseAgent, "on_message", make)


def _arrived(self, ctx):
    try:
        emission = _open.get(ctx.message_id)
        if emission is None:
            return None, None
        listener = _listener(emission, self.id, ctx.is_rpc, ctx.topic_id.type if ctx.topic_id is not None else "")
        emission.claimed = True
        emission.entered(next((key for key, each in emission.emitter.listeners.items() if each is listener), None), known=False)
        return emission, listener
    except Exception:  # noqa: BLE001
        return None, None


def routed(module, recorder):
    """autogen_core._routed_agent: a message for which an agent has no handler."""

    def make(theirs):
        async def on_unhandled_message(self, message, ctx):
            unhandled(self, message, ctx)
            return await theirs(self, message, ctx)

        return on_unhandled_message

    @quiet
    def unhandled(self, message, ctx):
        emission = _open.get(ctx.message_id)
        if emission is not None:
            known = sorted({kind.__qualname__ for kind in self._handlers})[:20]
            recorder.say("handler.unhandled_type", {"messaging.message.id": emission.id, "messaging.message.type": type(message).__qualname__[:200], "known": known})

    patch(module.RoutedAgent, "on_unhandled_message", make)
