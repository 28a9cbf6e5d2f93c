"use strict";
/* How do many deliveries look side by side? As lanes_drawn.py draws some, drawn anew for each stretch of time.

   Where there are too many to be told apart, columns show instead how many each process emitted when, and how these ended. */
const lanesPaint = (() => {
  const SHIFT = [-10, 0, 10, 10];
  const STAGES = ["registered", "emitted", "handled", "failed"];
  const MOST = 1200, COLUMN = 4;
  const NAMES = ["ink", "soft", "hair", "panel", "paper", "link", ...STAGES];

  /** The colours of the page as they are now, by name. */
  function colours() {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
  }

  /** Where everything is, in pixels of the page; names stand above their lanes where there is little room. */
  function layout(width, lanes) {
    const narrow = width < 640;
    const row = narrow ? 66 : 44;
    const gutter = narrow ? 0 : 150;
    const lane = (number) => 26 + number * row;
    const middle = (number) => lane(number) + (narrow ? 41 : row / 2);
    return { width, narrow, row, gutter, left: gutter + 12, right: width - 16, lane, middle, height: lane(lanes) + 6 };
  }

  /** Makes the canvas as sharp as the screen is, and gives its context. */
  function sized(canvas, room) {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(room.width * ratio);
    canvas.height = Math.round(room.height * ratio);
    canvas.style.height = room.height + "px";
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  function grid(context, room, view, data, colour, clock) {
    context.font = "13px " + getComputedStyle(document.body).fontFamily;
    data.lanes.forEach((name, number) => {
      context.fillStyle = colour.panel;
      context.beginPath();
      context.roundRect(room.gutter, room.lane(number) + 2, room.width - room.gutter, room.row - 4, 4);
      context.fill();
      context.fillStyle = colour.ink;
      context.textAlign = room.narrow ? "left" : "right";
      if (room.narrow) context.fillText(name, 8, room.lane(number) + 16, room.width - 16);
      else context.fillText(fitting(context, name, room.gutter - 14), room.gutter - 10, room.middle(number) + 4);
    });
    context.fillStyle = colour.soft;
    context.font = context.font.replace("13px", "12px");
    [0, 0.5, 1].forEach((share, number) => {
      if (number === 1 && room.narrow) return;
      context.textAlign = ["left", "center", "right"][number];
      const x = room.left + share * (room.right - room.left);
      context.fillText(clock(view.from + share * (view.to - view.from), number === 0), x, 16);
    });
  }

  function fitting(context, text, width) {
    if (context.measureText(text).width <= width) return text;
    let end = text.length;
    while (end > 1 && context.measureText(text.slice(0, end) + "…").width > width) end--;
    return text.slice(0, end) + "…";
  }

  /** The arrow of a delivery: its kind, and from which time and lane to which; the same choice as `course` in lanes_drawn.py. */
  function course(data, delivery) {
    const { first, marks, time, lane, stage, fate } = data;
    const end = first[delivery] + marks[delivery];
    let emit = -1, handled = -1, failed = -1, listener = -1;
    for (let at = first[delivery]; at < end; at++) if (stage[at] === 1) { emit = at; break; }
    if (emit < 0) return null;
    for (let at = first[delivery]; at < end; at++) {
      if (at !== emit && time[at] >= time[emit]) {
        if (stage[at] === 2 && handled < 0) handled = at;
        if (stage[at] === 3 && failed < 0) failed = at;
      }
      if (stage[at] === 0 && lane[at] !== lane[emit] && listener < 0) listener = at;
    }
    if (fate[delivery] === 0 && handled >= 0) return { kind: "ok", from: emit, to: handled };
    if (fate[delivery] !== 1) return { kind: "dim", from: emit, to: -1 };
    if (failed >= 0) return { kind: "lost", from: emit, to: failed };
    return { kind: "lost", from: emit, to: -1, towards: listener };
  }

  function ends(data, room, x, arrow) {
    const y = (mark) => room.middle(data.lane[mark]) + SHIFT[data.stage[mark]];
    const x1 = x(data.time[arrow.from]), y1 = y(arrow.from);
    if (arrow.to >= 0) return [x1, y1, x(data.time[arrow.to]), y(arrow.to)];
    if (arrow.towards >= 0) return [x1, y1, x1 + 8, room.lane(data.lane[arrow.from] + (y(arrow.towards) > y1 ? 1 : 0))];
    return [x1, y1, x1 + (arrow.kind === "dim" ? 14 : 16), y1];
  }

  function head(context, x1, y1, x2, y2) {
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length < 8) return;
    const ux = (x2 - x1) / length, uy = (y2 - y1) / length, tx = x2 - 5 * ux, ty = y2 - 5 * uy;
    context.moveTo(tx - 6 * ux + 3 * uy, ty - 6 * uy - 3 * ux);
    context.lineTo(tx, ty);
    context.lineTo(tx - 6 * ux - 3 * uy, ty - 6 * uy + 3 * ux);
  }

  function arrows(context, room, data, shown, colour, x) {
    const kinds = { dim: [], ok: [], lost: [] };
    for (const delivery of shown) {
      const arrow = data.arrow[delivery];
      if (!arrow) continue;
      const [x1, y1, x2, y2] = ends(data, room, x, arrow);
      if (Math.max(x1, x2) < room.gutter || Math.min(x1, x2) > room.width) continue;
      kinds[arrow.kind].push(x1, y1, x2, y2);
    }
    const tone = { dim: [colour.soft, 1, 0.8], ok: [colour.handled, 1.2, 0.7], lost: [colour.failed, 1.5, 1] };
    for (const [kind, at] of Object.entries(kinds)) {
      [context.strokeStyle, context.lineWidth, context.globalAlpha] = tone[kind];
      context.setLineDash(kind === "dim" ? [2, 3] : []);
      context.beginPath();
      for (let n = 0; n < at.length; n += 4) {
        context.moveTo(at[n], at[n + 1]);
        context.lineTo(at[n + 2], at[n + 3]);
        if (kind === "lost") cross(context, at[n + 2], at[n + 3], 3.5);
        else if (kind === "ok") head(context, at[n], at[n + 1], at[n + 2], at[n + 3]);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  function cross(context, x, y, size) {
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
  }

  function spot(context, stage, x, y) {
    if (stage === 1) {
      context.moveTo(x, y - 5);
      context.lineTo(x + 5, y + 4);
      context.lineTo(x - 5, y + 4);
      context.closePath();
    } else if (stage === 3) {
      cross(context, x, y, 4);
    } else {
      context.moveTo(x + 4, y);
      context.arc(x, y, 4, 0, 6.2832);
    }
  }

  function finish(context, stage, colour) {
    const own = colour[STAGES[stage]];
    context.strokeStyle = own;
    context.lineWidth = stage === 3 ? 2.2 : 1.6;
    context.fillStyle = stage === 0 ? colour.paper : own;
    if (stage !== 3) context.fill();
    if (stage === 0 || stage === 3) context.stroke();
  }

  function marks(context, room, view, data, shown, colour, x) {
    const found = [[], [], [], []];
    for (const delivery of shown) {
      const end = data.first[delivery] + data.marks[delivery];
      for (let at = data.first[delivery]; at < end; at++) {
        if (data.time[at] < view.from || data.time[at] > view.to) continue;
        found[data.stage[at]].push(x(data.time[at]), room.middle(data.lane[at]) + SHIFT[data.stage[at]]);
      }
    }
    found.forEach((at, stage) => {
      context.beginPath();
      for (let n = 0; n < at.length; n += 2) spot(context, stage, at[n], at[n + 1]);
      finish(context, stage, colour);
    });
  }

  /** Where a delivery counts: when and where it is emitted, or where it is first seen. */
  function seat(data, delivery) {
    return data.arrow[delivery] ? data.arrow[delivery].from : data.first[delivery];
  }

  function columns(context, room, view, data, shown, colour, x) {
    const bins = Math.ceil((room.right - room.left) / COLUMN) + 1, fates = data.fates.length;
    const counts = new Uint32Array(data.lanes.length * bins * fates);
    for (const delivery of shown) {
      const mark = seat(data, delivery), time = data.time[mark];
      if (time < view.from || time > view.to) continue;
      counts[(data.lane[mark] * bins + Math.floor((x(time) - room.left) / COLUMN)) * fates + data.fate[delivery]]++;
    }
    let most = 1;
    for (let at = 0; at < counts.length; at += fates) most = Math.max(most, counts[at] + counts[at + 1] + counts[at + 2] + counts[at + 3]);
    const tones = [colour.handled, colour.failed, colour.soft, colour.registered];
    const high = (room.narrow ? 40 : room.row - 8) / most;
    for (let lane = 0; lane < data.lanes.length; lane++) {
      for (let bin = 0; bin < bins; bin++) {
        let y = room.lane(lane) + room.row - 4;
        for (const fate of [1, 0, 2, 3]) {
          const count = counts[(lane * bins + bin) * fates + fate];
          if (!count) continue;
          context.fillStyle = tones[fate];
          context.fillRect(room.left + bin * COLUMN, y - count * high, COLUMN - 1, count * high);
          y -= count * high;
        }
      }
    }
  }

  /** The deliveries of which a part is seen. */
  function within(view, data, shown) {
    return shown.filter((delivery) => data.time[data.first[delivery] + data.marks[delivery] - 1] >= view.from && data.time[data.first[delivery]] <= view.to);
  }

  /** Everything that is shown, from `view.from` to `view.to`; whether that is too much to tell one from another. */
  function base(canvas, room, view, data, shown, clock) {
    const context = sized(canvas, room), colour = colours();
    const x = scale(room, view), seen = within(view, data, shown), crowded = seen.length > MOST;
    grid(context, room, view, data, colour, clock);
    context.save();
    context.beginPath();
    context.rect(room.gutter, 0, room.width - room.gutter, room.height);
    context.clip();
    if (crowded) {
      columns(context, room, view, data, seen, colour, x);
    } else {
      arrows(context, room, data, seen, colour, x);
      marks(context, room, view, data, seen, colour, x);
    }
    context.restore();
    return crowded;
  }

  /** One delivery above the others, and the stretch of time that is being chosen. */
  function over(canvas, room, view, data, delivery, chosen) {
    const context = sized(canvas, room), colour = colours(), x = scale(room, view);
    if (chosen) {
      context.fillStyle = colour.link;
      context.globalAlpha = 0.18;
      context.fillRect(Math.min(chosen[0], chosen[1]), 22, Math.abs(chosen[1] - chosen[0]), room.height - 26);
      context.globalAlpha = 1;
    }
    if (delivery < 0) return;
    const end = data.first[delivery] + data.marks[delivery];
    context.beginPath();
    context.lineJoin = "round";
    for (let at = data.first[delivery]; at < end; at++) {
      context.lineTo(x(data.time[at]), room.middle(data.lane[at]) + SHIFT[data.stage[at]]);
    }
    context.strokeStyle = data.fate[delivery] === 1 ? colour.failed : colour.ink;
    context.lineWidth = 2.5;
    context.stroke();
    for (let at = data.first[delivery]; at < end; at++) {
      const across = x(data.time[at]), down = room.middle(data.lane[at]) + SHIFT[data.stage[at]];
      context.beginPath();
      context.arc(across, down, 8, 0, 6.2832);
      context.fillStyle = colour.paper;
      context.fill();
      context.strokeStyle = colour.ink;
      context.lineWidth = 1;
      context.stroke();
      context.beginPath();
      spot(context, data.stage[at], across, down);
      finish(context, data.stage[at], colour);
    }
  }

  function scale(room, view) {
    const step = (room.right - room.left) / (view.to - view.from);
    return (time) => room.left + (time - view.from) * step;
  }

  /** The shown delivery with a mark nearest to a point, at most 14 pixels away; -1 if there is none. */
  function near(room, view, data, shown, across, down) {
    const x = scale(room, view);
    let found = -1, least = 14 * 14;
    for (const delivery of shown) {
      const end = data.first[delivery] + data.marks[delivery];
      for (let at = data.first[delivery]; at < end; at++) {
        const dx = x(data.time[at]) - across, dy = room.middle(data.lane[at]) + SHIFT[data.stage[at]] - down;
        const away = dx * dx + dy * dy;
        if (away < least) [found, least] = [delivery, away];
      }
    }
    return found;
  }

  return { layout, base, over, near, course };
})();
