"""redis-py 4 to 8: channels of pub/sub. Looked at in 8.1.0.

A server is one emitter, whichever client talks to it; PUBLISH answers with the number of its receivers, which may be in other processes.
"""

import sys

from _callcheck_agent import emitters
from _callcheck_agent.emissions import Emission
from _callcheck_agent.wrap import patch, quiet

_servers = {}
_QUEUES = ("celery.", "kombu.", "rq.", "dramatiq.")
"""What these say to each other through Redis is no business of the app's."""


class Redis:
    """Stands for a server: what its channels are channels of."""


def _server(pool, recorder):
    told = getattr(pool, "connection_kwargs", {})
    where = told.get("path") or f"{told.get('host', '')}:{told.get('port', '')}"
    thing = _servers.setdefault(where, Redis())
    return emitters.of(thing, "redis", recorder)


def _is_queues():
    frame = sys._getframe(2)
    for _ in range(12):
        if frame is None:
            return False
        if frame.f_globals.get("__name__", "").startswith(_QUEUES):
            return True
        frame = frame.f_back
    return False


def _name(channel):
    return emitters.name_of(channel.decode("utf-8", "replace") if isinstance(channel, bytes) else channel)


def client(module, recorder):
    """redis.client and redis.asyncio.client: subscribing."""
    kind = module.PubSub
    for method, held in (("subscribe", "channels"), ("psubscribe", "patterns")):
        patch(kind, method, _subscribes(recorder, held, asynchronous=".asyncio" in module.__name__))
    for method, held in (("unsubscribe", "channels"), ("punsubscribe", "patterns")):
        patch(kind, method, _unsubscribes(recorder, held))


def _subscribes(recorder, held, asynchronous):
    @quiet
    def told(pubsub, before):
        if _is_queues():
            return
        server = _server(pubsub.connection_pool, recorder)
        for channel, handler in getattr(pubsub, held).items():
            if channel not in before:
                key = (id(pubsub), held, channel)
                listener = server.added(_name(channel), key, handler or type(pubsub).listen, 0)
                if listener is not None:
                    server.ends_with(key, listener, pubsub)

    def make(theirs):
        def subscribe(self, *args, **kwargs):
            before = set(getattr(self, held, ()))
            result = theirs(self, *args, **kwargs)
            told(self, before)
            return result

        async def subscribe_async(self, *args, **kwargs):
            before = set(getattr(self, held, ()))
            result = await theirs(self, *args, **kwargs)
            told(self, before)
            return result

        return subscribe_async if asynchronous else subscribe

    return make


def _unsubscribes(recorder, held):
    @quiet
    def told(pubsub, channels):
        server = _server(pubsub.connection_pool, recorder)
        for channel in channels:
            server.removed((id(pubsub), held, channel), 0)

    def make(theirs):
        def unsubscribe(self, *args):
            named = [each for arg in args for each in (arg if isinstance(arg, (list, tuple, set)) else [arg])]
            channels = list(getattr(self, held, ())) if not args else [channel for channel in getattr(self, held, ()) if _name(channel) in map(_name, named)]
            result = theirs(self, *args)
            told(self, channels)
            return result

        return unsubscribe

    return make


def commands(module, recorder):
    """redis.commands.core: publishing."""

    @quiet
    def begin(client, channel):
        if _is_queues():
            return None
        server, name = _server(client.connection_pool, recorder), _name(channel)
        if server.full(name):
            return Emission(server, name, None)
        server.counted(name, 1)  # how many receive it is known to Redis
        return None

    @quiet
    def delivered(emission, count):
        keys = {"messaging.message.id": emission.id, "ms": emission.ms()}
        recorder.say("event.delivered", {**keys, "listener.count": count} if type(count) is int else keys)

    def make(theirs):
        def publish(self, channel, message, **kwargs):
            emission = begin(self, channel)
            if emission is None:
                return theirs(self, channel, message, **kwargs)
            try:
                result = theirs(self, channel, message, **kwargs)
            except Exception as error:
                emission.threw(error)
                raise
            if type(result).__name__ == "coroutine":
                return later(emission, result)
            delivered(emission, result)
            return result

        return publish

    async def later(emission, answer):
        try:
            count = await answer
        except Exception as error:
            emission.threw(error)
            raise
        delivered(emission, count)
        return count

    patch(module.PubSubCommands, "publish", make)
