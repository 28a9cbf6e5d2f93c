"""Signals of Django 4 to 6 and of Celery 5, which took them from Django. Looked at in Django 5.2.19 and Celery 5.7.0.

`send` goes through the receivers that `_live_receivers` gives: a list that tells when one is taken. What send_robust, and Celery's send, give
back of a receiver that failed is its exception: swallowed.
"""

from _callcheck_agent import emitters
from _callcheck_agent.emissions import CURRENT, Emission
from _callcheck_agent.recorder import THREW
from _callcheck_agent.wrap import patch

_OURS = "_callcheck_agent"


def django(module, recorder):
    """django.dispatch."""
    _Signals(recorder, module.Signal, "django", swallows=("send_robust", "asend_robust"))


def celery(module, recorder):
    """celery.utils.dispatch: every send is robust."""
    kind = module.Signal
    _Signals(recorder, kind, "celery", swallows=("send",))
    if "send_robust" in vars(kind):
        kind.send_robust = kind.send


def _key(receiver):
    inner = getattr(receiver, "__func__", None)
    return id(receiver) if inner is None else (id(getattr(receiver, "__self__", None)), id(inner))


def _is_ours(receiver):
    return str(getattr(receiver, "__module__", "")).startswith(_OURS)


class _Signals:
    """Patches one class of signals."""

    def __init__(self, recorder, kind, system, swallows):
        self.recorder, self.system, self.live = recorder, system, vars(kind)["_live_receivers"]
        patch(kind, "__init__", self._make)
        patch(kind, "connect" if system == "django" else "_connect_signal", self._connects)
        patch(kind, "disconnect", self._disconnects)
        patch(kind, "_live_receivers", self._lives)
        for name in ("send", "send_robust"):
            patch(kind, name, lambda theirs, by=name if name in swallows else "": self._sends(theirs, by))
        for name in ("asend", "asend_robust"):
            patch(kind, name, lambda theirs, by=name if name in swallows else "": self._sends_async(theirs, by))

    def _record(self, signal):
        record = emitters.of(signal, self.system, self.recorder)
        if not record.name:
            record.name = emitters.name_of(getattr(signal, "name", None) or record.called())
        return record

    def _make(self, theirs):
        def __init__(signal, *args, **kwargs):
            try:
                emitters.made(signal, self.system, self.recorder)
            except Exception:  # noqa: BLE001
                pass
            return theirs(signal, *args, **kwargs)

        return __init__

    def _connects(self, theirs):
        def connect(signal, receiver, sender=None, weak=True, dispatch_uid=None):
            last = signal.receivers[-1] if signal.receivers else None
            result = theirs(signal, receiver, sender, weak, dispatch_uid)
            try:
                if signal.receivers and signal.receivers[-1] is not last and not _is_ours(receiver):
                    self._connected(self._record(signal), receiver, weak, signal)
            except Exception:  # noqa: BLE001
                pass
            return result

        return connect

    def _connected(self, record, receiver, weak, signal):
        listener = record.added(record.name, _key(receiver), receiver, len(signal.receivers), weak=bool(weak))
        if listener is not None and weak:
            record.ends_with(_key(receiver), listener, getattr(receiver, "__self__", None) or receiver)

    def _disconnects(self, theirs):
        def disconnect(signal, receiver=None, *args, **kwargs):
            result = theirs(signal, receiver, *args, **kwargs)
            try:
                record, left = self._record(signal), len(signal.receivers)
                if result:
                    record.removed(_key(receiver), left)
                elif record.matters():
                    record.missed(record.name, receiver, left)
            except Exception:  # noqa: BLE001
                pass
            return result

        return disconnect

    def _begin(self, signal, sender, by):
        record = self._record(signal)
        if not record.matters():
            return record, None
        if not record.full(record.name):
            return record, ""
        live = self.live(signal, sender) if signal.receivers else []
        receivers = [*live[0], *live[1]] if isinstance(live, tuple) else live
        emission = Emission(record, record.name, sum(1 for receiver in receivers if not _is_ours(receiver)), signal)
        emission.robust = bool(by)
        return record, emission

    def _sends(self, theirs, by):
        records, recorder = emitters.records, self.recorder

        def send(signal, sender, **named):
            record = records.get(id(signal))
            if record is not None and CURRENT.get() is None:
                if record.foreign and not record.heeded:
                    return theirs(signal, sender, **named)
                tally = record.tallies.get(record.name)
                if tally is not None:
                    return _quick(theirs, tally, recorder, signal, sender, named)
            try:
                record, emission = self._begin(signal, sender, by)
            except Exception:  # noqa: BLE001
                emission = None
            if emission is None:
                return theirs(signal, sender, **named)
            token = CURRENT.set(emission or None)
            try:
                result = theirs(signal, sender, **named)
            except BaseException as error:
                _threw(record, emission, error)
                raise
            finally:
                CURRENT.reset(token)
            _ended(record, emission, result, by)
            return result

        return send

    def _sends_async(self, theirs, by):
        async def asend(signal, sender, **named):
            try:
                record, emission = self._begin(signal, sender, by)
            except Exception:  # noqa: BLE001
                emission = None
            if emission is None:
                return await theirs(signal, sender, **named)
            token = CURRENT.set(emission or None)
            try:
                result = await theirs(signal, sender, **named)
            except BaseException as error:
                _threw(record, emission, error)
                raise
            finally:
                CURRENT.reset(token)
            _ended(record, emission, result, by)
            return result

        return asend

    def _lives(self, theirs):
        def _live_receivers(signal, sender):
            live = theirs(signal, sender)
            emission = CURRENT.get()
            if not emission or emission.token is not signal or emission.claimed:
                return live
            emission.claimed = True
            if isinstance(live, tuple):
                return _Told(live[0], emission), _Told(live[1], emission, True)
            return _Told(live, emission)

        return _live_receivers


