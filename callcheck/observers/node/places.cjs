'use strict';
// Where in the app something happened: stacks are read as text, so that tsx, ts-node and --enable-source-maps give the lines of the TypeScript.

const recorder = require('./recorder.cjs');

const FRAMES = 16;
const FEW = 5; // mostly the app's frame is among the first: few make half the work
const HERE = __dirname;
const { getOwnPropertyDescriptor } = Object;
const { captureStackTrace } = Error;

/** The text of the stack above the function `below`; undefined if the app gives stacks a shape of its own. */
function capture(below, frames) {
  const limit = getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const ours = limit === undefined ? Object.isExtensible(Error) : limit.writable === true && limit.configurable === true;
  const holder = {};
  try {
    if (ours) Error.stackTraceLimit = frames;
    captureStackTrace(holder, below);
    const { stack } = holder;
    return typeof stack === 'string' ? stack : undefined;
  } finally {
    if (ours && limit === undefined) delete Error.stackTraceLimit;
    else if (ours) Error.stackTraceLimit = limit.value;
  }
}

const parsed = new Map();

/** One line of a stack as a frame {kind, file, line, column, name, package}; undefined if it names no place. */
function frameOf(text) {
  let frame = parsed.get(text);
  if (frame === undefined) {
    if (parsed.size > 5000) parsed.clear();
    frame = parse(text.trim()) || null;
    parsed.set(text, frame);
  }
  return frame;
}

function parse(text) {
  if (!text.startsWith('at ')) return undefined;
  let name = '';
  let made = false;
  let where = text.slice(3);
  const open = where.indexOf(' (');
  if (where.endsWith(')') && open >= 0) {
    name = where.slice(0, open).replace(/^(async|new) /, '').replace(/ \[as .*$/, '');
    made = where.startsWith('new ');
    where = where.slice(open + 2, -1);
  } else if (where.startsWith('async ')) {
    where = where.slice(6);
  }
  if (where.startsWith('eval at ')) where = where.slice(where.lastIndexOf('(') + 1).replace(/\).*$/, '');
  const found = /^(.*?):(\d+):(\d+)$/.exec(where);
  if (!found) return where.startsWith('node:') || where === 'native' ? { kind: 'core', file: where } : undefined;
  const file = pathOf(found[1]);
  const frame = { kind: kindOf(file), made, file, line: Number(found[2]), column: Number(found[3]) };
  if (name && !name.endsWith('<anonymous>')) frame.name = name.slice(0, 200);
  if (frame.kind === 'package') frame.package = packageOf(file);
  return frame;
}

function pathOf(file) {
  if (!file.startsWith('file://')) return file;
  try {
    return require('url').fileURLToPath(file);
  } catch {
    return file;
  }
}

// Files of the runtime itself: `node:…` and `internal/…` in Node, `ext:…` in Deno, `internal:…`, `bun:…` and `native` in Bun.
const EVENTS = /^(?:node:(?:events|domain)|ext:deno_node\/(?:_events|domain))/;
const CORE = /^(?:node:|internal[/:]|ext:|bun:|native$)/;

function kindOf(file) {
  if (EVENTS.test(file)) return 'events';
  if (CORE.test(file)) return 'core';
  if (file.startsWith(HERE)) return 'agent';
  return /[\\/]node_modules[\\/]/.test(file) ? 'package' : 'app';
}

function packageOf(file) {
  const parts = file.split(/[\\/]/);
  const at = parts.lastIndexOf('node_modules') + 1;
  return parts[at].startsWith('@') ? `${parts[at]}/${parts[at + 1]}` : parts[at];
}

// A library's class that puts its own in place of node:events' methods: who calls it is the one who does it.
const OVERRIDES = /(^|\.)(on|once|off|emit|addListener|prependListener|removeListener|removeAllListeners)$/;

/**
 * Whose doing is it? `kind` is of the first frame outside of node:events (app, package, core, none), `frame` the first one of the app, and `via` the
 * packages before it, innermost first. Of a thing that is being made, `classes` being the names of its
 * classes, the frames of its constructors are passed over: it is the app's if one of its classes is, and its place is where `new` stands.
 */
function read(stack, classes) {
  const seen = { kind: 'none', frame: undefined, via: [] };
  let constructors = classes !== undefined;
  for (const line of stack.split('\n')) {
    const frame = frameOf(line);
    if (!frame || frame.kind === 'agent' || frame.kind === 'events') continue;
    if (seen.kind === 'none' && !(frame.kind === 'package' && OVERRIDES.test(frame.name))) seen.kind = frame.kind;
    constructors = constructors && frame.made && classes.has(frame.name);
    if (frame.kind === 'package') {
      if (seen.via.length < 4 && !seen.via.includes(frame.package)) seen.via.push(frame.package);
    } else if (frame.kind === 'app') {
      const inside = seen.frame !== undefined;
      if (!inside) seen.frame = frame;
      if (!constructors) {
        if (inside) seen.frame = frame;
        break;
      }
      if (seen.kind === 'package') seen.kind = 'app';
    }
  }
  return seen;
}

/** The `code.*` keys of what read() gave. */
function keys(seen) {
  if (!seen || !seen.frame) return undefined;
  const { file, line, column, name } = seen.frame;
  const via = seen.via.length ? seen.via : undefined;
  return { 'code.file.path': file, 'code.line.number': line, 'code.column.number': column, 'code.function.name': name, via };
}

const known = new Map(); // the text of a stack -> what read() said of it

function readFew(stack) {
  let seen = known.get(stack);
  if (seen === undefined) {
    if (known.size > 500) known.clear();
    seen = read(stack);
    known.set(stack, seen);
  }
  return seen;
}

/** The same as the end of a line, with more to come; made once for each place. */
function text(seen) {
  if (!seen || !seen.frame) return '';
  if (seen.text === undefined) seen.text = recorder.tail(keys(seen)).slice(0, -1);
  return seen.text;
}

/** The stack above `below`, read; undefined if none was to be had, because of the limit (of which some is kept for what is `rare`) or of the app. */
function look(below, classes, rare) {
  if (!recorder.stack(rare)) return undefined;
  if (classes === undefined) {
    const few = capture(below, FEW);
    if (few === undefined) return undefined;
    const seen = readFew(few);
    if (seen.frame !== undefined) return seen;
  }
  const stack = capture(below, FRAMES);
  return stack === undefined ? undefined : read(stack, classes);
}

module.exports = { look, read, keys, text };
