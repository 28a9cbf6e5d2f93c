"""paho-mqtt 1 and 2, on which aiomqtt builds: topics that are subscribed to and published, and what is called for a message. Looked at in 2.2.0.

A broker is one emitter, whichever client talks to it, and does not say who heard; the messages that come to a client are events of that client.
"""

from _callcheck_agent import emitters, places
from _callcheck_agent.emissions import Emission
from _callcheck_agent.wrap import patch, quiet, wrapped

_brokers = {}
_EVENT = "message"


class Broker:
    """Stands for a broker: what its topics are topics of."""


def client(module, recorder):
    """paho.mqtt.client."""
    kind = module.Client
    patch(kind, "publish", _publishes(recorder))
    patch(kind, "subscribe", _subscribes(recorder))
    patch(kind, "unsubscribe", _unsubscribes(recorder))
    patch(kind, "message_callback_add", _adds(recorder))
    patch(kind, "message_callback_remove", _removes(recorder))
    patch(kind, "_handle_on_message", _handles(recorder))
    found = vars(kind).get("on_message")
    if isinstance(found, property) and found.fset is not None:
        kind.on_message = property(found.fget, wrapped(_sets(recorder)(found.fset), found.fset), found.fdel, found.__doc__)


def _broker(client, recorder):
    where = f"{getattr(client, '_host', '')}:{getattr(client, '_port', '')}"
    return emitters.of(_brokers.setdefault(where, Broker()), "mqtt", recorder)


def _filters(topic):
    """The topics that subscribe() and unsubscribe() take: a text, (text, options), or a list of those."""
    if isinstance(topic, (str, bytes)) or (isinstance(topic, tuple) and topic and isinstance(topic[0], (str, bytes))):
        topic = [topic]
    named = (each[0] if isinstance(each, tuple) else each for each in topic)
    return [each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in named]


def _publishes(recorder):
    @quiet
    def begin(client, topic):
        broker, name = _broker(client, recorder), emitters.name_of(topic)
        if broker.full(name):
            return Emission(broker, name, None)
        broker.counted(name, 1)  # whether anybody receives it is known to the broker
        return None

    def make(theirs):
        def publish(self, topic, *args, **kwargs):
            emission = begin(self, topic)
            if emission is None:
                return theirs(self, topic, *args, **kwargs)
            try:
                return theirs(self, topic, *args, **kwargs)
            except Exception as error:
                emission.threw(error)
                raise

        return publish

    return make


def _subscribes(recorder):
    @quiet
    def told(client, topic, result):
        if result[0]:
            return  # not sent
        broker, place = _broker(client, recorder), places.here()
        for each in _filters(topic)[:100]:
            key = id(client), each
            if key not in broker.listeners:
                broker.ends_with(key, broker.listens(emitters.name_of(each), key, _flags(_callbacks(client, each)), place, 0), client)

    def make(theirs):
        def subscribe(self, topic, *args, **kwargs):
            result = theirs(self, topic, *args, **kwargs)
            told(self, topic, result)
            return result

        return subscribe

    return make


def _flags(callbacks):
    at, name, _ = places.function(callbacks[0][1]) if callbacks else ("", "", False)
    return {key: value for key, value in (("listener.name", name), ("listener.at", at)) if value}


def _unsubscribes(recorder):
    @quiet
    def told(client, topic):
        broker = _broker(client, recorder)
        for each in _filters(topic):
            broker.removed((id(client), each), 0)

    def make(theirs):
        def unsubscribe(self, topic, *args, **kwargs):
            result = theirs(self, topic, *args, **kwargs)
            told(self, topic)
            return result

        return unsubscribe

    return make


def _callbacks(client, topic):
    """What is called for a message of a topic, by the keys of its listeners."""
    filtered = list(client._on_message_filtered.iter_match(topic))
    if filtered:
        return [((_EVENT, id(each)), each) for each in filtered]
    return [(_EVENT, client.on_message)] if client.on_message else []


def _listen(recorder, client, key, handler):
    record = emitters.of(client, "paho", recorder)
    record.removed(key, 0)
    if handler is not None:
        record.added(_EVENT, key, handler, 1)


def _sets(recorder):
    told = quiet(_listen)

    def make(theirs):
        def on_message(self, func):
            theirs(self, func)
            told(recorder, self, _EVENT, func)

        return on_message

    return make


def _adds(recorder):
    told = quiet(_listen)

    def make(theirs):
        def message_callback_add(self, sub, callback):
            result = theirs(self, sub, callback)
            told(recorder, self, (_EVENT, id(callback)), callback)
            return result

        return message_callback_add

    return make


def _removes(recorder):
    @quiet
    def callback_of(client, sub):
        return client._on_message_filtered[sub]

    def make(theirs):
        def message_callback_remove(self, sub):
            callback = callback_of(self, sub)
            result = theirs(self, sub)
            if callback is not None:
                quiet(_listen)(recorder, self, (_EVENT, id(callback)), None)
            return result

        return message_callback_remove

    return make


def _handles(recorder):
    @quiet
    def begin(client, message):
        record, called = emitters.of(client, "paho", recorder), _callbacks(client, message.topic)
        if not record.full(_EVENT):
            record.counted(_EVENT, len(called))
            return None
        emission = Emission(record, _EVENT, len(called), **{"messaging.message.type": emitters.name_of(message.topic)})
        if called:
            emission.entered(called[0][0])
        return emission

    def make(theirs):
        def _handle_on_message(self, message):
            emission = begin(self, message)
            if emission is None:
                return theirs(self, message)
            try:
                result = theirs(self, message)
            except Exception as error:
                emission.failed(emission.inside, error)
                emission.threw(error)
                raise
            emission.returned(emission.inside)
            emission.delivered()
            return result

        return _handle_on_message

    return make
