'use strict';
// Preloaded into the observed app by `callcheck observe` (NODE_OPTIONS=--require ".../agent.cjs" in Node and Deno, BUN_OPTIONS=--preload in Bun): writes down what
// its emitters, requests and upstreams do, as ../FACTS.md says, and changes nothing. Node's own modules alone; if anything goes wrong in here, the app goes on.

/** The recording folder: from the environment, or from what PM2 hands to a cluster worker as one JSON text and unpacks too late for us. */
function folderOf(env) {
  if (env.CALLCHECK_RECORDING) return env.CALLCHECK_RECORDING;
  if (!env.pm2_env || !env.pm2_env.includes('CALLCHECK_RECORDING')) return undefined;
  const given = JSON.parse(env.pm2_env);
  return given.CALLCHECK_RECORDING || (given.env && given.env.CALLCHECK_RECORDING);
}

/** May we do this without a question? Deno asks the user for what a program is not permitted yet, and must not do so because of us. */
function may(...wanted) {
  return !process.versions.deno || wanted.every((one) => globalThis.Deno.permissions.querySync(one).state === 'granted');
}

try {
  const folder = may({ name: 'env' }) ? folderOf(process.env) : undefined;
  if (folder && may({ name: 'read' }, { name: 'write', path: folder }, { name: 'sys', kind: 'hostname' })) {
    const recorder = require('./recorder.cjs');
    if (recorder.open(folder, require('./identity.cjs').started())) {
      const patches = ['emitters', 'targets', 'requests', 'upstreams', 'modules', ...(process.versions.bun ? ['bun'] : [])];
      for (const name of patches) {
        try {
          require(`./${name}.cjs`).install();
        } catch (error) {
          recorder.skip('library', 1, `${name}: ${error && error.message}`, name);
        }
      }
    }
  }
} catch {
  // Silence is the promise.
}
