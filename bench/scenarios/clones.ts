import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../corpus/world.js';
import { tool } from '../places.js';
import { wholeProject } from './whole-project.js';

/** As quality's own defaults are; no file is too large. */
const LIMITS = ['--min-lines', '6', '--min-tokens', '50', '--max-size', '1gb', '--max-lines', '10000000'];

export const clones = wholeProject({
  name: 'clones',
  about: 'look for clones: cold, and again with nothing changed',
  sizes: [5000],
  check: 'duplication',
  kind: 'bare',
  peer: {
    name: 'jscpd',
    words: ({ scratch }) => [
      ...tool('jscpd'),
      'packages',
      ...LIMITS,
      ...['--reporters', 'json', '--output', scratch, '--silent'],
    ],
  },
  differences: (here, there) => {
    const [ours, theirs] = [reportedBy(here), foundBy(there)];
    return ours === theirs ? [] : [`quality reports ${String(ours)} clones, jscpd ${String(theirs)}`];
  },
});

function reportedBy({ folder }: World): number {
  const runs = join(folder, '.quality', 'runs');
  const newest = readdirSync(runs).sort().at(-1) ?? '';
  return (jsonIn(join(runs, newest, 'report.json')) as { findings: unknown[] }).findings.length;
}

function foundBy({ scratch }: World): number {
  return (jsonIn(join(scratch, 'jscpd-report.json')) as { duplicates: unknown[] }).duplicates.length;
}

function jsonIn(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
