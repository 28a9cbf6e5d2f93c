'use strict';
// Preloaded into the observed app by `callcheck observe` (NODE_OPTIONS=--require ".../agent.cjs"): writes down what its emitters, requests and
// upstreams do, as ../FACTS.md says, and changes nothing. Node's own modules alone; if anything goes wrong in here, the app goes on without us.

/** The recording folder: from the environment, or from what PM2 hands to a cluster worker as one JSON text and unpacks too late for us. */
function folderOf(env) {
  if (env.CALLCHECK_RECORDING) return env.CALLCHECK_RECORDING;
  if (!env.pm2_env || !env.pm2_env.includes('CALLCHECK_RECORDING')) return undefined;
  const given = JSON.parse(env.pm2_env);
  return given.CALLCHECK_RECORDING || (given.env && given.env.CALLCHECK_RECORDING);
}

try {
  const folder = folderOf(process.env);
  if (folder) {
    const recorder = require('./recorder.cjs');
    if (recorder.open(folder, require('./identity.cjs').started())) {
      const patches = ['emitters', 'targets', 'requests', 'upstreams', 'modules'];
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
