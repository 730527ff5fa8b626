/** All the ways in which a program can end, with real programs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunOptions, runProcess } from '../src/host/process.js';
import { read, temporaryFolder } from './rig.js';

const NODE = process.execPath;

function start(script: string, options: Partial<RunOptions> = {}): ReturnType<typeof runProcess> {
  return runProcess(NODE, ['-e', script], { cwd: temporaryFolder(), ...options });
}

/** One that has ended stays in the list of processes where nobody takes notice. */
function runs(pid: number): boolean {
  const stat = `/proc/${String(pid)}/stat`;
  return existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z');
}

describe('a program', () => {
  it('ends with a code, and what it printed is kept byte for byte', async () => {
    const ended = await start('process.stdout.write(Buffer.from([0, 255, 10])); console.error("e"); process.exit(3)');
    expect(ended).toMatchObject({ end: 'exit', exitCode: 3, signal: null });
    expect([[...ended.stdout], ended.stderr.toString()]).toEqual([[0, 255, 10], 'e\n']);
  });

  it('ends by a signal', async () => {
    const ended = await start('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)');
    expect(ended).toMatchObject({ end: 'signal', exitCode: null, signal: 'SIGKILL' });
  });

  it('is not there; nor is its folder; nor does the system take its arguments', async () => {
    const cwd = temporaryFolder();
    const missing = { end: 'missing', exitCode: null, trouble: expect.stringContaining('ENOENT') as string };
    expect(await runProcess('no-such-program', [], { cwd })).toMatchObject(missing);
    expect(await runProcess(NODE, ['-e', '0'], { cwd: join(cwd, 'gone') })).toMatchObject(missing);
    const refused = { end: 'spawn-error', exitCode: null };
    expect(await runProcess(NODE, ['-e', '0', 'a\0b'], { cwd })).toMatchObject(refused);
    const long = await runProcess(NODE, ['-e', '0', ...Array.from({ length: 40 }, () => 'x'.repeat(100_000))], { cwd });
    expect(long).toMatchObject({ ...refused, trouble: expect.stringContaining('E2BIG') as string });
  });

  it('gets its input, whether it reads all of it or none', async () => {
    const input = 'ü'.repeat(300_000);
    const echo = await start('process.stdin.pipe(process.stdout)', { input });
    expect(echo.stdout.toString()).toBe(input);
    expect(await start('process.exit(0)', { input })).toMatchObject({ end: 'exit', exitCode: 0 });
    const none = await start('process.stdin.on("end", () => console.log("none")).resume()');
    expect(none.stdout.toString()).toBe('none\n');
  });

  it('that prints without end is ended, and the beginning is kept', async () => {
    const heard: number[] = [];
    const ended = await start('const w = () => process.stdout.write("x".repeat(65536), w); w()', {
      maxBytes: 100_000,
      onOutput: (part) => heard.push(part.byteLength),
    });
    expect(ended).toMatchObject({ end: 'overflow', exitCode: null });
    expect(ended.stdout.byteLength).toBe(100_000);
    expect(heard.reduce((sum, part) => sum + part, 0)).toBeGreaterThan(100_000);
  });

  it.skipIf(process.platform !== 'linux')('takes too long, or is not wanted any more: all of it is ended', async () => {
    const cwd = temporaryFolder();
    // Its child has left the group, and does not mind being asked.
    const child = `trap '' TERM; echo $$ >pid; while :; do sleep 0.1; done`;
    const script = `require('child_process').spawn('sh', ['-c', ${JSON.stringify(child)}], { detached: true, stdio: 'ignore' }); setInterval(() => {}, 1000)`;
    const late = await runProcess(NODE, ['-e', script], { cwd, timeoutMs: 1000 });
    expect(late).toMatchObject({ end: 'timeout', exitCode: null });
    expect(runs(Number(read(cwd, 'pid')))).toBe(false);
    const stop = new AbortController();
    const unwanted = runProcess(NODE, ['-e', 'setInterval(() => {}, 1000)'], { cwd, signal: stop.signal });
    stop.abort();
    expect(await unwanted).toMatchObject({ end: 'aborted', exitCode: null });
  });

  it.skipIf(process.platform === 'win32')('that leaves something running does not keep anybody waiting', async () => {
    const started = Date.now();
    const ended = await runProcess('sh', ['-c', 'sleep 30 & echo done'], { cwd: temporaryFolder() });
    expect([ended.end, ended.stdout.toString()]).toEqual(['exit', 'done\n']);
    expect(Date.now() - started).toBeLessThan(20_000);
  });
});
