/** The safety floor as one plain module, for child processes that are killed: they cannot load TypeScript. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { temporaryFolder } from '../rig.js';

const SOURCE = join(import.meta.dirname, '..', '..', 'src');

export async function bundleSafety(): Promise<string> {
  const outfile = join(temporaryFolder(), 'safety.mjs');
  await build({
    stdin: {
      contents: ['lock', 'transaction', 'recover', 'run-mark', 'undo']
        .map((name) => `export * from './safety/${name}.js';`)
        .join('\n'),
      resolveDir: SOURCE,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

/** Starts `test/helpers/<name>.mjs`, which gets the bundle and the other words as arguments. */
export function startHelper(name: string, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, `${name}.mjs`), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves when the child has printed the word. */
export function saidBy(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes(word)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`exit ${String(code)} before it said ${word}: ${text}`)));
  });
}

export function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve));
}
