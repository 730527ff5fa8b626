/**
 * From ES modules as esbuild splits them to the CommonJS modules that are loaded: Node takes twice as long for as many ES
 * modules. What the same commands need lies in one file, each module of it a function that runs when it is asked for.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, transformSync, version } from 'esbuild';
import { parseSync } from 'oxc-parser';

/** Whatever else is loaded: what it leads to lies in one file, whoever else may lead there. */
const START = 'src/cli/start.ts';
/** What is loaded as a whole: modules are put together by which of these lead to them. */
const WHOLES = [
  START,
  'src/cli/main.ts',
  'src/cli/actions/run.ts',
  'src/cli/actions/hook-run.ts',
  'src/hook/look-at-staged.ts',
  'src/quality.ts',
  'src/jobs/worker-main.ts',
  'src/jobs/worker.ts',
];
/** Comes after one of them: its own is what none of them leads to. */
const TOOLS = 'src/tools/all.ts';

/** What imports while it runs cannot be kept compiled, so one module does it for all. */
const IMPORT_MODULE = 'import-module.js';

/** What turns modules into files: this program, and esbuild. */
const HOW = `${readFileSync(new URL(import.meta.url), 'utf8')} ${version}`;

export async function buildModules(outdir, options) {
  const { metafile, outputFiles } = await build({ ...options, outdir, write: false });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({ ...output, name: basename(path) }));
  const partOf = options.splitting === true ? partsOf(outputs) : new Map();
  const translate = (name) => requiresMoved(toCommonJs(texts.get(name), options), partOf);
  mkdirSync(outdir, { recursive: true });
  const write = (name, text) => writeFileSync(join(outdir, name), text);
  for (const name of texts.keys()) if (!partOf.has(name)) write(name, translate(name));
  for (const part of new Set(partOf.values())) {
    const modules = [...partOf.keys()].filter((name) => partOf.get(name) === part);
    write(part, partFile(modules.map((name) => [name, translate(name)])));
  }
  write('package.json', `${JSON.stringify({ type: 'commonjs' })}\n`);
  write(IMPORT_MODULE, 'module.exports = (specifier) => import(specifier);\n');
  return metafile;
}

/** By module the file that it lies in; entries, and what none of the wholes leads to, are files of their own. */
function partsOf(outputs) {
  const byName = new Map(outputs.map((output) => [output.name, output]));
  const leads = new Map(outputs.map(({ name }) => [name, new Set()]));
  const follow = (name, whole) => {
    if (leads.get(name).has(whole)) return;
    leads.get(name).add(whole);
    for (const { path, kind, external } of byName.get(name).imports)
      if (external !== true && kind === 'import-statement') follow(basename(path), whole);
  };
  for (const { name, entryPoint } of outputs)
    if (WHOLES.includes(entryPoint) || entryPoint === TOOLS) follow(name, entryPoint);
  const groups = new Map();
  for (const [name, wholes] of leads) {
    if (wholes.size === 0 || isEntry(name)) continue;
    const others = [...wholes].filter((whole) => whole !== TOOLS);
    const key = wholes.has(START) ? START : others.length === 0 ? TOOLS : others.join(' ');
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  // The names of modules tell their contents, and HOW what is made of them: compiled code is kept by these names.
  const nameOf = (names) =>
    `part-${createHash('sha256').update(`${HOW}${names.sort().join()}`).digest('hex').slice(0, 8)}.js`;
  return new Map([...groups.values()].flatMap((names) => names.map((name) => [name, nameOf(names)])));
}

/** esbuild adds the hash of the contents to all other names. */
function isEntry(name) {
  return !/-[0-9A-Z]{8}\.js$/.test(name);
}

function partFile(modules) {
  const [helpers = ''] = modules.flatMap(([, code]) => HELPERS.exec(code) ?? []);
  const functions = modules.map(
    ([name, code]) =>
      `exports[${JSON.stringify(name)}] = once((exports, module) => {\n${code.replace(helpers, '')}});\n`,
  );
  return `${ONCE}${helpers}${functions.join('')}`;
}

/** What esbuild writes into each module that exports something; once for all of a file. Others need more, and keep theirs. */
const HELPERS = new RegExp(
  ['__defProp', '__getOwnPropDesc', '__getOwnPropNames', '__hasOwnProp']
    .map((name) => `^var ${name} = .*\\n`)
    .concat(
      ['__export', '__copyProps'].map((name) => `^var ${name} = [^]*?^\\};\\n`),
      '^var __toCommonJS = .*\\n',
    )
    .join(''),
  'm',
);

const ONCE = `'use strict';
const once = (run) => {
  let module;
  return () => {
    if (module === undefined) {
      module = { exports: {} };
      run(module.exports, module);
    }
    return module.exports;
  };
};
`;

function requiresMoved(code, partOf) {
  return code.replaceAll(/\brequire\("\.\/([\w-]+\.js)"\)/g, (text, name) =>
    partOf.has(name) ? `require("./${partOf.get(name)}")["${name}"]()` : text,
  );
}

function toCommonJs(text, { minify = false, target }) {
  const { code } = transformSync(importsReplaced(text), {
    format: 'cjs',
    platform: 'node',
    target,
    minify,
    define: { 'import.meta.url': 'moduleUrl' },
    logLevel: 'warning',
  });
  const isAsked = text.includes('import.meta.url');
  return isAsked ? `const moduleUrl = require('node:url').pathToFileURL(__filename).href;\n${code}` : code;
}

/** `import()` of one of our own modules requires it, later; all others are left to the one module. */
function importsReplaced(text) {
  const { errors, module } = parseSync('module.mjs', text);
  if (errors.length > 0) throw new Error(errors[0].message);
  const fromTheEnd = module.dynamicImports.toSorted((one, other) => other.start - one.start);
  return fromTheEnd.reduce((code, { start, end, moduleRequest }) => {
    const specifier = code.slice(moduleRequest.start, moduleRequest.end);
    const replaced = specifier.startsWith('"./')
      ? `Promise.resolve().then(() => require(${specifier}))`
      : `require("./${IMPORT_MODULE}")(${specifier})`;
    return code.slice(0, start) + replaced + code.slice(end);
  }, text);
}
