/** The command as a user runs it: a real process on a real folder. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../src/model/report.js';
import { GIT_ENV } from './rig.js';

export const PACKAGE_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..');
export const COMMAND = join(PACKAGE_FOLDER, 'bin', 'quality.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...GIT_ENV,
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CI: undefined,
});

export function quality(cwd: string, ...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    cwd,
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Started and not waited for: to be signalled, or to run beside another. */
export function startQuality(
  cwd: string,
  ...args: string[]
): { readonly pid: number; readonly kill: (signal: NodeJS.Signals) => void; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { pid: child.pid ?? 0, kill: (signal) => child.kill(signal), ended };
}

/** Runs with the JSON reporter. */
export function report(
  cwd: string,
  ...args: string[]
): { readonly code: number | null; readonly report: Report; readonly err: string } {
  const ended = quality(cwd, 'run', '--reporter', 'json', ...args);
  try {
    return { code: ended.code, report: JSON.parse(ended.out) as Report, err: ended.err };
  } catch {
    throw new Error(`No report came back (exit code ${String(ended.code)}):\n${ended.out}\n${ended.err}`);
  }
}

/** Everything in a folder but `.git` and `.quality`: content hash or link target, and the exec bit, by path. */
export function treeOf(folder: string, below = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    if (path === '.git' || path === '.quality' || name === 'node_modules') continue;
    const stat = lstatSync(join(folder, path));
    if (stat.isDirectory()) Object.assign(tree, treeOf(folder, path));
    else if (stat.isSymbolicLink()) tree[path] = `-> ${readlinkSync(join(folder, path))}`;
    else
      tree[path] = `${(stat.mode & 0o100) === 0 ? '' : 'x '}${createHash('sha1')
        .update(readFileSync(join(folder, path)))
        .digest('hex')}`;
  }
  return tree;
}
