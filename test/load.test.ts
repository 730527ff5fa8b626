/** What a run's log says of its workers and of the machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPacer } from '../src/jobs/pacer.js';
import type { Event } from '../src/model/event.js';
import { type Load, readingOf } from '../src/model/load.js';
import { quality } from './quality.js';
import { repository, temporaryFolder } from './rig.js';

afterEach(() => void vi.useRealTimers());

describe('the machine', () => {
  it('is looked at while jobs run, whether any waits or not, and not before or after', () => {
    vi.useFakeTimers();
    const [loads, changes] = [[] as Load[], [] as unknown[]];
    const pacer = createPacer({
      ...{ start: 1, most: 1, cores: 1, folder: temporaryFolder() },
      onChange: (change) => void changes.push(change),
      onLoad: (load) => void loads.push(load),
    });
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
    pacer.note({ running: 1, waiting: 0, holding: 1 });
    vi.advanceTimersByTime(900);
    expect(loads).toEqual([]);
    // The first look only takes the counters down.
    vi.advanceTimersByTime(1600);
    expect(loads.length).toBe(1);
    const { cores, own, others, memory } = readingOf(loads[0]!);
    expect(cores).toBeGreaterThanOrEqual(1);
    for (const busy of [own, others]) if (busy !== null) expect(busy).toBeGreaterThanOrEqual(0);
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThan(1);
    // However long it takes, there is a reading every few seconds and no more.
    vi.advanceTimersByTime(60_000);
    expect(loads.length).toBeGreaterThan(10);
    expect(loads.length).toBeLessThan(30);
    pacer.note({ running: 0, waiting: 0, holding: 1 });
    expect(vi.getTimerCount()).toBe(0);
    expect(changes).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('what others keep busy (needs /proc)', () => {
  it('is without what workers of ours do, which load their tools while it is planned how many may run', async () => {
    // A module of its own: it counts from when it is loaded.
    vi.resetModules();
    const { coresBusyWithOthers, countAsOwn } = await import('../src/host/busy.js');
    const child = spawn(process.execPath, [
      '-e',
      'console.log(); const end = Date.now() + 60_000; while (Date.now() < end);',
    ]);
    try {
      await once(child.stdout, 'data');
      await setTimeout(500);
      const before = coresBusyWithOthers();
      countAsOwn(child.pid ?? 0);
      const after = coresBusyWithOthers();
      expect(before).toBeGreaterThan(0);
      expect(after).toBeLessThan((before ?? 0) - 0.05);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('the log', () => {
  it('names the worker of each job, its memory, and the bytes that it looked at; a program has no worker', () => {
    const root = repository({
      '.quality-config.json': '{ "commands": { "own": { "run": ["node", "-e", "0"], "files": ["a.js"] } } }\n',
      '.prettierrc.json': '{}\n',
      'a.js': 'export const a = 1;\n',
    });
    expect(quality(root, 'run', '--check', '--only', 'verify,own').code).toBe(0);
    const folder = join(root, '.quality/runs');
    const events = readFileSync(join(folder, readdirSync(folder)[0]!, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    const of = (tool: string) =>
      events.filter((event) => 'tools' in event && event.tools.includes(tool) && event.type.startsWith('job-'));
    const [started, finished] = of('prettier');
    expect(started).toMatchObject({ type: 'job-started', worker: 1 });
    expect(finished).toMatchObject({ type: 'job-finished', memory: expect.any(Number) as number });
    expect((finished as { memory: number }).memory).toBeGreaterThan(20 * 1024 ** 2);
    expect((finished as { bytes: number }).bytes).toBeGreaterThan(20);
    const [own] = of('own');
    expect(own).toMatchObject({ type: 'job-started' });
    expect(own).not.toHaveProperty('worker');
  });
});
