/** What many scenarios come to, in numbers, and one of them in words. */
import type { ViolationKind } from './check.js';
import type { Action } from './disturbances.js';
import type { Outcome } from './one-run.js';

export interface Figures {
  readonly add: (outcome: Outcome) => void;
  readonly runs: () => number;
  readonly violations: () => number;
  readonly text: () => string;
}

const COUNTED: readonly (readonly [ViolationKind, string])[] = [
  ['tree', 'trees neither identical nor proven'],
  ['user bytes lost', 'user bytes lost'],
  ['index', 'index changed, or neither as before nor as the hook makes it'],
  ['commit', 'commits that are not what was to be committed'],
  ['git', 'HEAD, refs, stash list or other git files changed'],
  ['lock left', 'locks left'],
  ['snapshot lost', 'snapshots of failed runs lost'],
  ['temporary file', 'temporary files left in the tree'],
  ['scratch folder', 'scratch folders left after the next command'],
  ['orphan', 'orphan processes'],
  ['exit code', 'wrong exit codes'],
  ['hang', 'commands that hung'],
  ['restore', 'restores that were not exact'],
];

export function createFigures(): Figures {
  const outcomes: Outcome[] = [];
  const count = (holds: (outcome: Outcome) => boolean): number => outcomes.filter(holds).length;
  const violations = (): number => outcomes.reduce((sum, one) => sum + one.violations.length, 0);
  return {
    add: (outcome) => outcomes.push(outcome),
    runs: () => outcomes.length,
    violations,
    text: () => {
      const commits = outcomes.flatMap((one) => one.commits);
      const edits = outcomes.flatMap((one) => [
        ...one.disturbed.edits,
        ...one.commits.flatMap(({ attempt }) => attempt.git.edits),
      ]);
      const rows: (readonly [number, string])[] = [
        [outcomes.length, 'runs'],
        [count((one) => one.ending === 'killed'), 'of them killed'],
        [count((one) => one.recovered.length > 0), 'of them with something for the next command to take back'],
        [count((one) => one.ending === 'interrupted'), 'of them interrupted by a signal'],
        [count((one) => one.ending === 'completed'), 'of them completed'],
        [count((one) => one.scenario.finale.startsWith('rollback')), 'of them rolled back'],
        [count((one) => one.scenario.finaleKilledAfterMs !== null), 'of these killed over it, and rolled back again'],
        [count((one) => one.scenario.finale === 'restore-by-hand'), 'of them restored with plain git'],
        [edits.length, 'edits of a user thrown in'],
        [commits.length, 'commits begun beside them'],
        [commits.filter(({ hasCommitted }) => hasCommitted).length, 'of these made'],
        [commits.filter(({ attempt }) => attempt.git.done.some(isBlow)).length, 'of these hit by a kill or a signal'],
        [commits.filter(({ landed }) => landed.length > 0).length, 'of these with fixes in them, or in the index'],
        [count((one) => one.identical), 'trees byte-identical to before, the user’s edits in them'],
        [
          count((one) => !one.identical && !hasTree(one)),
          'trees that differ, and the report explains every byte of it',
        ],
        ...COUNTED.map(([kind, words]) => [countOf(outcomes, kind), words] as const),
      ];
      return `${rows.map(([number, words]) => `${String(number).padStart(6)}  ${words}`).join('\n')}\n`;
    },
  };
}

const isBlow = ({ kind }: Action): boolean => kind === 'kill' || kind === 'signal';

const hasTree = (outcome: Outcome): boolean => outcome.violations.some(({ kind }) => kind === 'tree');

function countOf(outcomes: readonly Outcome[], kind: ViolationKind): number {
  return outcomes.reduce((sum, one) => sum + one.violations.filter((violation) => violation.kind === kind).length, 0);
}

const LONGEST = 12;

export function describe({ seed, scenario, disturbed, violations, folder, story }: Outcome, kept: boolean): string {
  const { head, linkedWorktree, sha256, autocrlf, below, calledIn, merging, order, next, finale, files, committing } =
    scenario;
  const lines = [
    `seed ${String(seed)}: ${String(violations.length)} violations; npm run chaos -- --seed ${String(seed)} --runs 1`,
    ...violations.slice(0, LONGEST).map(({ kind, what }) => `  ${kind}: ${what}`),
    `  repository: ${JSON.stringify({ head, linkedWorktree, sha256, autocrlf, below, calledIn, merging, files: files.length })}`,
    `  command: quality ${order.args.join(' ')}`,
    `  commits: ${committing === null ? 'none' : JSON.stringify({ ...committing, files: committing.files.map(({ path }) => path) })}`,
    `  config: ${JSON.stringify(order.config)}`,
    `  planned: ${JSON.stringify(scenario.disturbances)}`,
    `  happened: ${JSON.stringify(disturbed.done)} in ${String(disturbed.milliseconds)} ms`,
    `  afterwards: ${JSON.stringify(next)}, ${finale}`,
    ...story.map((line) => `  ${line}`),
    ...(kept && violations.length > 0 ? [`  kept: ${folder}`] : []),
  ];
  return lines.join('\n');
}
