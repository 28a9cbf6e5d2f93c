"use strict";
/* Finds single deliveries: a picture that can be searched, brought closer and walked through with the keyboard.
   Without it the page says the same, with a picture and a table of some of them. */
(() => {
  const byId = (id) => document.getElementById(id);
  const source = byId("lanes-data");
  if (!source || !window.HTMLCanvasElement) return;
  const data = prepared(JSON.parse(source.textContent));
  const total = data.id.length;
  const PAGE = 20;
  const view = { from: 0, to: data.length };
  let shown = Int32Array.from({ length: total }, (_, number) => number);
  let hovered = -1, pinned = -1, listed = PAGE, dragging = null, waiting = false;

  function prepared(told) {
    for (const name of ["time", "lane", "stage", "path", "line"]) told[name] = Float64Array.from(told[name]);
    told.first = new Int32Array(told.marks.length);
    for (let number = 1; number < told.first.length; number++) told.first[number] = told.first[number - 1] + told.marks[number - 1];
    told.arrow = told.marks.map((_, number) => lanesPaint.course(told, number));
    told.low = told.id.map((id, number) => (id + "\n" + told.events[told.event[number]]).toLowerCase());
    return told;
  }

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /* The picture */
  document.documentElement.classList.add("js");
  byId("lanes-controls").hidden = false;
  const under = make("canvas", { "aria-hidden": "true" });
  const over = make("canvas", {
    class: "over", tabindex: "0", role: "slider", "aria-label": "Delivery", "aria-valuemin": "0", "aria-describedby": "lanes-keys",
  });
  const keys = make("p", { id: "lanes-keys", class: "aside" },
    "Point at a mark, or use the arrow keys to go from delivery to delivery; Enter keeps one, Escape lets it go. Drag to choose a stretch of time; + and − change it, 0 shows all.");
  const stage = make("div", { class: "stage-room" }, under, over);
  const crowded = make("p", { id: "lanes-crowded", class: "aside", hidden: "" },
    "Too many to be told apart: the columns show how many each process emits, red those that stop, green those that arrive. Come closer, or search, to see single ones.");
  byId("lanes-figure").prepend(stage, crowded);
  byId("lanes-figure").querySelector("figcaption").append(keys);
  let room = lanesPaint.layout(stage.clientWidth, data.lanes.length);

  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(drawNow);
  }

  function drawNow() {
    waiting = false;
    room = lanesPaint.layout(stage.clientWidth, data.lanes.length);
    crowded.hidden = !lanesPaint.base(under, room, view, data, shown, clock);
    drawOver();
  }

  function drawOver() {
    lanesPaint.over(over, room, view, data, hovered >= 0 ? hovered : pinned, dragging && [dragging.from, dragging.to]);
  }

  /* Words */
  function clock(offset, whole) {
    const time = data.begin + offset;
    if (!data.timed) return "line " + Math.round(time / 1000);
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) return "?";
    const text = at.toISOString();
    const short = view.to - view.from < 20_000 ? text.slice(11, 23) : text.slice(11, 19);
    return whole ? (time < 94_694_400_000 ? text.slice(5, 10) : text.slice(0, 10)) + " " + short : short;
  }

  function moment(mark) {
    if (!data.timed) return "";
    const at = new Date(data.begin + data.time[mark]);
    return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(11, 23);
  }

  /** The file is named once for marks of the same one. */
  function place(mark, again) {
    if (data.path[mark] < 0) return "";
    const line = data.line[mark] ? ":" + data.line[mark] : "";
    return again && line && data.path[mark] === data.path[mark - 1] ? line : data.paths[data.path[mark]] + line;
  }

  function name(delivery) {
    return [data.events[data.event[delivery]], data.id[delivery]].filter(Boolean).join(" ") || "delivery " + (delivery + 1);
  }

  function ending(delivery) {
    const why = data.why[delivery] >= 0 ? ": " + data.whys[data.why[delivery]] : "";
    return data.words[data.fate[delivery]] + why;
  }

  function markItems(delivery, most) {
    const items = [];
    for (let mark = data.first[delivery]; mark < data.first[delivery] + Math.min(data.marks[delivery], most); mark++) {
      const stage = data.stages[data.stage[mark]];
      const where = make("span", { class: "place" }, place(mark, mark > data.first[delivery]));
      items.push(make("li", {}, make("span", { class: "stage " + stage }, stage), ` ${data.lanes[data.lane[mark]]} ${moment(mark)} `, where));
    }
    return items;
  }

  function fateSign(delivery) {
    const fate = data.fate[delivery];
    return make("span", { class: "fate " + data.fates[fate] }, `${data.signs[fate]} ${data.words[fate]}`);
  }

  function tell() {
    const delivery = hovered >= 0 ? hovered : pinned;
    const box = byId("lanes-said");
    box.hidden = delivery < 0;
    if (delivery < 0) return box.replaceChildren();
    const why = data.why[delivery] >= 0 ? ": " + data.whys[data.why[delivery]] : "";
    box.replaceChildren(make("p", {}, make("b", {}, name(delivery)), " ", fateSign(delivery), why), make("ul", { class: "marks" }, ...markItems(delivery, 20)));
  }

  /* Choosing one */
  function slider() {
    const at = shown.indexOf(pinned);
    over.setAttribute("aria-valuemax", String(Math.max(1, shown.length)));
    over.setAttribute("aria-valuenow", String(at + 1));
    over.setAttribute("aria-valuetext", at < 0 ? "none chosen" : `${at + 1} of ${shown.length}: ${name(pinned)}, ${ending(pinned)}`);
  }

  function pin(delivery, keepView) {
    pinned = delivery;
    hovered = -1;
    if (delivery >= 0 && !keepView) bringIntoView(delivery);
    for (const row of byId("lanes-rows").rows) row.classList.toggle("chosen", Number(row.dataset.delivery) === delivery && delivery >= 0);
    slider();
    tell();
    draw();
  }

  function bringIntoView(delivery) {
    const from = data.time[data.first[delivery]], to = data.time[data.first[delivery] + data.marks[delivery] - 1];
    const length = view.to - view.from;
    if (from < view.from || to > view.to) look(Math.max(0, (from + to - length) / 2), length);
  }

  function step(by) {
    if (!shown.length) return;
    const at = shown.indexOf(pinned);
    pin(shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by))]);
  }

  /* Choosing a time */
  function look(from, length) {
    const least = Math.min(data.length, 5);
    const kept = Math.min(data.length, Math.max(least, length));
    view.from = Math.max(0, Math.min(data.length - kept, from));
    view.to = view.from + kept;
    draw();
  }

  function zoom(by, centre) {
    const length = view.to - view.from, middle = centre === undefined ? (view.from + view.to) / 2 : centre;
    look(middle - (middle - view.from) * by, length * by);
  }

  function pan(by) {
    look(view.from + by * (view.to - view.from), view.to - view.from);
  }

  function timeAt(x) {
    return view.from + ((x - room.left) / (room.right - room.left)) * (view.to - view.from);
  }

  over.addEventListener("pointermove", (event) => {
    if (dragging) {
      dragging.to = event.offsetX;
      drawOver();
      return;
    }
    const found = lanesPaint.near(room, view, data, shown, event.offsetX, event.offsetY);
    if (found === hovered) return;
    hovered = found;
    drawOver();
    tell();
  });
  over.addEventListener("pointerleave", () => {
    hovered = -1;
    drawOver();
    tell();
  });
  over.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    dragging = { from: event.offsetX, to: event.offsetX };
    over.setPointerCapture(event.pointerId);
  });
  over.addEventListener("pointerup", (event) => {
    const done = dragging;
    dragging = null;
    if (done && Math.abs(done.to - done.from) > 6) {
      const [from, to] = [timeAt(Math.min(done.from, done.to)), timeAt(Math.max(done.from, done.to))];
      return look(from, to - from);
    }
    pin(lanesPaint.near(room, view, data, shown, event.offsetX, event.offsetY), true);
  });
  over.addEventListener("dblclick", () => look(0, data.length));
  over.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.offsetX));
  }, { passive: false });

  const KEYS = {
    ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1),
    PageDown: () => step(Math.ceil(shown.length / 20)), PageUp: () => step(-Math.ceil(shown.length / 20)),
    Home: () => step(-shown.length), End: () => step(shown.length), Escape: () => pin(-1), Enter: () => hovered >= 0 && pin(hovered),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), "0": () => look(0, data.length),
  };
  over.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  });

  for (const [id, act] of Object.entries({
    "lanes-in": () => zoom(0.5), "lanes-out": () => zoom(2), "lanes-left": () => pan(-0.5), "lanes-right": () => pan(0.5), "lanes-all": () => look(0, data.length),
  })) byId(id).addEventListener("click", act);

  /* Filtering */
  function filter() {
    const words = byId("lanes-find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fate = data.fates.indexOf(byId("lanes-fate").value);
    const kept = [];
    for (let number = 0; number < total; number++) {
      if (fate >= 0 && data.fate[number] !== fate) continue;
      if (words.every((word) => data.low[number].includes(word))) kept.push(number);
    }
    shown = Int32Array.from(kept);
    listed = PAGE;
    hovered = -1;
    if (!shown.includes(pinned)) pinned = -1;
    byId("lanes-count").textContent = `${shown.length.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    list();
    slider();
    tell();
    draw();
  }

  /** The table: those that stop first, as in the page without scripts. */
  function list() {
    const order = [1, 2, 3, 0], ordered = [];
    for (const fate of order) {
      for (const number of shown) {
        if (ordered.length >= listed) break;
        if (data.fate[number] === fate) ordered.push(number);
      }
    }
    byId("lanes-rows").replaceChildren(...ordered.map(row));
    byId("lanes-more").hidden = shown.length <= listed;
    const some = byId("lanes-some");
    if (some) some.textContent = shown.length > ordered.length ? `The first ${ordered.length} of ${shown.length.toLocaleString("en")}, those that stop first.` : "";
  }

  function row(delivery) {
    const why = data.why[delivery] >= 0 ? ": " + data.whys[data.why[delivery]] : "";
    const button = make("button", { type: "button" }, data.id[delivery] || "—");
    button.addEventListener("click", () => pin(delivery));
    const made = make("tr", {}, make("td", {}, fateSign(delivery), why), make("td", {}, data.events[data.event[delivery]] || "—"),
      make("td", {}, button), make("td", {}, make("ul", { class: "marks" }, ...markItems(delivery, 8))));
    made.dataset.delivery = String(delivery);
    made.classList.toggle("chosen", delivery === pinned);
    return made;
  }

  byId("lanes-find").addEventListener("input", filter);
  byId("lanes-fate").addEventListener("change", filter);
  byId("lanes-more").addEventListener("click", () => {
    listed += PAGE;
    list();
  });
  for (const each of document.getElementsByName("theme")) each.addEventListener("change", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(() => stage.clientWidth !== room.width && draw()).observe(stage);
  filter();
})();
