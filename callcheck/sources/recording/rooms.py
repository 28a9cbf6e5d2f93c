"""What is otherwise with Socket.IO's rooms: they are joined and left by clients that come and go, and their names are mostly made of data.

    /            all clients of a namespace
    /#order:7    those in a room of it
    /#Xn2…AAAB   one client, by its id
"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.recorded import Channel


def is_room(channel: Channel) -> bool:
    """Whether a channel is a room, or a whole namespace, and no event that a client sends."""
    return channel.system == "socket.io" and channel.name.startswith("/")


def namespace(channel: Channel) -> Channel:
    """The namespace of a room: who is connected listens to it."""
    return Channel(channel.system, channel.name.partition("#")[0])


def near(name: str, others: Iterable[str]) -> str:
    """A room of the same namespace that differs in signs or in case alone; "" for none."""
    space, _, room = name.partition("#")
    spelled = _letters(room)
    return next((other for other in others if spelled and other != name and other.startswith(f"{space}#") and _letters(other[len(space) :]) == spelled), "")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()
