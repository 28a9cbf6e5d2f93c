"""blinker 1.4 to 1.9: signals by name, with receivers that are held weakly unless told otherwise. Looked at in 1.9.0.

`send` takes its receivers one by one from the generator `receivers_for`: between two of them, one has run.
"""

from _callcheck_agent import emitters
from _callcheck_agent.emissions import CURRENT, Emission
from _callcheck_agent.recorder import THREW
from _callcheck_agent.wrap import patch


def base(module, recorder):
    """Connecting, disconnecting, sending."""
    records = emitters.records
    kind, own_id = module.Signal, getattr(module, "make_id", None) or module.hashable_identity

    def record_of(self):
        record = emitters.of(self, "blinker", recorder)
        if not record.name:
            record.name = emitters.name_of(getattr(self, "name", None) or record.called())
        return record

    def make_init(theirs):
        def __init__(self, *args, **kwargs):
            try:
                emitters.made(self, "blinker", recorder)
            except Exception:  # noqa: BLE001
                pass
            return theirs(self, *args, **kwargs)

        return __init__

    def make_connect(theirs):
        def connect(self, receiver, sender=module.ANY, weak=True):
            result = theirs(self, receiver, sender, weak)
            try:
                record, key = record_of(self), own_id(receiver)
                if key not in record.listeners:
                    listener = record.added(record.name, key, receiver, len(self.receivers), weak=bool(weak))
                    if weak and listener is not None:
                        record.ends_with(key, listener, getattr(receiver, "__self__", None) or receiver)
            except Exception:  # noqa: BLE001
                pass
            return result

        return connect

    def make_disconnect(theirs):
        def disconnect(self, receiver, sender=module.ANY):
            there = own_id(receiver) in self.receivers
            result = theirs(self, receiver, sender)
            try:
                record, left = record_of(self), len(self.receivers)
                if not there:
                    record.missed(record.name, receiver, left)
                elif own_id(receiver) not in self.receivers:
                    record.removed(own_id(receiver), left)
            except Exception:  # noqa: BLE001
                pass
            return result

        return disconnect

    def begin(self, sender):
        """The emission, "" to count it, or None for a library's own that nobody of the app listens to."""
        record = record_of(self)
        if not record.matters():
            return record, None
        if not record.full(record.name):
            return record, ""
        count = sum(1 for _ in every(self, sender)) if not getattr(self, "is_muted", False) else 0
        return record, Emission(record, record.name, count, self)

    every = vars(kind)["receivers_for"]

    def make_send(theirs):
        def send(self, *args, **kwargs):
            record = records.get(id(self))
            tally = record.tallies.get(record.name) if record is not None else None
            if tally is not None and CURRENT.get() is None:
                try:
                    result = theirs(self, *args, **kwargs)
                except BaseException:
                    emitters.add(tally, 1, recorder)
                    tally[THREW] += 1
                    raise
                emitters.add(tally, len(result), recorder)
                return result
            try:
                record, emission = begin(self, args[0] if args else None)
            except Exception:  # noqa: BLE001
                emission = None
            if emission is None:
                return theirs(self, *args, **kwargs)
            token = CURRENT.set(emission or None)
            try:
                result = theirs(self, *args, **kwargs)
            except BaseException as error:
                _threw(record, emission, error)
                raise
            finally:
                CURRENT.reset(token)
            _ended(record, emission, result)
            return result

        return send

    def make_send_async(theirs):
        async def send_async(self, *args, **kwargs):
            try:
                record, emission = begin(self, args[0] if args else None)
            except Exception:  # noqa: BLE001
                emission = None
            if emission is None:
                return await theirs(self, *args, **kwargs)
            token = CURRENT.set(emission or None)
            try:
                result = await theirs(self, *args, **kwargs)
            except BaseException as error:
                _threw(record, emission, error)
                raise
            finally:
                CURRENT.reset(token)
            _ended(record, emission, result)
            return result

        return send_async

    def make_receivers(theirs):
        def receivers_for(self, sender):
            emission = CURRENT.get()
            if not emission or emission.token is not self or emission.claimed:
                return theirs(self, sender)
            emission.claimed = True
            return _told(theirs(self, sender), emission, own_id)

        return receivers_for

    patch(kind, "__init__", make_init)
    patch(kind, "connect", make_connect)
    patch(kind, "disconnect", make_disconnect)
    patch(kind, "send", make_send)
    patch(kind, "send_async", make_send_async)
    patch(kind, "receivers_for", make_receivers)


def _told(receivers, emission, own_id):
    """The same receivers, telling of each when it is taken and when the next one is asked for."""
    for receiver in receivers:
        try:
            listener = emission.entered(own_id(receiver))
        except Exception:  # noqa: BLE001
            listener = None
        yield receiver
        emission.returned(listener)


def _threw(record, emission, error):
    if not emission:
        record.counted(record.name, 1, True)
        return
    if emission.inside is not None:
        emission.failed(emission.inside, error)
    emission.threw(error)


def _ended(record, emission, result):
    if emission:
        emission.delivered()
    else:
        record.counted(record.name, len(result) if isinstance(result, list) else 1)
