"""How does a map look in DOT, the language of Graphviz?

    digraph deliveries {
      subgraph cluster_g1 { label="web (3 processes)"; s1 [label="emits, request\\nsrc/web.js:9"]; }
      s1 -> c1;
    }
"""

from __future__ import annotations

from callcheck.model.delivery_map import BROKER, CONNECTION, LIBRARY, MEMORY, RECORD, WAITERS, DeliveryMap
from callcheck.report.map.graph import Edge, Group, Node, graph, left_out

_SHAPES = {
    "emits": "box",
    "listens": "box",
    "missing": "plaintext",
    "note": "note",
    MEMORY: "box3d",
    WAITERS: "box3d",
    BROKER: "cylinder",
    CONNECTION: "hexagon",
    LIBRARY: "ellipse",
    RECORD: "tab",
}
_RED = 'color="#c62828" fontcolor="#c62828" penwidth=2'


def render(shown: DeliveryMap, title: str) -> str:
    """The map as one directed graph, from left to right."""
    drawn = graph(shown, title)
    note = left_out(shown)
    lines = ["digraph deliveries {", "  rankdir=LR;", '  graph [fontname="Helvetica" labelloc=t];', '  node [fontname="Helvetica"];', '  edge [fontname="Helvetica"];']
    lines.append(f"  label={quoted(drawn.title, note)};" if note else f"  label={quoted(drawn.title)};")
    for group in drawn.groups:
        lines += _group(group)
    lines += [f"  {_node(node)}" for node in drawn.channels]
    lines += [f"  {_edge(edge)}" for edge in drawn.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _group(group: Group) -> list[str]:
    nodes = [_node(node) for node in group.nodes]
    if not group.label:
        return [f"  {node}" for node in nodes]
    style = f" {_RED.replace(' ', '; ')};" if group.broken else ""
    return [f"  subgraph cluster_{group.id} {{", f"    label={quoted(group.label)};{style}", *(f"    {node}" for node in nodes), "  }"]


def _node(node: Node) -> str:
    red = f" {_RED}" if node.broken else ""
    return f"{node.id} [shape={_SHAPES[node.kind]} label={quoted(*node.lines)}{red}];"


def _edge(edge: Edge) -> str:
    if not edge.broken:
        return f"{edge.start} -> {edge.end};"
    said = f" label={quoted(edge.label)}" if edge.label else ""
    return f"{edge.start} -> {edge.end} [style=dashed arrowhead=tee {_RED}{said}];"


def quoted(*lines: str) -> str:
    """Lines as one string of DOT: a backslash, a quote and an entity (`&lt;`) stand for themselves."""
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines) + '"'
