// Reads flowcharts with Mermaid itself: a JSON text a line comes in, and a line goes out with what Mermaid made of it.
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const page = new JSDOM("<!doctype html><body></body>");
globalThis.window = page.window;
globalThis.document = page.window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ securityLevel: "strict" });

for await (const line of createInterface({ input: process.stdin })) {
  let found;
  try {
    const text = JSON.parse(line);
    if (text.length > mermaid.mermaidAPI.getConfig().maxTextSize) throw new Error("longer than Mermaid takes");
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const groups = new Set(db.getSubGraphs().map(({ id }) => id)); // a group with a style of its own is kept as a node too
    found = {
      nodes: [...db.getVertices().values()].filter(({ id }) => !groups.has(id)).map(({ text }) => text),
      edges: db.getEdges().map(({ start, end, text, stroke }) => ({ start, end, text, stroke })),
      groups: db.getSubGraphs().map(({ title, nodes }) => ({ title, nodes })),
    };
  } catch (error) {
    found = { error: String(error.message) };
  }
  console.log(JSON.stringify(found));
}
