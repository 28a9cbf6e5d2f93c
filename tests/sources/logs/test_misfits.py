"""Is a callback that its library cannot call told from any other TypeError?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.misfits import Misfit, misfit, said_misfit

PAHO = '  File "/usr/lib/python3.12/site-packages/paho/mqtt/client.py", line 4383, in _do_on_disconnect\n    on_disconnect(\n'
LOOP = '  File "/usr/lib/python3.11/asyncio/events.py", line 80, in _run\n    self._context.run(self._callback, *self._args)\n'
SIGNAL = '  File "/app/.venv/lib/python3.12/site-packages/django/dispatch/dispatcher.py", line 189, in send\n    response = receiver(signal=self, sender=sender, **named)\n'
THREAD = '  File "/usr/lib/python3.11/threading.py", line 982, in run\n    self._target(*self._args, **self._kwargs)\n'
CLIENT = '  File "/usr/lib/python3/site-packages/openai/_base_client.py", line 9, in __init__\n    self.handler = super().__init__(proxies=proxies)\n'
OWN = '  File "/srv/app/bus.py", line 9, in emit\n    callback(event)\n'


@pytest.mark.parametrize(
    ("frames", "error", "expected"),
    [
        (PAHO, "Hub.on_disconnect() takes 4 positional arguments but 6 were given", Misfit("Hub.on_disconnect", "4 arguments, self counted", "6, self counted")),
        (OWN + PAHO, "on_disconnect() takes from 2 to 3 positional arguments but 5 were given", Misfit("on_disconnect", "from 2 to 3 arguments", "5")),
        (LOOP, "start.<locals>.written() takes 0 positional arguments but 1 was given", Misfit("written", "0 arguments", "1")),
        (SIGNAL, "card_changed() got an unexpected keyword argument 'signal'", Misfit("card_changed", "no such keyword", "signal=")),
        (SIGNAL, "card_changed() missing 2 required positional arguments: 'card' and 'by'", Misfit("card_changed", "2 required positional arguments: card and by", "fewer")),
    ],
)
def test_a_library_calls_what_it_was_given_and_cannot(frames: str, error: str, expected: Misfit) -> None:
    assert misfit(f"Traceback (most recent call last):\n{frames}TypeError: {error}") == expected


@pytest.mark.parametrize(
    ("frames", "error"),
    [
        (THREAD, "work() missing 1 required positional argument: 'job'"),
        (CLIENT, "Client.__init__() got an unexpected keyword argument 'proxies'"),
        (PAHO + OWN, "on_reading() takes 1 positional argument but 2 were given"),
        (PAHO, "can only concatenate str (not int) to str"),
        ("", "on_reading() takes 1 positional argument but 2 were given"),
    ],
)
def test_what_the_app_or_a_library_calls_of_its_own_is_none(frames: str, error: str) -> None:
    assert misfit(f"Traceback (most recent call last):\n{frames}TypeError: {error}") is None


def test_a_library_that_writes_the_text_alone_tells_it_of_the_callback_that_it_names() -> None:
    text = "error from callback <bound method Feed.on_open of <feed.Feed object at 0x7f1c>>: Feed.on_open() takes 1 positional argument but 2 were given"
    assert said_misfit(text, "Feed.on_open") == Misfit("Feed.on_open", "1 arguments, self counted", "2, self counted")
    assert said_misfit("Caught exception in on_connect: on_connect() missing 1 required positional argument: 'flags'", "on_connect") == Misfit(
        "on_connect", "1 required positional argument: flags", "fewer"
    )
    assert said_misfit("Caught exception in on_disconnect: Hub._on_disconnect() takes 4 positional arguments but 6 were given", "on_disconnect") is not None


@pytest.mark.parametrize("said", ["store() takes 1 positional argument but 2 were given", "'bid'", "no such quote"])
def test_what_the_callback_itself_calls_wrongly_is_none_of_its_library(said: str) -> None:
    assert said_misfit(f"error from callback <bound method Feed.on_open of <feed.Feed object at 0x7f1c>>: {said}", "Feed.on_open") is None


def test_two_callbacks_that_cannot_be_called_are_both_kept() -> None:
    from callcheck.sources.logs.bounded import Table

    table: Table[Misfit, list[int]] = Table(5, list)
    for name in ("on_disconnect", "on_connect"):
        table.at(Misfit(name, "3 arguments", "5"))
    assert [key.handler for key, _ in table.items()] == ["on_connect", "on_disconnect"]