class _Told(list):
    """Receivers, telling of each when it is taken and, the first time, when the next one is."""

    def __init__(self, receivers, emission, asynchronous=False):
        super().__init__(receivers)
        self._emission, self._asynchronous, self._fresh = emission, asynchronous, True

    def __iter__(self):
        plain = super().__iter__()
        fresh, self._fresh = self._fresh, False
        return self._telling(plain) if fresh else plain

    def _telling(self, plain):
        for receiver in plain:
            listener = self._emission.entered(_key(receiver))
            yield receiver
            if self._asynchronous:
                self._emission.returned(listener, True)
            elif self._emission.robust and listener is not None:
                self._emission.done.append(listener)
            else:
                self._emission.returned(listener)


def _quick(theirs, tally, recorder, signal, sender, named):
    try:
        result = theirs(signal, sender, **named)
    except BaseException:
        emitters.add(tally, 1, recorder)
        tally[THREW] += 1
        raise
    emitters.add(tally, len(result), recorder)
    return result


def _threw(record, emission, error):
    if not emission:
        record.counted(record.name, 1, True)
        return
    listener = emission.inside or _culprit(emission, error)
    for done in emission.done:
        emission.returned(done)
    if listener is not None:
        emission.failed(listener, error)
    emission.threw(error)


def _culprit(emission, error):
    """The asynchronous receiver in which an exception arose: its function is one of the traceback's."""
    trace = error.__traceback__
    while trace is not None:
        at = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_frame.f_code.co_firstlineno}"
        for listener in emission.emitter.listeners.values():
            if listener.at == at:
                return listener
        trace = trace.tb_next
    return None


def _ended(record, emission, result, by):
    if not emission:
        record.counted(record.name, len(result))
        return
    failed = {}
    if by:
        for receiver, response in result:
            if isinstance(response, Exception):
                failed[_key(receiver)] = response
    for key, error in failed.items():
        listener = record.listeners.get(key)
        if listener is not None:
            emission.failed(listener, error, "swallowed", by=by)
    for done in emission.done:
        if done not in [record.listeners.get(key) for key in failed]:
            emission.returned(done)
    emission.delivered()
