"""How does a map look in Mermaid, as GitHub, GitLab and many editors draw it?

    flowchart LR
      subgraph g1["web (3 processes)"]
        s1["emits, request<br/>src/web.js:9"]
      end
      c1[("orders<br/>over redis")]
      s1 --> c1
"""

from __future__ import annotations

from callcheck.model.delivery_map import BROKER, CONNECTION, LIBRARY, MEMORY, RECORD, WAITERS, DeliveryMap
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.report.map.choice import cut
from callcheck.report.map.graph import Edge, Graph, Node, graph, left_out

MOST_EDGES = 500
MOST_CHARACTERS = 50_000
"""Mermaid draws no more, and whoever looks at the text somewhere cannot raise it."""
_SHAPES = {
    "emits": ('["', '"]'),
    "listens": ('["', '"]'),
    "missing": ('["', '"]'),
    "note": ('["', '"]'),
    MEMORY: ('[["', '"]]'),
    WAITERS: ('[["', '"]]'),
    BROKER: ('[("', '")]'),
    CONNECTION: ('{{"', '"}}'),
    LIBRARY: ('(["', '"])'),
    RECORD: ('>"', '"]'),
}
_PLAIN = frozenset(" /,()")
"""What may stand in a label as it is, beside letters and digits: neither Mermaid nor the Markdown in its labels makes anything of it."""

_ICON = pattern(r"(fa[bklrs]?:)(?=fa-)")
"""What becomes a picture, even if it is written in numbers; a space of no width between keeps it a text."""


def render(shown: DeliveryMap, title: str) -> str:
    """The map as one flowchart. Channels beyond what Mermaid draws are left out, and the first lines say so."""
    every = shown.channels
    while True:
        text, edges = _text(shown, title)
        if (edges <= MOST_EDGES and len(text) <= MOST_CHARACTERS) or not shown.channels:
            return text
        fits = min(MOST_EDGES / max(edges, 1), MOST_CHARACTERS / len(text))
        fewer = min(int(len(shown.channels) * fits), len(shown.channels) - 1)
        shown = cut(replace(shown, channels=every[:fewer]), every)


def _text(shown: DeliveryMap, title: str) -> tuple[str, int]:
    drawn = graph(shown, title)
    lines = ["flowchart LR", f"  %% {_comment(drawn.title)}"]
    if note := left_out(shown):
        lines.append(f"  %% {_comment(note)}")
    for group in drawn.groups:
        inner = "    " if group.label else "  "
        lines += [f'  subgraph {group.id}["{label(group.label)}"]'] if group.label else []
        lines += [inner + _node(node) for node in group.nodes]
        lines += ["  end"] if group.label else []
    lines += [f"  {_node(node)}" for node in drawn.channels]
    lines += [f"  {_edge(edge)}" for edge in drawn.edges]
    return "\n".join([*lines, *_styles(drawn)]) + "\n", len(drawn.edges)


def _node(node: Node) -> str:
    before, after = _SHAPES[node.kind]
    return f"{node.id}{before}{'<br/>'.join(label(line) for line in node.lines)}{after}"


def _edge(edge: Edge) -> str:
    if not edge.broken:
        return f"{edge.start} --> {edge.end}"
    return f'{edge.start} -. "{label(edge.label)}" .-x {edge.end}' if edge.label else f"{edge.start} -.-x {edge.end}"


def _styles(drawn: Graph) -> list[str]:
    nodes = [*drawn.channels, *(node for group in drawn.groups for node in group.nodes)]
    broken = [node.id for node in nodes if node.broken]
    edges = [str(number) for number, edge in enumerate(drawn.edges) if edge.broken]
    lines = ["  classDef broken stroke:#c62828,stroke-width:2px"] if broken else []
    lines += [f"  class {','.join(broken)} broken"] if broken else []
    lines += [f"  linkStyle {','.join(edges)} stroke:#c62828,stroke-width:2px"] if edges else []
    return lines + [f"  style {group.id} stroke:#c62828,stroke-width:2px" for group in drawn.groups if group.broken]


def label(text: str) -> str:
    """A text for a place in double quotes: all that Mermaid, Markdown or HTML might take for its own is written as its number (`#58;`)."""
    text = _ICON.sub("\\1\u200b", text)
    return "".join(_escaped(text, at) for at in range(len(text))).strip() or "#32;"


def _escaped(text: str, at: int) -> str:
    character = text[at]
    if character in _PLAIN or (character.isalnum() and not (character.isdigit() and not character.isascii())):
        return character
    # `src/web.js:9` and `job-done` stay readable; `1. x`, `- x`, `--`, `www.x` are Markdown's or Mermaid's.
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if character in ".-" and before.isalpha() and after.isalpha() and "www" not in text.lower():
        return character
    if character == ":" and before.isalnum() and after.isdigit():
        return character
    return f"#{ord(character)};"


def _comment(text: str) -> str:
    """A text for a comment: it ends with its line, and braces could be read as a directive."""
    return "".join(each if each.isprintable() and each not in "{}%" else "?" for each in text)
