"""Names that a drawing language, Markdown, HTML or a terminal could take for their own, and a map that is full of them."""

from __future__ import annotations

from callcheck.model.delivery_map import BROKEN, MEMORY, UNHEARD, Break, Broker, Channel, DeliveryMap, Program, Site
from callcheck.model.evidence import Location

NAMES = [
    'a"b', "a'b", "end", "x --> y", "a -.-x b", "o--o", "]", "[[x]]", "{{x}}", "(x)", "|pipe|", "`md`", "1. list", "- item", "# head", "> quote", "**b**",
    "__init__", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</svg>", "a;b", "%%{init: {}}%%", "%% x", "#quot;", "#35;", "&lt;", "&#60;", "www.evil.com",
    "http://x.y/z", "fa:fa-bell", "a\\nb", "a\\N", "\\", '\\"', "📦 box", "日本語", "$$x^2$$", "subgraph", "click a href", "style c1 fill:red", "@{shape: x}", "a@b.com",
    "ﬂ°°46¶ß", "*", "²", "٣", "a\nb", "a\r\n::error::b", "\x1b[2J", "\u202eevil", "\u200b", "\ud800", "\x00", "a\tb", "{x}", "a{b}c", "../../etc", "~~~", "==>", ":::x", "-->|x|", "/*", "//",
]  # fmt: skip
SECRET = "postgres://app:hunter2hunter2@db/x"


def full_of(name: str) -> DeliveryMap:
    """A map with that text in every place that comes from outside."""
    broken = Break("late-registration", 0.9, name, Location(name, 3))
    where = Location(name, 7)
    emit = Site("emits 1", "emits", name, where, name, (name,), name, name, "process", name, fields=(name,), breaks=(broken,))
    other = Site("emits 2", "emits", name, where, name, (), name, name)
    listen = Site("listens 1", "listens", name, where, name, (name,), name, name, once=True)
    channels = (
        Channel(f"memory {name}", name, name, MEMORY, name, BROKEN, (emit,), (listen,), (broken,)),
        Channel(f"broker {name}", name, name, "broker", name, UNHEARD, (other,), ()),
    )
    program = Program(name, "web", 2, True, name, where, (broken,))
    return DeliveryMap(channels, (program,), (Broker(name, where),), (broken,), True)
