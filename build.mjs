/**
 * Builds dist/: our own sources and the small libraries in a few files, split so that each command loads only what it
 * needs. A package of its own for each library costs Node a look-up and a file for each of its modules at every start:
 * bundled, `quality plan` starts a quarter faster.
 *
 * `--fast` leaves out the types. `--action` builds action/ instead (or the folder named after it), which is committed:
 * GitHub runs an action from what a repository holds.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildModules } from './build-modules.mjs';

/** Loaded when a job needs them, and found by other means as well (a project has its own); or they are not JavaScript. */
const TOOLS = ['eslint', 'jscpd', 'oxc-parser', 'prettier', 'ts-morph', 'typescript'];

const NODE = {
  bundle: true,
  // The ES module of a package first: a UMD module hides what it requires.
  mainFields: ['module', 'main'],
  format: 'esm',
  platform: 'node',
  sourcemap: false,
  logLevel: 'warning',
  metafile: true,
};
/** What runs on every Node that this package is made for. */
const MODULES = { ...NODE, target: 'node20.19' };

/** What `bin/quality.js` loads, or starts. */
const COMMAND = {
  main: 'src/cli/start.ts',
  worker: 'src/jobs/worker-main.ts',
  'eslint-rules': 'src/explain/eslint-rules.ts',
};

const [mode, folder] = process.argv.slice(2);
await (mode === '--action' ? buildAction(folder ?? 'action') : buildPackage({ withTypes: mode !== '--fast' }));

async function buildPackage({ withTypes }) {
  await rm('dist', { recursive: true, force: true });
  const metafile = await buildModules('dist', {
    ...MODULES,
    entryPoints: { ...COMMAND, index: 'src/index.ts', demo: 'src/demo.ts' },
    splitting: true,
    external: TOOLS,
  });
  await buildPage('dist/page');
  writeFileSync('dist/licenses.txt', licensesOf(metafile));
  if (!withTypes) return;
  await import('./build-types.mjs');
}

/**
 * The action, and the command that it runs where a project has none: our own code, for npm brings all packages. Few files,
 * whose names stay the same.
 */
async function buildAction(outdir) {
  await rm(outdir, { recursive: true, force: true });
  const small = { minify: true, legalComments: 'none' };
  const { metafile } = await build({
    ...NODE,
    ...small,
    // For libraries in CommonJS that require one of Node's modules.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    entryPoints: { index: 'src/action/main.ts' },
    outdir,
    target: 'node24',
  });
  await buildModules(join(outdir, 'dist'), { ...MODULES, ...small, entryPoints: COMMAND, packages: 'external' });
  await buildPage(join(outdir, 'dist', 'page'));
  writeFileSync(join(outdir, 'licenses.txt'), licensesOf(metafile));
}

/** What the HTML report has inside, for browsers. */
async function buildPage(outdir) {
  await build({
    entryPoints: ['src/reporters/html/page/page.ts', 'src/reporters/html/page/page.css'],
    outdir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'warning',
  });
}

/** The licences of the bundled packages ask to be handed on with them. */
function licensesOf({ inputs }) {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined && (license === undefined || author === undefined))
        throw new Error(`${folder} has no licence to hand on`);
      const text = file === undefined ? `${license}, ${author}` : readFileSync(join(folder, file), 'utf8').trim();
      return `${name} ${version}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
