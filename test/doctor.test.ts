/** `quality doctor`: what it sees, what it says of it, and what it does about it when asked. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../src/doctor/check.js';
import type { Diagnosis } from '../src/doctor/doctor.js';
import { ownIdentity } from '../src/host/identity.js';
import { quality, report } from './quality.js';
import { type Tree, git, repository, temporaryFolder } from './rig.js';

const PROJECT: Tree = { '.prettierrc.json': '{ "singleQuote": true }\n', 'a.js': 'export const a = 1;\n' };

function doctor(folder: string, ...args: string[]): { readonly code: number | null; readonly found: Diagnosis } {
  const { code, out } = quality(folder, 'doctor', '--json', ...args);
  return { code, found: JSON.parse(out) as Diagnosis };
}

function check(found: Diagnosis, name: string): Check {
  return found.checks.find((one) => one.name === name)!;
}

/** Without what the machine that the test runs on is busy with. */
const reasons = ({ reasons: all }: Diagnosis): readonly string[] =>
  all.filter((reason) => !/^(?:machine|concurrency|jscpd):/.test(reason));

describe('quality doctor', () => {
  it('in a healthy project says what it found, of the machine and of what would run there too', () => {
    const folder = repository(PROJECT);
    const { code, found } = doctor(folder);
    expect(code).toBe(0);
    expect(reasons(found)).toEqual([]);
    expect(found.health).not.toBe('unhealthy');
    expect(check(found, 'node').summary).toBe(process.version);
    expect(check(found, 'tools').details).toContainEqual(
      expect.stringMatching(/^prettier \d+\.\d+\.\d+ .*\.prettierrc\.json/),
    );
    expect(check(found, 'concurrency').summary).toMatch(/^\d+ jobs? at once.*: \S/);
    const { readings, strategy, freeDisk } = found.machine;
    expect(strategy.parallel).toBeLessThanOrEqual(Math.max(1, Math.floor(readings.cores)));
    expect(freeDisk).toBeGreaterThan(0);
    const shown = quality(folder, 'doctor');
    expect(shown.out).toMatch(/^ok +git +2\.\d+/m);
    expect(shown.out).toMatch(new RegExp(`: ${found.health}$`, 'm'));
  });

  it('outside of a repository says that it is slower there', () => {
    const { code, found } = doctor(temporaryFolder(PROJECT));
    expect(code).toBe(0);
    expect(check(found, 'speed')).toMatchObject({
      status: 'note',
      summary: expect.stringContaining('no git repository') as string,
    });
  });

  it('with a config that does not load is ill, and looks at everything else all the same', () => {
    const { code, found } = doctor(repository({ ...PROJECT, '.quality-config.json': '{ "keepRun": 1 }\n' }));
    expect({ code, health: found.health }).toEqual({ code: 1, health: 'unhealthy' });
    expect(check(found, 'config')).toMatchObject({ status: 'error', details: expect.arrayContaining([]) as string[] });
    expect(reasons(found).join()).toMatch(/^config: .*keepRun/);
    expect(check(found, 'tools').status).toBe('note');
    expect(check(found, 'locks')).toMatchObject({ status: 'ok' });
  });

  it('where the project calls a tool that is not there is ill, and says how to install it', () => {
    const manifest = {
      name: 'x',
      private: true,
      scripts: { lint: 'biome check .' },
      devDependencies: { '@biomejs/biome': '2.0.0' },
    };
    const { code, found } = doctor(
      repository({ ...PROJECT, 'package.json': `${JSON.stringify(manifest)}\n`, 'biome.json': '{}\n' }),
    );
    expect(code).toBe(1);
    expect(check(found, 'tools')).toMatchObject({ status: 'error', next: expect.stringMatching(/install/) as string });
  });

  it('finds the lock of a process that has died, and takes it away when asked', () => {
    const folder = repository(PROJECT);
    const lock = join(folder, '.git', 'quality', 'lock', 'write');
    mkdirSync(join(lock, '..'), { recursive: true });
    writeFileSync(lock, '{');
    const { code, found } = doctor(folder);
    expect({ code, health: found.health }).toEqual({ code: 0, health: 'degraded' });
    expect(reasons(found)).toEqual(['locks: left by processes that have died']);
    expect(existsSync(lock)).toBe(true);
    const fixed = doctor(folder, '--fix').found;
    expect(check(fixed, 'locks')).toMatchObject({ status: 'ok', fixed: '1 taken away' });
    expect(existsSync(lock)).toBe(false);
  });

  it('finds damage in the cache, and drops it when asked; the rest is still believed', () => {
    const folder = repository(PROJECT);
    report(folder, '--workflow', 'verify-only');
    const file = join(folder, '.quality', 'cache', 'answers', 'sets');
    writeFileSync(file, `${readFileSync(file, 'utf8')}@quality-answers-1 0123456789abcdef 5\ntorn \n`);
    const { found } = doctor(folder);
    expect(reasons(found)).toEqual([expect.stringMatching(/^cache: damaged, and left aside: .* of sets$/)]);
    const fixed = doctor(folder, '--fix').found;
    expect(check(fixed, 'cache')).toMatchObject({ status: 'ok', fixed: 'what is damaged was dropped' });
    expect(report(folder, '--workflow', 'verify-only').code).toBe(0);
  });

  it('removes snapshots beyond those that are kept when asked', () => {
    const config = { keepRuns: 1, autoCleanup: false };
    const folder = repository({ ...PROJECT, '.quality-config.json': `${JSON.stringify(config)}\n` });
    for (const value of [1, 2, 3]) {
      writeFileSync(join(folder, 'a.js'), `export const a   = ${String(value)};\n`);
      report(folder, '--only', 'format', '--gate', 'syntax');
    }
    const refs = (): number => git(folder, 'for-each-ref', 'refs/quality/snapshots/').split('\n').length - 1;
    expect(refs()).toBe(3);
    expect(check(doctor(folder).found, 'snapshots')).toMatchObject({ status: 'note', next: 'quality doctor --fix' });
    expect(refs()).toBe(3);
    expect(check(doctor(folder, '--fix').found, 'snapshots')).toMatchObject({ status: 'ok', fixed: '2 removed' });
    expect(refs()).toBe(1);
  });

  it('is ill where a run was cut off while it wrote, and leaves that to recover', async () => {
    const folder = repository(PROJECT);
    const run = join(folder, '.quality', 'runs', '20260101-000000-dead');
    mkdirSync(run, { recursive: true });
    const owner = { ...(await ownIdentity()), pid: 2 ** 22 + 1 };
    writeFileSync(join(run, 'unproven.json'), JSON.stringify({ owner, proven: 0 }));
    const { code, found } = doctor(folder);
    expect(code).toBe(1);
    expect(check(found, 'runs')).toMatchObject({ status: 'error', next: 'quality recover' });
    expect(quality(folder, 'recover').code).toBe(0);
    expect(check(doctor(folder).found, 'runs')).toMatchObject({ status: 'ok' });
  });
});
