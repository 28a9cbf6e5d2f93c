'use strict';
// What became of the promise that a handler gave? `.then()` would mark a rejection as handled and could save the app from its crash, so the promise is only
// looked at, by util.inspect, less and less often, and held weakly; and not at once, since looking at an error settles the first line of its stack.

const { inspect } = require('util');
const recorder = require('./recorder.cjs');
const { describe, locate } = require('./errors.cjs');
const { RUNTIME } = require('./identity.cjs');

const MOST = 1000; // promises followed at a time
const LIMITS = { pendingMs: 5000, giveUpMs: 60000 };
const LOOKS = 100; // in one tenth of a second
const OPTIONS = { depth: 0, customInspect: false, getters: false, maxArrayLength: 0, maxStringLength: 300, breakLength: Infinity };

const followed = new Set();
const byPromise = new WeakMap();
let tick = 0;

/** Writes down how a promise ends; `settled(text)` is told the text of its value, where somebody wants it. */
function follow(promise, about, settled) {
  if (followed.size >= MOST) {
    recorder.skip('emits', 1, `over ${MOST} promises at a time`);
    return;
  }
  const hold = RUNTIME === 'bun' ? promise : undefined; // Bun collects a rejected one at once, and does not tell us of it
  const entry = { ref: new WeakRef(promise), hold, about, settled, since: recorder.now(), next: tick + 2, wait: 1, told: false, origin: recorder.current() };
  followed.add(entry);
  byPromise.set(promise, entry);
  recorder.wake();
}

/** The process says that nobody handles this promise: the reason comes first-hand. */
function rejected(promise, reason) {
  const entry = byPromise.get(promise);
  if (entry === undefined || !followed.delete(entry)) return;
  locate(reason, tellRejected(entry, describe(reason)), entry.origin);
}

function tellRejected(entry, said) {
  return entry.settled ? -1 : recorder.fact('handler.rejected', { ...entry.about, ...said, ms: since(entry) }, entry.origin);
}

function since(entry) {
  return Math.round((recorder.now() - entry.since) * 1000) / 1000;
}

function look(ticks) {
  tick += 1;
  let looks = 0;
  for (const entry of followed) {
    if (entry.next > tick && ticks !== 0) continue; // at the end nobody else looks any more
    looks += 1;
    if (looks > LOOKS) break;
    if (!done(entry)) {
      entry.wait = Math.min(entry.wait * 2, 10);
      entry.next = tick + entry.wait;
    }
  }
  return followed.size > 0;
}

function done(entry) {
  const promise = entry.ref.deref();
  if (promise === undefined) return followed.delete(entry);
  const text = inspect(promise, OPTIONS);
  if (/^Promise \{\s*<pending>/.test(text)) return waits(entry);
  followed.delete(entry);
  const failed = /^Promise \{\s*<rejected>\s*([^]*)\}$/.exec(text);
  if (failed) tellRejected(entry, fromText(failed[1]));
  else if (entry.settled) entry.settled(text);
  return true;
}

function waits(entry) {
  const ms = since(entry);
  if (ms > LIMITS.pendingMs && !entry.told) {
    entry.told = true;
    if (!entry.settled) recorder.fact('handler.pending', { ...entry.about, ms }, entry.origin);
  }
  return ms > LIMITS.giveUpMs && followed.delete(entry);
}

/** `error.*` from the text of an error: its first line, `TypeError: message`. */
function fromText(text) {
  const [, kind, message] = /^\[?(?:([A-Z]\w*)(?: \[\w+\])?: )?([^\n]*)/.exec(text);
  return { 'error.type': kind || 'object', 'exception.message': message.slice(0, 300) };
}

recorder.every('promises', look);

module.exports = { LIMITS, follow, rejected };
