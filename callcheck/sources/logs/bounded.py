"""How is a part of the logs summarised in bounded memory, so that parts in any split and order give the same whole?

Everything here merges: `merge` is associative and commutative, and what is kept never depends on the order in which entries came. Where
there are too many keys, those with the smallest hashes are kept, each with all that was said of it; a key that is left out in one part
is left out in the whole. The hash is the same for everybody, so trackers that follow the same ids follow the same sample of them.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from callcheck.model.digest import number
from callcheck.model.log import Place

Key = TypeVar("Key")
Value = TypeVar("Value")
Item = TypeVar("Item")
Rank = tuple[int, str]
"""The order in which keys are given up, the largest first."""
Order = Callable[[Any], Any]
Sample = tuple[Place, str]
_SPACE = 1 << 64


def rank_of(key: Any) -> Rank:
    """The same on every machine and in every run, unlike `hash`; of a tuple that ends in an id, the id's own. "" goes last."""
    if isinstance(key, str):
        return _number(key), key
    text = "\0".join(map(str, key))
    return _number(key[-1] if isinstance(key[-1], str) else text), text


_number = functools.lru_cache(16_384)(number)


def lower(one: float | None, other: float | None) -> float | None:
    """The earlier of two times, of which either may be unknown."""
    return other if one is None else one if other is None else min(one, other)


def higher(one: float | None, other: float | None) -> float | None:
    """The later of two times, of which either may be unknown."""
    return other if one is None else one if other is None else max(one, other)


def by_place(sample: tuple[Any, ...]) -> tuple[str, int, int, str]:
    """Order of samples: along each file."""
    place = sample[0]
    return place.path, place.line, place.last, sample[1]


def keep_first(held: list[Item], item: Item, most: int, order: Order = by_place) -> None:
    """Put the item into the ordered list of the `most` first ones."""
    if len(held) < most or order(item) < order(held[-1]):
        insort(held, item, key=order)
        del held[most:]


def comes_late(held: list[Item], place: Any, most: int) -> bool:
    """Whether a sample at this place is none of the `most` first ones, whatever it says; so nobody need make it."""
    if len(held) < most:
        return False
    last = held[-1][0]  # type: ignore[index]
    return (place.path, place.line, place.last) > (last.path, last.line, last.last)


def first_of(one: Iterable[Item], other: Iterable[Item], most: int, order: Order = by_place) -> list[Item]:
    """The `most` first ones of two ordered lists."""
    return sorted([*one, *other], key=order)[:most]


def add_counts(mine: dict[Key, int], other: dict[Key, int]) -> None:
    """Add up, key by key."""
    for key, count in other.items():
        mine[key] = mine.get(key, 0) + count


class Table(Generic[Key, Value]):
    """One value a key, at most `most` of them: those with the smallest hashes."""

    __slots__ = ("kept", "limit", "make", "most")

    def __init__(self, most: int, make: Callable[[], Value]) -> None:
        self.kept: dict[Key, Value] = {}
        self.most = most
        self.make = make
        self.limit: Rank | None = None
        """Keys from here on are not kept."""

    def at(self, key: Key) -> Value | None:
        """The value of the key, made if it is new; None if it is not kept."""
        value = self.kept.get(key)
        if value is None:
            if self.limit is not None and rank_of(key) >= self.limit:
                return None
            value = self.kept[key] = self.make()
            if len(self.kept) > self.most + (self.most >> 2):
                self.tidy()
                return self.kept.get(key)
        return value

    def knows(self, key: Key) -> bool:
        """Whether all that was said of the key would be here."""
        return self.limit is None or rank_of(key) < self.limit

    @property
    def share(self) -> float:
        """Which part of all keys is kept."""
        return 1.0 if self.limit is None else self.limit[0] / _SPACE

    def tidy(self) -> None:
        """Give up what is too much."""
        if self.limit is None and len(self.kept) <= self.most:
            return
        ranks = sorted((rank_of(key), key) for key in self.kept)
        keep = len(ranks) if self.limit is None else bisect_left(ranks, self.limit, key=lambda each: each[0])
        if keep > self.most:
            keep = self.most
            self.limit = ranks[keep][0]
        for _, key in ranks[keep:]:
            del self.kept[key]

    def merge(self, other: Table[Key, Value], join: Callable[[Value, Value], object]) -> None:
        """Take the other's in; `join` changes its first value."""
        limit = self.limit
        if other.limit is not None:
            self.limit = other.limit if limit is None else min(limit, other.limit)
        for key, value in other.kept.items():
            mine = self.kept.get(key)
            if mine is None:
                self.kept[key] = value
            else:
                join(mine, value)
        if self.limit != limit or len(self.kept) > self.most + (self.most >> 2):
            self.tidy()

    def items(self) -> list[tuple[Key, Value]]:
        """Keys and values, by their keys."""
        self.tidy()
        return sorted(self.kept.items(), key=_first)

    def get(self, key: Key) -> Value | None:
        """The value of a key, if there is one."""
        return self.kept.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self.kept

    def __len__(self) -> int:
        self.tidy()
        return len(self.kept)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        self.tidy()
        other.tidy()
        return self.limit == other.limit and self.kept == other.kept

    __hash__ = None  # type: ignore[assignment]


