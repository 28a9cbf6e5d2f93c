'use strict';
// Which module of the app exports this very emitter? It is what tells two copies of one bus apart, and names the same bus in two processes.

const { types } = require('util');
const Module = require('module');

const MOST = 50; // emitters that are looked for in one process
let asked = 0;

function ofApp(name) {
  return !/[\\/]node_modules[\\/]/.test(name) && !name.startsWith(__dirname);
}

/** The path of the CommonJS module whose exports are `emitter` or hold it under a plain name; undefined if there is none. */
function exporterOf(emitter) {
  asked += 1;
  if (asked > MOST) return undefined;
  const cache = Module._cache;
  for (const name of Object.keys(cache)) {
    if (ofApp(name) && holds(cache[name], emitter)) return name;
  }
  return undefined;
}

function holds(module, emitter) {
  const given = module && module.exports;
  if (given === emitter) return true;
  if (given === null || typeof given !== 'object' || types.isProxy(given)) return false;
  for (const found of Object.values(Object.getOwnPropertyDescriptors(given))) {
    if (found.value === emitter) return true;
  }
  return false;
}

module.exports = { exporterOf };
