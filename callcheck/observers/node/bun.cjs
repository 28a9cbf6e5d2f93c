'use strict';
// What Bun does otherwise than Node: its constructor of emitters does not ask EventEmitter.init, so that its own classes must be named to be told from the
// app's; its process emits by itself, so that we listen to what the process ends with; and BUN_OPTIONS does not reach its workers, which take a preload of
// their own. Looked at in Bun 1.4.5.

const EventEmitter = require('events');
const path = require('path');
const core = require('./core.cjs');
const processes = require('./processes.cjs');

const MODULES = ['stream', 'net', 'http', 'child_process', 'worker_threads', 'readline', 'dgram', 'cluster'];

function markClasses() {
  for (const name of MODULES) {
    for (const made of Object.values(require(name))) {
      if (typeof made === 'function' && made.prototype instanceof EventEmitter) core.mark(made.prototype);
    }
  }
}

const AGENT = path.join(__dirname, 'agent.cjs');

/** The options of a worker, with the agent before what it loads itself. */
function withAgent(options) {
  if (options !== undefined && (options === null || typeof options !== 'object')) return options;
  const { preload } = options || {};
  return { ...options, preload: [AGENT, ...(preload === undefined ? [] : [].concat(preload))] };
}

/** Puts ours in the place of a class of workers, which makes the same. */
function followWorkers(owner) {
  const found = Object.getOwnPropertyDescriptor(owner, 'Worker');
  if (found === undefined || typeof found.value !== 'function' || !found.configurable) return;
  const ours = new Proxy(found.value, {
    construct: (made, [script, options, ...others], asked) => Reflect.construct(made, [script, withAgent(options), ...others], asked),
  });
  Object.defineProperty(found.value.prototype, 'constructor', { ...Object.getOwnPropertyDescriptor(found.value.prototype, 'constructor'), value: ours });
  Object.defineProperty(owner, 'Worker', { ...found, value: ours });
}

function install() {
  markClasses();
  followWorkers(globalThis);
  followWorkers(require('worker_threads'));
  process.on('uncaughtExceptionMonitor', (...given) => processes.tell('uncaughtExceptionMonitor', ['uncaughtExceptionMonitor', ...given]));
  process.on('exit', (code) => processes.leave(code));
}

module.exports = { install };
