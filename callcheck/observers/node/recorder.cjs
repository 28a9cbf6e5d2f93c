'use strict';
// How a fact becomes one line of the process's own file, within limits; and the one timer of the agent.

const fs = require('fs');
const { performance } = require('perf_hooks');

const LIMITS = { bytes: 64 * 1024 * 1024, facts: 3000, stacks: 500, stacksAtFirst: 2000, stacksKept: 50 };

// Kept from the start, so that whatever the app replaces later (fake timers, file systems in memory) does not reach us.
const { openSync, writeSync, fstatSync, constants } = fs;
const { stringify } = JSON;
const { hrtime } = process;
const started = hrtime();
const startedMs = performance.now();
/** As performance.now(), in a third of the time. */
function now() {
  const [seconds, nanoseconds] = hrtime(started);
  return startedMs + seconds * 1000 + nanoseconds / 1e6;
}
const { timeOrigin } = performance;
const FACTS = `over ${LIMITS.facts} facts a second`;
const STACKS = `over ${LIMITS.stacks} stacks a second`;
const startInterval = setInterval;
const stopInterval = clearInterval;

let fd = -1;
let inode;
let written = 0;
let seq = 0;
let waitingLines = '';
let context = () => undefined;
let beforeFirst;

let second = 0;
let factsLeft = LIMITS.facts;
let stacksLeft = LIMITS.stacksAtFirst;
const skipped = new Map();

/** Opens the file of this process and thread; false if that cannot be. */
function open(folder, resource) {
  try {
    const name = `${process.pid}-${resource['thread.id']}-${Math.round(timeOrigin)}.jsonl`;
    fd = openSync(require('path').join(folder, name), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
    inode = fstatSync(fd).ino;
  } catch {
    return false;
  }
  second = Math.floor(now() / 1000);
  put(head('process.started'), tail(resource));
  return fd >= 0;
}

function close() {
  fd = -1; // Not closed: an app that closes files by number may already own it.
}

/** What of a line is the same for all facts: its start. */
function head(name) {
  return `{"fact":"${name}","ts":${Math.round((timeOrigin + now()) * 1000)},"seq":${seq}`;
}

/** The keys as they stand in a line after others: `,"a":1}`. */
function tail(keys) {
  const text = stringify(keys);
  return text.length > 2 ? `,${text.slice(1)}` : '}';
}

/** Adds one line; `later` leaves the writing to the next line, where no code of the app runs in between. */
function put(start, end, later) {
  waitingLines += `${start}${end}\n`;
  seq += 1;
  if (!later) flush();
}

function flush() {
  const lines = waitingLines;
  waitingLines = '';
  if (lines === '') return;
  const size = Buffer.byteLength(lines);
  if (written + size > LIMITS.bytes) {
    const keys = { what: 'bytes', count: 1, why: `over ${LIMITS.bytes} bytes` };
    seq -= lines.split('\n').length - 1;
    writeSync(fd, `${head('agent.skipped')}${tail(keys)}\n`);
    close();
    return;
  }
  // A short write means a full disk: the reader drops the torn line, and we write no more.
  if (writeSync(fd, lines) !== size) close();
  written += size;
}

/** Starts a new second of the limits, and makes sure that the file is still ours: apps that turn into daemons close files by number. */
function turn() {
  const current = Math.floor(now() / 1000);
  if (current === second) return;
  second = current;
  factsLeft = LIMITS.facts;
  stacksLeft = LIMITS.stacks;
  if (fstatSync(fd).ino !== inode) close();
}

function tellSkipped() {
  for (const { what, count, why, name } of skipped.values()) put(head('agent.skipped'), tail({ what, count, why, name }));
  skipped.clear();
}

/**
 * Writes one fact; its number, or -1 if it was left out. `keys` may be what their tail() is. `origin` is the request it belongs to, if that is not the current
 * one; with `later` it goes out with the next fact, which must follow at once.
 */
function fact(name, keys, origin, later) {
  if (fd < 0) return -1;
  try {
    turn();
    if (factsLeft <= 0) {
      skip('facts', 1, FACTS);
      return -1;
    }
    factsLeft -= 1;
    if (skipped.size && !busy) wake();
    if (beforeFirst !== undefined) identify();
    const at = origin || context();
    const start = at ? `${head(name)},"req":"${at.req}"${at.trace ? `,"trace_id":"${at.trace}"` : ''}` : head(name);
    put(start, typeof keys === 'string' ? keys : tail(keys), later);
    return fd < 0 ? -1 : seq - 1;
  } catch {
    close();
    return -1;
  }
}

function identify() {
  const first = beforeFirst;
  beforeFirst = undefined;
  const changed = first();
  if (changed) put(head('process.identified'), tail(changed));
}

/** Is there room for so many facts in this second? */
function room(count) {
  if (fd < 0) return false;
  try {
    turn();
  } catch {
    close();
  }
  return fd >= 0 && factsLeft >= count;
}

/** May one more stack be captured? Some of each second are kept for what is `rare`, and must not be lost among a library's own events. */
function stack(rare) {
  if (!room(1)) return false;
  if (stacksLeft <= (rare ? 0 : LIMITS.stacksKept)) {
    skip('stacks', 1, STACKS);
    return false;
  }
  stacksLeft -= 1;
  return true;
}

function skip(what, count, why, name) {
  const key = name ? `${what} ${name}` : what;
  const known = skipped.get(key);
  if (known) known.count += count;
  else if (skipped.size < 50) skipped.set(key, { what, count, why, name });
  wake();
}

// ---- the timer: runs only while somebody waits for something, and never keeps the app alive

const waiting = new Map();
let busy;
let ticks = 0;

function tick() {
  ticks += 1;
  let more = skipped.size > 0;
  for (const work of waiting.values()) {
    try {
      if (work(ticks)) more = true;
    } catch {
      // The next one may do better.
    }
  }
  try {
    if (ticks % 10 === 0 && fd >= 0) tellSkipped();
  } catch {
    close();
  }
  if (!more || fd < 0) {
    stopInterval(busy);
    busy = undefined;
  }
}

/** Names work for every tenth of a second; it returns whether there is more to wait for. */
function every(name, work) {
  waiting.set(name, work);
}

function wake() {
  if (busy || fd < 0) return;
  busy = startInterval(tick, 100);
  busy.unref();
}

/** What must not be lost when the process ends: the limits of this second no longer count. */
function last() {
  if (fd < 0) return;
  factsLeft = 10000;
  for (const work of waiting.values()) {
    try {
      work(0);
    } catch {
      // The rest still counts.
    }
  }
  try {
    tellSkipped();
  } catch {
    close();
  }
}

module.exports = {
  LIMITS,
  open,
  fact,
  tail,
  room,
  stack,
  skip,
  every,
  wake,
  last,
  now,
  silent: () => fd < 0,
  current: () => context(),
  inContext: (of) => { context = of; },
  identifyBy: (of) => { beforeFirst = of; },
};