def _first(item: tuple[Any, Any]) -> Any:
    return item[0]


class Few:
    """A set of names of which only so many are kept; for counting up to `most`."""

    __slots__ = ("limit", "most", "names")

    def __init__(self, most: int) -> None:
        self.most = most
        self.names: set[str] = set()
        self.limit: Rank | None = None

    def add(self, name: str) -> None:
        """One more."""
        if name not in self.names and (self.limit is None or rank_of(name) < self.limit):
            self.names.add(name)
            self._cut()

    def merge(self, other: Few) -> None:
        """Take the other's in."""
        if other.limit is not None:
            self.limit = other.limit if self.limit is None else min(self.limit, other.limit)
        self.names |= other.names
        if self.limit is not None:
            self.names = {name for name in self.names if rank_of(name) < self.limit}
        self._cut()

    def _cut(self) -> None:
        if len(self.names) > self.most:
            order = sorted(self.names, key=rank_of)
            self.limit = rank_of(order[self.most])
            self.names = set(order[: self.most])

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.names))

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __len__(self) -> int:
        return len(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Few) and self.names == other.names and self.limit == other.limit

    __hash__ = None  # type: ignore[assignment]


class Lists(Generic[Item]):
    """The entries of each key in order, at most `most` in all: whole keys, those with the smallest hashes; of one key the first `each`."""

    __slots__ = ("each", "kept", "limit", "most", "order", "size")

    def __init__(self, most: int, each: int, order: Order) -> None:
        self.kept: dict[str, list[Item]] = {}
        self.most, self.each, self.order = most, each, order
        self.limit: Rank | None = None
        """Keys from here on are not kept."""
        self.size = 0

    def add(self, key: str, item: Item) -> None:
        """One more entry of the key."""
        held = self.kept.get(key)
        if held is None:
            if self.limit is not None and rank_of(key) >= self.limit:
                return
            held = self.kept[key] = []
        held.append(item)
        self.size += 1
        if len(held) > 2 * self.each:
            self.size -= len(held) - self.each
            held.sort(key=self.order)
            del held[self.each :]
        if self.size > self.most + (self.most >> 2):
            self.tidy()

    def knows(self, key: str) -> bool:
        """Whether all that was said of the key would be here."""
        return self.limit is None or rank_of(key) < self.limit

    @property
    def share(self) -> float:
        """Which part of all keys is kept."""
        return 1.0 if self.limit is None else self.limit[0] / _SPACE

    def tidy(self) -> None:
        """Put the entries in order, and give up what is too much."""
        for held in self.kept.values():
            if len(held) > 1:
                held.sort(key=self.order)
                del held[self.each :]
        self.size = sum(map(len, self.kept.values()))
        if self.limit is None and self.size <= self.most:
            return
        ranks = sorted((rank_of(key), key) for key in self.kept)
        keep = len(ranks) if self.limit is None else bisect_left(ranks, self.limit, key=lambda each: each[0])
        size = 0
        for taken, (rank, key) in enumerate(ranks[:keep]):
            size += len(self.kept[key])
            if size > self.most:
                self.limit, keep = rank, taken
                break
        for _, key in ranks[keep:]:
            self.size -= len(self.kept.pop(key))

    def merge(self, other: Lists[Item]) -> None:
        """Take the other's in."""
        limit = self.limit
        if other.limit is not None:
            self.limit = other.limit if limit is None else min(limit, other.limit)
        for key, items in other.kept.items():
            self.kept.setdefault(key, []).extend(items)
            self.size += len(items)
        if self.limit != limit or self.size > self.most + (self.most >> 2):
            self.tidy()

    def items(self) -> list[tuple[str, list[Item]]]:
        """Keys and their entries, by their keys."""
        self.tidy()
        return sorted(self.kept.items(), key=_first)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lists):
            return NotImplemented
        self.tidy()
        other.tidy()
        return self.limit == other.limit and self.kept == other.kept

    __hash__ = None  # type: ignore[assignment]


class Smallest(Generic[Item]):
    """The `most` entries that come first in an order, and how many there were. With `rank_of` as the order it is a fair sample."""

    __slots__ = ("held", "most", "order", "seen")

    def __init__(self, most: int, order: Order) -> None:
        self.held: list[Item] = []
        self.most, self.order = most, order
        self.seen = 0

    def add(self, item: Item) -> None:
        """One more."""
        self.seen += 1
        self.held.append(item)
        if len(self.held) > self.most + (self.most >> 1):
            self.tidy()

    def tidy(self) -> None:
        """Put them in order, and give up what is too much."""
        self.held.sort(key=self.order)
        del self.held[self.most :]

    def merge(self, other: Smallest[Item]) -> None:
        """Take the other's in."""
        self.seen += other.seen
        self.held += other.held
        if len(self.held) > self.most + (self.most >> 1):
            self.tidy()

    def __iter__(self) -> Iterator[Item]:
        self.tidy()
        return iter(self.held)

    def __len__(self) -> int:
        return min(len(self.held), self.most)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Smallest) and self.seen == other.seen and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def nothing(one: bool, other: bool) -> None:
    """A key that is there stays there: how tables of mere names merge."""
