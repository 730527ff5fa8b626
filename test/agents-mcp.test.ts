/** `quality mcp`, asked by the protocol's own client over a real process. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, describe, expect, it } from 'vitest';
import { TIDY, UNTIDY, project } from './agents-rig.js';
import { COMMAND, quality, treeOf } from './quality.js';
import { GIT_ENV, read } from './rig.js';

interface Answer {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Asked {
  readonly client: Client;
  readonly pid: number;
  readonly troubles: readonly Error[];
  readonly ask: (name: string, args?: object, options?: Parameters<Client['callTool']>[1]) => Promise<Answer>;
}

const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

async function connect(cwd: string, ...args: string[]): Promise<Asked> {
  const client = new Client({ name: 'test', version: '1' });
  const troubles: Error[] = [];
  client.onerror = (error) => void troubles.push(error);
  const env = { ...(process.env as Record<string, string>), ...GIT_ENV };
  const transport = new StdioClientTransport({ command: process.execPath, args: [COMMAND, 'mcp', ...args], cwd, env });
  await client.connect(transport);
  clients.push(client);
  return {
    client,
    pid: transport.pid ?? 0,
    troubles,
    ask: async (name, given = {}, options) => {
      const result = await client.callTool({ name, arguments: { ...given } }, options);
      const [content] = result.content as readonly { readonly text: string }[];
      const data = (result.structuredContent ?? {}) as Answer['data'];
      return { isError: result.isError === true, text: content?.text ?? '', data };
    },
  };
}

describe('quality mcp', () => {
  const folder = project();
  const looking = connect(folder);
  const writing = connect('/', folder, '--allow-write');

  it('has tools that say what goes in and what comes out', async () => {
    const { tools } = await (await looking).client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['plan', 'run', 'findings', 'explain', 'diff', 'rollback']);
    for (const { description, inputSchema, outputSchema } of tools)
      expect([description?.length ?? 0, inputSchema.type, outputSchema?.type]).toEqual([
        expect.any(Number),
        'object',
        'object',
      ]);
  });

  it('looks, and tells how far it is', async () => {
    const { ask, troubles } = await looking;
    const before = treeOf(folder);
    const plan = await ask('plan', { workflow: 'standard' });
    expect(plan.text).toContain('eslint → prettier');
    expect(plan.data).toMatchObject({ workflow: 'standard', files: 6 });

    const told: { progress: number; total?: number; message?: string }[] = [];
    const run = await ask('run', {}, { onprogress: (progress) => void told.push(progress) });
    expect(run).toMatchObject({
      isError: false,
      data: { status: 'changes', exitCode: 1, moreFindings: 0, failures: [] },
    });
    expect(run.data.findings).toContainEqual({
      severity: 'error',
      rule: 'eslint/no-undef',
      message: "'foo' is not defined.",
      path: 'src/untidy.js',
      places: [
        { line: 2, column: 1 },
        { line: 2, column: 13 },
      ],
      fix: null,
    });
    expect(run.data.changes).toEqual([
      { path: 'src/untidy.js', how: 'changed', tools: ['eslint', 'prettier', 'cleanup'] },
    ]);
    expect(told.length).toBeGreaterThan(4);
    for (const [index, { progress, total = 0 }] of told.entries()) {
      expect(progress).toBeGreaterThan(told[index - 1]?.progress ?? 0);
      expect(total).toBeGreaterThanOrEqual(progress);
    }

    // What it says to call next can be called.
    const next = run.data.next as readonly { tool: string; arguments: object }[];
    expect(next.map(({ tool }) => tool)).toEqual(['diff', 'explain']);
    for (const { tool, arguments: given } of next) expect((await ask(tool, given)).isError).toBe(false);
    expect((await ask('diff', { run: run.data.run })).data.patch).toContain('+const value = 1;');
    const page = await ask('findings', { rule: 'eslint', limit: 1 });
    expect(page.data).toMatchObject({ run: run.data.run, total: 2, nextOffset: 1 });
    expect(await ask('findings', { path: 'src/clean.js' })).toMatchObject({ data: { total: 0, findings: [] } });
    expect(treeOf(folder)).toEqual(before);
    expect(troubles).toEqual([]);
  });

  it.each([
    ['run', { mode: 'write' }, 'This server may not write'],
    ['rollback', { run: '20260101' }, 'This server may not write'],
    ['run', { paths: ['nothing'] }, '`nothing` matches no file of the workspace'],
    ['run', { paths: ['../'] }, 'lies outside the workspace'],
    ['run', { workflow: 'no' }, 'There is no workflow "no"'],
    ['explain', { what: 'no-udnef' }, 'Nothing here is called "no-udnef"'],
    ['diff', { run: '20190101' }, 'There is no run "20190101" here'],
    ['diff', { path: 'src/clean.js' }, 'changed no file src/clean.js'],
  ])('refuses %s %j as a value, and says what to do', async (tool, args, message) => {
    const { ask } = await looking;
    const before = treeOf(folder);
    const { isError, text, data } = await ask(tool, args);
    expect(isError).toBe(true);
    expect(text).toContain(message);
    const failures = data.failures as readonly { message: string; next: string }[];
    expect(failures.map((failure) => failure.next.length > 0)).toEqual([true]);
    expect(treeOf(folder)).toEqual(before);
  });

  it('writes when it may and is asked to, takes several requests at once, and takes back', async () => {
    const { ask, troubles } = await writing;
    const before = treeOf(folder);
    const [written, checked, plan, explained] = await Promise.all([
      ask('run', { mode: 'write' }),
      ask('run'),
      ask('plan'),
      ask('explain', { what: 'prettier' }),
    ]);
    expect(written.data).toMatchObject({ status: 'findings', changes: [{ path: 'src/untidy.js' }] });
    expect(checked.data).toMatchObject({ status: 'findings', changes: [] });
    expect([plan.isError, explained.isError]).toEqual([false, false]);
    expect(read(folder, 'src/untidy.js')).toBe(TIDY);
    const { run } = written.data;
    expect((await ask('explain', { what: run })).data).toMatchObject({ kind: 'run', changes: 1 });
    expect((await ask('rollback', { run })).data).toEqual({ run, restored: ['src/untidy.js'], leftAlone: [] });
    expect(read(folder, 'src/untidy.js')).toBe(UNTIDY);
    expect(treeOf(folder)).toEqual(before);
    expect(troubles).toEqual([]);
  });

  it('stops a run that nobody waits for any more, and ends with its client', async () => {
    const slow = project({
      '.quality-config.json': `{ "verify": { "tests": [["${process.execPath}", "-e", "setTimeout(() => {}, 60000)"]] } }`,
    });
    const { client, ask, pid } = await connect(slow, '--allow-write');
    const begun = async (): Promise<void> => {
      while (!runsIn(slow).some((run) => read(slow, `.quality/runs/${run}/events.jsonl`).includes('"job-started"')))
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const cancel = new AbortController();
    const run = ask('run', { mode: 'write' }, { signal: cancel.signal });
    const failed = expect(run).rejects.toThrow();
    await begun();
    cancel.abort();
    await failed;
    // The lock is free again: what comes next need not wait.
    const again = ask('run', { only: ['format'] });
    expect((await again).data).toMatchObject({ status: 'changes' });
    expect(quality(slow, 'runs').out).toContain('interrupted');
    const left = ask('run', { mode: 'write' }).catch(() => null);
    while (runsIn(slow).length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    await client.close();
    await left;
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read(slow, 'src/untidy.js')).toBe(UNTIDY);
    expect(existsSync(join(slow, '.git/quality/lock/write'))).toBe(false);
  }, 30_000);

  it('prints nothing but protocol, whatever it is sent', () => {
    const lines = ['no json', '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', '{}'];
    const ended = spawnSync(process.execPath, [COMMAND, 'mcp'], {
      cwd: folder,
      input: `${lines.join('\n')}\n`,
      encoding: 'utf8',
    });
    expect(ended.status).toBe(0);
    for (const line of ended.stdout.split('\n').filter((one) => one !== ''))
      expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('says in plain words that there is no such folder', () => {
    expect(quality(folder, 'mcp', 'nowhere')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('There is no folder') as string,
    });
  });
});

function runsIn(folder: string): readonly string[] {
  const runs = join(folder, '.quality/runs');
  return existsSync(runs) ? readdirSync(runs) : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
