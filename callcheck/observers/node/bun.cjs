'use strict';
// What Bun does otherwise than Node: its constructor of emitters does not ask EventEmitter.init, so that its own classes must be named to be told from the
// app's; and its process emits by itself, so that we listen to what the process ends with. Looked at in Bun 1.4.5.

const EventEmitter = require('events');
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

function install() {
  markClasses();
  process.on('uncaughtExceptionMonitor', (...given) => processes.tell('uncaughtExceptionMonitor', ['uncaughtExceptionMonitor', ...given]));
  process.on('exit', (code) => processes.leave(code));
}

module.exports = { install };
