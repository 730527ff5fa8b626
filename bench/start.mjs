/** Installs the peers on first use, builds the command and the bench from the sources as they are now, and runs it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const HERE = import.meta.dirname;

if (!isInstalled()) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: HERE, stdio: 'inherit' });
execFileSync(process.execPath, ['build.mjs', '--fast'], { stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'quality-bench-code-'));
try {
  const outfile = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(HERE, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
  });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** npm notes what it has installed; a lock file that is newer than the note asks for another set. */
function isInstalled() {
  try {
    const noted = statSync(join(HERE, 'node_modules', '.package-lock.json')).mtimeMs;
    return noted >= statSync(join(HERE, 'package-lock.json')).mtimeMs;
  } catch {
    return false;
  }
}
