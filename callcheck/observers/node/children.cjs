'use strict';
// A Node.js that the app starts under its permission model may not read our files, and would not come up: for it, our part is taken out of NODE_OPTIONS.

const path = require('path');

const ASKED = /^--(?:experimental-)?permission$/;
const ours = `--require "${path.join(__dirname, 'agent.cjs').replace(/["\\]/g, '\\$&')}"`;

function without(pair) {
  if (!pair.startsWith('NODE_OPTIONS=')) return pair;
  return `NODE_OPTIONS=${pair.slice('NODE_OPTIONS='.length).replace(ours, '').trim()}`;
}

/** Follows what starts children, given the prototype of node:child_process' own class. */
function follow(kind) {
  if (kind !== require('child_process').ChildProcess.prototype) return;
  const { spawn: original } = kind;
  require('./emitters.cjs').replace(kind, 'spawn', function spawn(options) {
    try {
      const { args, envPairs } = options; // as child_process itself has made them
      if (Array.isArray(args) && Array.isArray(envPairs) && args.some((arg) => ASKED.test(arg))) options.envPairs = envPairs.map(without);
    } catch {
      // What is no list of options is refused by what comes now.
    }
    return original.call(this, options);
  });
}

module.exports = { follow };
