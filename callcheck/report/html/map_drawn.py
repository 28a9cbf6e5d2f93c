"""Who emits, what lies between, who listens, as HTML: a picture in three layers, and a table that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.delivery_map import (
    BROKEN,
    BROKER,
    CONNECTION,
    LIBRARY,
    MEMORY,
    OPEN,
    RECORD,
    UNFED,
    UNHEARD,
    WAITERS,
    WHOLE,
    Break,
    Channel,
    DeliveryMap,
    Program,
    Site,
)
from callcheck.model.printable import clean
from callcheck.report.html.map_layout import BOX, CHANNEL, ROW, TALL, WIDTH, Box, Layout, layout, shown
from callcheck.report.html.markup import Html, el, join, place
from callcheck.report.paint import cut

_CARRIERS = {MEMORY: "in memory", BROKER: "broker", CONNECTION: "connection", LIBRARY: "by the library", WAITERS: "table of waiters", RECORD: "as logs show it"}
_STATES = {WHOLE: "both ends are known", BROKEN: "broken", UNHEARD: "nobody listens", UNFED: "nobody emits", OPEN: "its other end is not in the code"}
_ROLES = {"module": "while its module loads", "startup": "at start-up", "request": "in a request", "job": "in a job", "connection": "for a connection", "render": "in a render", "callback": "in a callback", "helper": "in a helper"}
_MOST_ROWS = 60
_MOST_ENDS = 8
"""Sites of one end in the table."""
_LEFT, _RIGHT, _MIDDLE = 0, WIDTH - BOX, (WIDTH - CHANNEL) / 2


def delivery_map(told: DeliveryMap) -> Html | None:
    """The section; None for an app of which no end of a delivery is known."""
    if not told.channels:
        return None
    places = layout(told)
    picture = el("svg", *_picture(told, places), viewBox=f"0 0 {WIDTH} {places.height:g}", role="img", aria_label="Map of deliveries: programs that emit on the left, what carries the event in the middle, programs that listen on the right. The table below says the same.")
    notes = [f"{places.more} more {'channel is' if places.more == 1 else 'channels are'} in the table only."] if places.more else []
    notes += [f"{told.tests} ends in tests and examples are left out."] if told.tests else []
    notes += [] if told.settled else ["Not all of the source was read, so an end that is missing here may exist."]
    return el(
        "section",
        el("h2", "Who emits, what lies between, who listens", id="map"),
        el("figure", el("div", picture, cls="scroll", tabindex=0, role="region", aria_label="Map of deliveries"), el("figcaption", _legend()), cls="drawing"),
        el("p", " ".join(notes), cls="aside") if notes else None,
        _table(told),
        cls="wide",
        aria_labelledby="map",
    )


def _legend() -> Html:
    return el("ul", el("li", el("span", "⟶", cls="sign arrived", aria_hidden="true"), "an end that is known"), el("li", el("span", "⟶✖", cls="sign failed", aria_hidden="true"), "broken, by a likely cause"), el("li", el("span", "⇢", cls="sign", aria_hidden="true"), "no other end in the code"), cls="legend")


def _picture(told: DeliveryMap, places: Layout) -> Iterator[Html]:
    known = {program.name: program for program in told.programs}
    at = {spot.site.key: spot.y for box in (*places.left, *places.right) for spot in box.spots}
    for channel, y in places.channels:
        yield from _edges(channel, y, at)
    for x, boxes in ((_LEFT, places.left), (_RIGHT, places.right)):
        for box in boxes:
            yield from _box(box, x, known)
    for channel, y in places.channels:
        yield from _channel(channel, y)


def _box(box: Box, x: float, known: dict[str, Program]) -> Iterator[Html]:
    yield el("rect", x=x + 0.5, y=box.top, width=BOX - 1, height=box.height, rx=8, cls="program")
    yield el("text", cut(_program(box.programs, known), 36), x=x + 14, y=box.top + 20, cls="title")
    for number, spot in enumerate(box.spots):
        if number:
            yield el("path", d=Html(f"M{x + 14:g} {spot.y - ROW / 2:g}h{BOX - 28}"), cls="rule")
        yield el("text", cut(_what(spot.site), 42), x=x + 14, y=spot.y - 3, cls="what")
        yield el("text", _from_end(_where(spot.site), 40), x=x + 14, y=spot.y + 14, cls="where")


def _program(names: Sequence[str], known: dict[str, Program]) -> str:
    if not names:
        return "in the code" if not known else "program not known"
    told = []
    for name in names:
        program = known.get(name)
        count = f" × {program.processes}{' or more' if program.at_least else ''}" if program and program.processes > 1 else ""
        told.append(f"{clean(name, 40) or 'the app'}{count}")
    return ", ".join(told)


def _what(site: Site) -> str:
    role = _ROLES.get(site.role, site.role)
    return f"{'hears' if site.does == 'listens' else 'emits'} {clean(site.event, 30) or '(computed)'} {role}".strip()


def _where(site: Site) -> str:
    return clean(str(site.where), 200) if site.where else clean(site.framework, 40)


def _from_end(text: str, width: int) -> str:
    return text if len(text) <= width else "…" + text[-(width - 1) :]


def _channel(channel: Channel, y: float) -> Iterator[Html]:
    top = y - TALL / 2
    yield el("rect", x=_MIDDLE, y=top, width=CHANNEL, height=TALL, rx=TALL / 2, cls=f"channel {channel.state}")
    lines = [(cut(clean(channel.event, 60) or "(computed name)", 23), "event"), (cut(_carrier(channel, 18), 29), "carrier")]
    said = _said(channel)
    if said:
        lines.append((cut(said, 30), f"state {channel.state}"))
    for number, (text, cls) in enumerate(lines):
        yield el("text", text, x=WIDTH / 2, y=y + 4 + (number - (len(lines) - 1) / 2) * 16, text_anchor="middle", cls=cls)


def _carrier(channel: Channel, room: int = 80) -> str:
    system = clean(channel.system, 30)
    word = _CARRIERS.get(channel.carrier, channel.carrier)
    if channel.carrier in (BROKER, CONNECTION, LIBRARY):
        return f"{system or word}{'' if channel.carrier == LIBRARY or not system else f' ({word})'}"
    return f"{word}, {_from_end(clean(channel.object, 200), room)}" if channel.object else word


def _said(channel: Channel) -> str:
    if channel.broken:
        first = channel.broken[0]
        return f"✖ {first.cause}"
    if channel.counted:
        return f"{channel.counted.handled:,} of {channel.counted.emitted:,} handled"
    return "" if channel.state == WHOLE else _STATES[channel.state] if channel.state in (UNHEARD, UNFED) else ""


def _edges(channel: Channel, y: float, at: dict[str, float]) -> Iterator[Html]:
    """Curves from the emitting ends to the channel and on to those that listen. The break is drawn where it is: at one end, or before all that listen."""
    heard = bool(channel.breaks) or any(site.breaks for site in channel.listens)
    for site in shown(channel, False):
        broken = bool(site.breaks) and not heard
        yield from _edge(_LEFT + BOX, at[site.key], _MIDDLE, y, broken, site)
    for site in shown(channel, True):
        broken = bool(channel.breaks or site.breaks) or (heard and not site.breaks and not any(each.breaks for each in channel.listens))
        yield from _edge(_MIDDLE + CHANNEL, y, _RIGHT, at[site.key], broken, site)
    if channel.state != RECORD and not channel.emits:
        yield from _stub(_MIDDLE - 62, _MIDDLE, y, "missing" if channel.state == UNFED else "outside")
    if not channel.listens:
        yield from _stub(_MIDDLE + CHANNEL, _MIDDLE + CHANNEL + 62, y, "missing" if channel.state == UNHEARD else "outside", bool(channel.broken))


def _edge(x1: float, y1: float, x2: float, y2: float, broken: bool, site: Site) -> Iterator[Html]:
    bend = (x2 - x1) / 2
    yield el("path", d=Html(f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2 - 7:g} {y2:g}"), cls="edge broken" if broken else "edge")
    yield el("path", d=Html(f"M{x2 - 9:g} {y2 - 4:g}l8 4l-8 4z"), cls="head broken" if broken else "head")
    if broken:
        yield from _cross((x1 + x2) / 2, (y1 + y2) / 2)


def _stub(x1: float, x2: float, y: float, cls: str, broken: bool = False) -> Iterator[Html]:
    yield el("path", d=Html(f"M{x1:g} {y:g}H{x2 - 7:g}"), cls=f"edge {'broken' if broken else cls}")
    yield el("path", d=Html(f"M{x2 - 9:g} {y - 4:g}l8 4l-8 4z"), cls=f"head {'broken' if broken else cls}")
    if broken:
        yield from _cross((x1 + x2) / 2, y)


def _cross(x: float, y: float) -> Iterator[Html]:
    yield el("circle", cx=x, cy=y, r=10, cls="gap")
    yield el("path", d=Html(f"M{x - 6:g} {y - 6:g}l12 12m0-12l-12 12"), cls="cross")


def _table(told: DeliveryMap) -> Html:
    known = {program.name: program for program in told.programs}
    head = el("tr", *(el("th", name, scope="col") for name in ("event", "goes out", "over", "is heard", "state")))
    rows = (el("tr", el("th", clean(each.event, 80) or "(computed)", scope="row"), el("td", _ends(each.emits, known)), el("td", _carrier(each)), el("td", _ends(each.listens, known)), el("td", _state(each))) for each in told.channels[:_MOST_ROWS])
    more = el("p", f"The first {_MOST_ROWS} of {len(told.channels)} channels.", cls="aside") if len(told.channels) > _MOST_ROWS else None
    table = el("table", el("caption", "The map in words", cls="unseen"), el("thead", head), el("tbody", *rows), cls="mapped")
    return join((el("details", el("summary", "The map in words"), el("div", table, cls="scroll", tabindex=0, role="region", aria_label="The map in words"), more), _held(told)))


def _ends(sites: Sequence[Site], known: dict[str, Program]) -> Html:
    if not sites:
        return Html("—")
    items = [el("li", place(site.where.path, site.where.line) if site.where else clean(site.framework), el("span", f" {_program(site.programs, known)}, {_ROLES.get(site.role, site.role)}".rstrip(", "), cls="aside")) for site in sites[:_MOST_ENDS]]
    more = el("li", f"and {len(sites) - _MOST_ENDS} more", cls="aside") if len(sites) > _MOST_ENDS else None
    return el("ul", *items, more, cls="marks")


def _state(channel: Channel) -> Html:
    if channel.broken:
        return join(el("div", el("span", f"✖ {each.cause}", cls="fate stopped"), f" {each.confidence * 100:.0f} %: {clean(each.why)}") for each in channel.broken)
    counted = f", {channel.counted.handled:,} of {channel.counted.emitted:,} handled" if channel.counted else ""
    return el("span", _STATES.get(channel.state, channel.state), counted)


def _held(told: DeliveryMap) -> Html | None:
    """Programs that do not work at all."""
    items = [el("li", el("b", clean(program.name) or "the app"), ": ", _broken(each)) for program in told.programs for each in program.breaks]
    return el("ul", *items, cls="signed warn") if items else None


def _broken(each: Break) -> Html:
    return join((el("code", each.cause, cls="cause"), f" {clean(each.why)}", join((" (", place(each.where.path, each.where.line), ")")) if each.where else None))
