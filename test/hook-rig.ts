/** Repositories whose pre-commit hook is the command, and what a commit in them leaves. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { type Stats, chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND, type Ended, quality } from './quality.js';
import { GIT_ENV, type Tree, git, repository } from './rig.js';

export const PRETTIER: Tree = {
  '.prettierrc.json': '{ "singleQuote": true }\n',
  // Only what a situation is about: a commit costs a second less without the rest.
  '.quality-config.json': '{ "workflows": { "staged": { "steps": ["format"] } } }\n',
  '.gitignore': '.quality\n',
};

export const hookEnvironment = (env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...GIT_ENV,
  GIT_EDITOR: 'true',
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CI: undefined,
  ...env,
});

/** A repository with this tree committed, and the hook in place. */
export function hooked(tree: Tree = {}, hook = 'pre-commit'): string {
  const folder = repository({ ...PRETTIER, ...tree });
  installHook(join(folder, '.git'), hook);
  return folder;
}

export function installHook(gitDir: string, hook = 'pre-commit', flags = ''): void {
  const file = join(gitDir, 'hooks', hook);
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' hook run ${flags} ${hook} "$@"\n`);
  chmodSync(file, 0o755);
}

export function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8', env: hookEnvironment(env) });
  // What a hook prints git prints as an error.
  return { code: status, out: `${stdout}${stderr}`, err: stderr };
}

export function commit(cwd: string, ...args: string[]): Ended {
  return run(cwd, ['commit', '--quiet', '-m', 'a commit', ...args]);
}

/** What a hook says that would help, done as it says. */
export function followFixes(cwd: string, out: string): readonly Ended[] {
  const commands = [...out.matchAll(/^ +Fix: +quality ([^,\n]*)/gm)].map(([, words = '']) => words);
  if (commands.length === 0) throw new Error(`Nothing is said that would help:\n${out}`);
  return commands.map((words) => quality(cwd, ...words.split(' ')));
}

/** Not waited for. */
export function startCommit(
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn('git', ['commit', '--quiet', '-m', 'a commit'], { cwd, env: hookEnvironment(env) });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, ended };
}

export function bytes(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: hookEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] }).toString(
    'latin1',
  );
}

/** `100644 content` of every file in a commit or, with "", the index; links and submodules as they are. */
export function blobsIn(cwd: string, where: string): Record<string, string> {
  const listed =
    where === '' ? bytes(cwd, 'ls-files', '-z', '--stage') : bytes(cwd, 'ls-tree', '-r', '-z', '--full-tree', where);
  const files: Record<string, string> = {};
  for (const line of listed.split('\0').filter((one) => one !== '')) {
    const [mode = '', ...rest] = line.slice(0, line.indexOf('\t')).split(' ');
    const oid = where === '' ? rest[0]! : rest[1]!;
    const content = mode === '160000' ? oid : bytes(cwd, 'cat-file', 'blob', oid);
    files[line.slice(line.indexOf('\t') + 1)] = `${mode} ${content}`;
  }
  return files;
}

/** Content of one file in HEAD, in the index, on disk; null where it is not. */
export function everywhere(folder: string, path: string): readonly (string | null)[] {
  const input = `HEAD:${path}\n:${path}\n`;
  const said = execFileSync('git', ['cat-file', '--batch'], { cwd: folder, env: hookEnvironment(), input });
  const contents: (string | null)[] = [];
  for (let at = 0; at < said.length;) {
    const start = said.indexOf(10, at) + 1;
    const [size] = /(?<= blob )\d+$/.exec(said.toString('latin1', at, start - 1)) ?? [];
    contents.push(size === undefined ? null : said.toString('latin1', start, start + Number(size)));
    at = size === undefined ? start : start + Number(size) + 1;
  }
  return [...contents, onDisk(folder, Buffer.from(path).toString('latin1'))?.slice('100644 '.length) ?? null];
}

/** As `blobsIn` has it; null where nothing stands. */
export function onDisk(folder: string, path: string): string | null {
  const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
  const stat = standingAt(name);
  if (stat === null) return null;
  if (stat.isSymbolicLink()) return `120000 ${readlinkSync(name)}`;
  if (stat.isDirectory()) return 'folder';
  return `${(stat.mode & 0o100) === 0 ? '100644' : '100755'} ${readFileSync(name).toString('latin1')}`;
}

/** null also where a file stands in place of the folder. */
function standingAt(name: Buffer): Stats | null {
  try {
    return lstatSync(name);
  } catch {
    return null;
  }
}

/** Everything of git's that a failed commit must leave alone; git itself writes its notes about trees into the index. */
export function gitState(folder: string): string {
  return JSON.stringify([
    git(folder, 'ls-files', '--stage', '-v', '-t'),
    git(folder, 'for-each-ref'),
    git(folder, 'stash', 'list'),
  ]);
}
