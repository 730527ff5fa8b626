/**
 * Builds dist/: our own sources and the small libraries in a few files, split so that each command loads only what it
 * needs. A package of its own for each library costs Node a look-up and a file for each of its modules at every start:
 * bundled, `quality plan` starts a quarter faster.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Loaded when a job needs them, and found by other means as well (a project has its own); or they are not JavaScript. */
const TOOLS = ['eslint', 'jscpd', 'oxc-parser', 'prettier', 'ts-morph', 'typescript'];

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
    worker: 'src/jobs/worker-main.ts',
    demo: 'src/demo.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  external: TOOLS,
  // The ES module of a package first: a UMD module hides what it requires.
  mainFields: ['module', 'main'],
  // For libraries in CommonJS that require one of Node's modules.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: false,
  logLevel: 'warning',
  metafile: true,
});
// What the HTML report has inside, for browsers.
await build({
  entryPoints: ['src/reporters/html/page/page.ts', 'src/reporters/html/page/page.css'],
  outdir: 'dist/page',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  logLevel: 'warning',
});
writeFileSync('dist/licenses.txt', licensesOf(Object.keys(metafile.inputs)));
if (!process.argv.includes('--fast')) {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
    stdio: 'inherit',
  });
}

/** The licences of the bundled packages ask to be handed on with them. */
function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${folder} has no licence file to hand on`);
      return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
