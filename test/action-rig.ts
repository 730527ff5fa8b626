/** The action as GitHub runs it: what is committed, in a clone; the environment of an event; servers in GitHub's place. */
import { spawn, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { PACKAGE_FOLDER } from './quality.js';
import { GIT_ENV, git, temporaryFolder } from './rig.js';

/** As GitHub clones it: without node_modules and dist. */
export function actionFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['package.json', 'package-lock.json', 'bin'])
    cpSync(join(PACKAGE_FOLDER, name), join(folder, name), { recursive: true });
  execFileSync(process.execPath, ['build.mjs', '--action', join(folder, 'action')], { cwd: PACKAGE_FOLDER });
  return folder;
}

/** Inputs and outputs of action.yml, with the defaults of the former. */
export function metadata(): {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
  readonly text: string;
} {
  const text = readFileSync(join(PACKAGE_FOLDER, 'action.yml'), 'utf8');
  const [, inputs = '', outputs = ''] = /^inputs:\n([^]*)^outputs:\n([^]*)^runs:\n/m.exec(text) ?? [];
  const entries = inputs.split(/^ {2}(?=\S)/m).slice(1);
  return {
    inputs: Object.fromEntries(
      entries.map((entry) => [
        /^[a-z-]+/.exec(entry)?.[0] ?? '',
        (/^ {4}default: '?(.*?)'?$/m.exec(entry)?.[1] ?? '').replace('${{ github.token }}', 'secret-token'),
      ]),
    ),
    outputs: [...outputs.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name = '']) => name),
    text,
  };
}

/** A clone of what is at `origin`, as actions/checkout makes it: one commit deep. */
export function checkout(origin: string, ref: string): string {
  const workspace = temporaryFolder();
  git(workspace, 'init', '--quiet');
  git(workspace, 'remote', 'add', 'origin', `file://${origin}`);
  git(workspace, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `+${ref}:refs/remotes/origin/head`);
  const branch = ref.replace('refs/heads/', '');
  git(workspace, 'checkout', '--quiet', ...(branch === ref ? [] : ['-B', branch]), 'refs/remotes/origin/head');
  return workspace;
}

/** The project has installed quality. */
export function install(workspace: string): string {
  mkdirSync(join(workspace, 'node_modules'));
  symlinkSync(PACKAGE_FOLDER, join(workspace, 'node_modules', 'quality-orchestrator'));
  return workspace;
}

export interface Step {
  readonly action: string;
  readonly workspace: string;
  /** Its payload, and what the runner says beside it. */
  readonly event?: { readonly name: string; readonly ref?: string; readonly payload?: object };
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface StepEnd {
  readonly code: number | null;
  readonly log: string;
  /** What the runner takes from the log. */
  readonly commands: readonly Command[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export async function runStep({ action, workspace, event, inputs, env }: Step): Promise<StepEnd> {
  const temporary = temporaryFolder({ 'event.json': JSON.stringify(event?.payload ?? {}), output: '', summary: '' });
  const given = { ...metadata().inputs, cache: 'false', ...inputs };
  const child = spawn(process.execPath, [join(action, 'action', 'index.js')], {
    cwd: workspace,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: temporary,
      GIT_CONFIG_GLOBAL: GIT_ENV.GIT_CONFIG_GLOBAL,
      GIT_CONFIG_SYSTEM: GIT_ENV.GIT_CONFIG_SYSTEM,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'octo/hello',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_RUN_ID: '1658821493',
      GITHUB_WORKFLOW: 'quality',
      GITHUB_JOB: 'check',
      GITHUB_SHA: env?.GITHUB_SHA ?? git(workspace, 'rev-parse', 'HEAD').trim(),
      GITHUB_REF: event?.ref ?? 'refs/heads/main',
      GITHUB_EVENT_NAME: event?.name ?? 'push',
      GITHUB_EVENT_PATH: join(temporary, 'event.json'),
      GITHUB_OUTPUT: join(temporary, 'output'),
      GITHUB_STEP_SUMMARY: join(temporary, 'summary'),
      GITHUB_ENV: join(temporary, 'env'),
      RUNNER_TEMP: temporary,
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (part: Buffer) => (log += part.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    code,
    log,
    commands: commandsIn(log),
    outputs: outputsIn(readFileSync(join(temporary, 'output'), 'utf8')),
    summary: readFileSync(join(temporary, 'summary'), 'utf8'),
  };
}

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads a log: `::name k=v,…::message` at the start of a line, `##[name k=v;…]message` anywhere in one. */
export function commandsIn(log: string): Command[] {
  const commands: Command[] = [];
  let stopped: string | null = null;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const found = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line) ?? /##\[([^\s\]]+)(?: (.*?))?\](.*)$/s.exec(line);
    const [, name = '', properties = '', message = ''] = found ?? [];
    if (stopped !== null) stopped = name === stopped ? null : stopped;
    else if (name === 'stop-commands') stopped = message;
    else if (found !== null) commands.push({ name, properties: propertiesIn(properties), message: unescaped(message) });
  }
  if (stopped !== null) throw new Error('The runner would go on taking nothing for a command');
  return commands;
}

function propertiesIn(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1))]),
  );
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

/** As the runner reads the file of a step's outputs. */
function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    const [, name = '', end = ''] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name === '') continue;
    const value: string[] = [];
    while (lines.length > 0 && lines[0] !== end) value.push(lines.shift() ?? '');
    lines.shift();
    outputs[name] = value.join('\n');
  }
  return outputs;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly body: Buffer;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server on this machine that answers as it is told, and keeps what it was asked. */
export async function loopBack(
  answer: (asked: Asked, url: string) => Answer,
): Promise<{ readonly url: string; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        token: request.headers.authorization,
        body,
      };
      asked.push(one);
      const { status = 200, headers = {}, body: said } = answer(one, url);
      const bytes = Buffer.isBuffer(said) ? said : JSON.stringify(said ?? null);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(bytes);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A PATH with what a bare machine has, and these programs: shell scripts. */
export function bareMachine(scripts: Readonly<Record<string, string>>): { readonly PATH: string } {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  for (const name of ['git', 'sh', 'ln'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(folder, name));
  return { PATH: folder };
}

/** An `npm` whose `ci` gives the folder the packages of this checkout. */
export const NPM = `[ "$1" = ci ] && [ -f package-lock.json ] && ln -s ${PACKAGE_FOLDER}/node_modules node_modules`;

export function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
