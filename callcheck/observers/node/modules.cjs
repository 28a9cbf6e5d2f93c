'use strict';
// Emitters that do not inherit from node:events, and clients that mix its methods in, are patched when the library that brings them is loaded. The loader is
// hooked only where the app's package.json names such a library; in ECMAScript modules of their own (mitt, LangChain) that needs module.registerHooks, which came with Node 22.15.

const fs = require('fs');
const path = require('path');
const Module = require('module');

const LIBRARIES = {
  eventemitter3: { named: ['eventemitter3'], request: /^eventemitter3$|[\\/]node_modules[\\/]eventemitter3[\\/]index\.js$/ },
  eventemitter2: { named: ['eventemitter2', '@nestjs/event-emitter'], request: /^eventemitter2$|[\\/]node_modules[\\/]eventemitter2[\\/]/ },
  mqtt: { named: ['mqtt'], request: /^mqtt$|[\\/]node_modules[\\/]mqtt[\\/]build[\\/]index\.js$/ },
  mitt: { named: ['mitt'], request: /^mitt$|[\\/]node_modules[\\/]mitt[\\/]dist[\\/]mitt\.js$/, module: /\/node_modules\/mitt\/dist\/mitt\.mjs$/ },
  langchain: {
    named: ['@langchain/core', 'langchain', '@langchain/openai', '@langchain/langgraph'],
    request: /(^|[\\/])callbacks[\\/]manager(\.c?js)?$|(^|[\\/])manager\.cjs$/,
    module: /\/node_modules\/@langchain\/core\/dist\/callbacks\/manager\.js$/,
  },
};

/** The texts of the package.json files that belong to the app: of the folder it was started in and of its script. */
function manifests() {
  const found = [];
  const script = process.argv[1] && !/[\\/]node_modules[\\/]/.test(process.argv[1]) ? path.dirname(path.resolve(process.argv[1])) : undefined;
  for (const start of new Set([process.cwd(), script].filter(Boolean))) {
    for (let folder = start, up = 0; up < 10; folder = path.dirname(folder), up += 1) {
      try {
        found.push(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
        break;
      } catch {
        if (folder === path.dirname(folder)) break;
      }
    }
  }
  return found;
}

/** The libraries of the table that the app names. */
function wanted() {
  const texts = manifests();
  return Object.keys(LIBRARIES).filter((name) => LIBRARIES[name].named.some((one) => texts.some((text) => text.includes(`"${one}"`))));
}

/** What the library gave, patched; or what to give in its place. */
function patched(name, given) {
  try {
    return require('./foreign.cjs')[name](given);
  } catch {
    return given;
  }
}

function hookLoad(names) {
  const original = Module._load;
  const ours = function _load(request, ...others) {
    const given = original.call(this, request, ...others);
    if (typeof request !== 'string') return given;
    for (const name of names) if (LIBRARIES[name].request.test(request)) return patched(name, given);
    return given;
  };
  Object.defineProperty(ours, 'name', { value: original.name, configurable: true });
  Object.defineProperty(ours, 'length', { value: original.length, configurable: true });
  Module._load = ours;
}

const REQUIRE = `import { createRequire as __callcheck } from 'node:module';\nconst __foreign = __callcheck(import.meta.url)(${JSON.stringify(path.join(__dirname, 'foreign.cjs'))});\n`;

const SOURCES = {
  // mitt's export is a function without a name: a module of ours stands before it.
  mitt: (url) => `import original from '${url}?callcheck';\n${REQUIRE}export default __foreign.mitt(original);\n`,
  // LangChain's classes are told by a line after them.
  langchain: (url, source) => {
    const names = [...source.matchAll(/^(?:export )?(?:class|var|let|const) (CallbackManager\w*)(?: = class\b| extends\b| \{)/gm)].map((found) => found[1]);
    return `${source}\n;${REQUIRE}__foreign.langchain({ ${names.join(', ')} });\n`;
  },
};

function hookModules(names) {
  Module.registerHooks({
    load(url, context, next) {
      const name = names.find((one) => LIBRARIES[one].module.test(url));
      const loaded = next(url, context);
      if (name === undefined || loaded.format !== 'module' || loaded.source === undefined || loaded.source === null) return loaded;
      return { ...loaded, source: SOURCES[name](url, Buffer.from(loaded.source).toString('utf8')) };
    },
  });
}

function install() {
  const names = wanted();
  if (names.length === 0) return;
  hookLoad(names);
  const modules = names.filter((name) => name in SOURCES);
  if (modules.length && typeof Module.registerHooks === 'function') hookModules(modules);
}

module.exports = { install };
