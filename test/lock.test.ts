import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openRepository } from '../src/git/repository.js';
import { ownIdentity } from '../src/host/identity.js';
import { type Lock, type LockRequest, acquireLock, lockFolder } from '../src/safety/lock.js';
import { createPathLocks } from '../src/safety/path-locks.js';
import { bundleSafety, ended, saidBy, startHelper } from './helpers/safety-bundle.js';
import { git, repository, temporaryFolder } from './rig.js';

const bundle = { path: '' };
beforeAll(async () => {
  bundle.path = await bundleSafety();
});

async function take(folder: string, options: Partial<LockRequest> = {}): Promise<Lock> {
  const lock = await acquireLock({ folder, mode: 'write', what: 'test', timeoutMs: 5_000, ...options });
  if (!lock.ok) throw new Error(lock.failure.message);
  return lock.value;
}

/** A lock file as another process would have left it. */
async function leave(folder: string, change: Record<string, unknown>): Promise<void> {
  const owner = { ...(await ownIdentity()), id: 'left-over', what: 'quality run --old', since: Date.UTC(2026, 10, 21) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'write'), JSON.stringify({ ...owner, ...change }));
}

describe('one writer, many readers', () => {
  test('a second writer is told who holds it, since when and how long it waited', async () => {
    const folder = temporaryFolder();
    const held = await take(folder, { what: 'quality run --first' });
    const waits: string[] = [];
    const second = await acquireLock({
      folder,
      mode: 'write',
      what: 'second',
      timeoutMs: 120,
      onWait: (owner) => waits.push(owner.what),
    });
    expect(second).toMatchObject({ ok: false, failure: { kind: 'lock-held' } });
    const { message = '', detail = '' } = second.ok ? {} : second.failure;
    expect(message).toContain(`process ${String(process.pid)} on ${hostname()} since 20`);
    expect(detail).toContain('quality run --first');
    expect(detail).toContain('0.1 s');
    expect(waits).toEqual(['quality run --first']);
    await held.release();
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('readers share; a writer waits for them, and readers for a writer', async () => {
    const folder = temporaryFolder();
    const readers = [await take(folder, { mode: 'read' }), await take(folder, { mode: 'read' })];
    expect((await acquireLock({ folder, mode: 'write', what: 'w', timeoutMs: 50 })).ok).toBe(false);
    const order: string[] = [];
    const writer = take(folder).then(async (lock) => {
      order.push('writer');
      await lock.release();
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const late = take(folder, { mode: 'read' }).then((lock) => {
      order.push('late reader');
      return lock.release();
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(order).toEqual([]);
    for (const reader of readers) await reader.release();
    await Promise.all([writer, late]);
    expect(order).toEqual(['writer', 'late reader']);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('waiting can be stopped, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const held = await take(folder);
    const stop = new AbortController();
    const waiting = acquireLock({ folder, mode: 'write', what: 'w', timeoutMs: 10_000, signal: stop.signal });
    setTimeout(() => stop.abort(), 30);
    expect(await waiting).toMatchObject({ ok: false, failure: { kind: 'interrupted' } });
    await held.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('linked work trees share it, a folder without repository has its own', async () => {
    const main = repository({ a: 'a' });
    const linked = join(temporaryFolder(), 'linked');
    git(main, 'worktree', 'add', '--quiet', linked);
    const folders = await Promise.all([main, linked].map(async (root) => lockFolder(root, await openRepository(root))));
    expect(folders[0]).toBe(join(main, '.git', 'quality', 'lock'));
    expect(folders[1]).toBe(folders[0]);
    expect(lockFolder('/somewhere', null)).toBe('/somewhere/.quality/lock');
  });
});

describe('dead owners', () => {
  test('a killed writer or reader is taken over from at once', async () => {
    for (const mode of ['write', 'read']) {
      const folder = temporaryFolder();
      const child = startHelper('hold-lock', [bundle.path, folder, mode]);
      await saidBy(child, 'held');
      expect((await acquireLock({ folder, mode: 'write', what: 'w', timeoutMs: 20 })).ok).toBe(false);
      child.kill('SIGKILL');
      await ended(child);
      const started = performance.now();
      const lock = await take(folder);
      expect(performance.now() - started).toBeLessThan(1_000);
      await lock.release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test.for<[string, Record<string, unknown>]>([
    ['another boot of this machine', { boot: 'an earlier one' }],
    ['the pid belongs to a later process', { started: '1' }],
    ['no such process', { pid: 2 ** 22 + 1 }],
  ])('taken over: %s', async ([, change], { skip }) => {
    if (process.platform !== 'linux') skip();
    const folder = temporaryFolder();
    await leave(folder, change);
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that a power cut left empty, and what died in the middle of a takeover', async () => {
    const folder = temporaryFolder();
    await leave(folder, { pid: 2 ** 22 + 1 });
    const dead = readFileSync(join(folder, 'write'), 'utf8');
    writeFileSync(join(folder, 'dead-left-over'), dead.replace('left-over', 'dead-breaker'));
    writeFileSync(join(folder, 'new-1-x'), dead);
    writeFileSync(join(folder, `new-${String(2 ** 22 + 1)}-x`), '');
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'write'), '');
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an owner on another machine is alive unless forced', async () => {
    const folder = temporaryFolder();
    await leave(folder, { host: 'elsewhere.example', pid: 1 });
    const refused = await acquireLock({ folder, mode: 'write', what: 'w', timeoutMs: 20 });
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'lock-held' } });
    await (await take(folder, { force: true })).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('many processes, some killed while holding it: no increment is lost', async () => {
    const folder = temporaryFolder();
    const file = join(temporaryFolder(), 'number');
    writeFileSync(file, '0');
    let said = 0;
    const children = Array.from({ length: 6 }, (_, index) => {
      const child = startHelper('count-under-lock', [bundle.path, folder, file, '15']);
      let own = 0;
      child.stdout?.on('data', (chunk: Buffer) => {
        const more = chunk.toString('utf8').split('+1').length - 1;
        said += more;
        own += more;
        if (index < 2 && own >= 5) child.kill('SIGKILL');
      });
      return child;
    });
    await Promise.all(children.map(ended));
    const number = Number(readFileSync(file, 'utf8'));
    // A killed one may have counted without having said so, or been stopped from saying it.
    expect(number).toBeGreaterThanOrEqual(said);
    expect(number).toBeLessThanOrEqual(said + 2);
    expect(number).toBeGreaterThanOrEqual(4 * 15 + 2 * 5);
    await (await take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  }, 20_000);

  test('a stopped process is not dead', async () => {
    const folder = temporaryFolder();
    const child = startHelper('hold-lock', [bundle.path, folder, 'write']);
    await saidBy(child, 'held');
    execFileSync('kill', ['-STOP', String(child.pid)]);
    expect((await acquireLock({ folder, mode: 'write', what: 'w', timeoutMs: 100 })).ok).toBe(false);
    child.kill('SIGKILL');
    await ended(child);
    await (await take(folder)).release();
  });
});

describe('locks by path', () => {
  const request = fc.record({
    keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
    writes: fc.boolean(),
    turns: fc.nat(3),
  });

  test('property: writers are alone, everyone gets a turn, in order of arrival where they conflict', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
        const locks = createPathLocks();
        const inside = new Map<string, { readers: number; writers: number }>();
        const begun: number[] = [];
        await Promise.all(
          requests.map(({ keys, writes, turns }, index) =>
            locks[writes ? 'write' : 'read'](keys, async () => {
              begun.push(index);
              for (const key of keys) {
                const now = inside.get(key) ?? { readers: 0, writers: 0 };
                now[writes ? 'writers' : 'readers'] += 1;
                inside.set(key, now);
                expect(now.writers === 0 || now.writers + now.readers === 1).toBe(true);
              }
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              for (const key of keys) inside.get(key)![writes ? 'writers' : 'readers'] -= 1;
            }),
          ),
        );
        expect(begun).toHaveLength(requests.length);
        const conflict = (a: number, b: number): boolean =>
          (requests[a]!.writes || requests[b]!.writes) &&
          requests[a]!.keys.some((key) => requests[b]!.keys.includes(key));
        for (const [at, index] of begun.entries())
          for (const later of begun.slice(at + 1)) if (conflict(index, later)) expect(index).toBeLessThan(later);
      }),
    );
  });

  test('writers of disjoint paths run side by side, and a failing one lets go', async () => {
    const locks = createPathLocks();
    const meet: (() => void)[] = [];
    const both = (key: string): Promise<void> =>
      locks.write(
        [key],
        () =>
          new Promise<void>((resolve) => {
            meet.push(resolve);
            if (meet.length === 2) for (const go of meet) go();
          }),
      );
    await Promise.all([both('a'), both('b')]);
    await expect(locks.write(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await locks.write(['a'], () => Promise.resolve(1))).toBe(1);
  });
});
