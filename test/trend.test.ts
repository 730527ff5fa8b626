/** What is kept of runs for good: bounded, and where the config says so, in a file that is committed and shared. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_POINTS, type TrendPoint, thinned } from '../src/model/trend.js';
import { appendTrend, readTrend } from '../src/runs/trend.js';
import { quality } from './quality.js';
import { git, read, repository, temporaryFolder } from './rig.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

function pointOf(number: number, more: Partial<TrendPoint> = {}): TrendPoint {
  const at = START + number * HOUR;
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  return {
    run: `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${String(number).padStart(4, '0')}`,
    ...{ at, workflow: 'standard', status: 'clean', milliseconds: 1, files: 1, bytes: 1, tools: {}, changes: 0 },
    ...{ counts: null, deadCode: null, refused: 0, known: 0, jobs: 0, duplication: null },
    ...{ complexity: null, cognitive: null, lines: null },
    ...more,
  };
}

describe('thinning', () => {
  it('keeps the newest, of older ones the last of each day and workflow, and never too many', () => {
    const anyPoints = fc
      .array(fc.tuple(fc.nat({ max: 40_000 }), fc.constantFrom('standard', 'verify')), { maxLength: 3 * MOST_POINTS })
      .map((all) => all.map(([number, workflow]) => pointOf(number, { workflow })).sort((a, b) => a.at - b.at));
    fc.assert(
      fc.property(anyPoints, (points) => {
        const kept = thinned(points);
        expect(kept.length).toBe(Math.min(kept.length, MOST_POINTS));
        expect(kept.slice(-MOST_POINTS / 2)).toEqual(points.slice(-MOST_POINTS / 2));
        expect(kept).toEqual(points.filter((point) => kept.includes(point)));
        // What was thinned once is not thinned further until there are too many again.
        expect(thinned(kept)).toEqual(kept);
      }),
      { numRuns: 20 },
    );
  });

  it('bounds the file however many runs there are', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, '.quality'));
    const file = join(root, '.quality/history.jsonl');
    const many = Array.from({ length: 5000 }, (_, number) => pointOf(number));
    writeFileSync(file, many.map((point) => `${JSON.stringify(point)}\n`).join(''));
    await appendTrend(root, pointOf(5000));
    const kept = await readTrend(root, undefined);
    expect(kept.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(kept.at(-1)).toEqual(pointOf(5000));
    expect(readFileSync(file, 'utf8').split('\n').length - 1).toBe(kept.length);
  });
});

describe('a history that is shared', () => {
  const run = (root: string): number | null => quality(root, 'run', '--check', '--only', 'verify').code;
  const linesOf = (root: string): string[] => read(root, 'ci/history.jsonl').split('\n').slice(0, -1);

  it('gets a line only for a run that has something new to tell, and is put together again after a merge', () => {
    const root = repository({
      '.quality-config.json': '{ "historyFile": "ci/history.jsonl" }\n',
      '.prettierrc.json': '{}\n',
      'a.js': 'a  ;\n',
      'b.js': 'b;\n',
    });
    expect(run(root)).toBe(1);
    const [first = ''] = linesOf(root);
    expect(JSON.parse(first)).toMatchObject({ workflow: 'verify', counts: { error: 1 } });
    run(root);
    const settled = linesOf(root);
    run(root);
    quality(root, 'run', '--check', '--only', 'verify', 'a.js');
    expect(linesOf(root)).toEqual(settled);
    git(root, 'add', '--all');
    git(root, 'commit', '-qm', 'history');
    expect(run(root)).toBe(1);
    expect(git(root, 'status', '--porcelain')).toBe('');

    const theirs = JSON.stringify({ ...JSON.parse(first), ...pointOf(1), counts: { error: 5, warning: 0, info: 0 } });
    const ours = linesOf(root);
    writeFileSync(
      join(root, 'ci/history.jsonl'),
      ['<<<<<<< ours', ...ours, '=======', ours[0], theirs, '>>>>>>> theirs', ''].join('\n'),
    );
    writeFileSync(join(root, 'a.js'), 'a;\n');
    expect(run(root)).toBe(0);
    const merged = linesOf(root).map((line) => JSON.parse(line) as TrendPoint);
    expect(merged.length).toBe(ours.length + 2);
    expect(merged.map(({ at }) => at)).toEqual(merged.map(({ at }) => at).sort((a, b) => a - b));
    expect(merged.at(-1)).toMatchObject({ status: 'clean' });
    expect(quality(root, 'report', '--trend').out).toContain('0, was 1');
  });

  it('stays inside of the project', () => {
    const root = repository({ '.quality-config.json': '{ "historyFile": "../history.jsonl" }\n' });
    const ended = quality(root, 'run', '--check');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('a path inside of the project');
  });
});
