/** The short form of `npm run chaos`: the same scenarios, fewer of them. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describe as inWords } from './chaos/figures.js';
import { type Outcome, runScenario } from './chaos/one-run.js';
import { drawScenario } from './chaos/scenario.js';
import { COMMAND, quality, treeOf } from './quality.js';
import { git, repository, temporaryFolder } from './rig.js';

const RUNS = 12;
const FIRST_SEED = 7533;
const LANES = 2;

async function runAll(first: number, count: number): Promise<Outcome[]> {
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const outcomes: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
      outcomes.push(await runScenario(seed, { command: COMMAND, keep: false }));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

describe('chaos', () => {
  it('loses nothing: killed, signalled, edited and committed under, restored by hand', async () => {
    const outcomes = await runAll(FIRST_SEED, RUNS);
    const violated = outcomes.filter((outcome) => outcome.violations.length > 0);
    expect(violated.map((outcome) => inWords(outcome, false)).join('\n')).toBe('');
    const planned = outcomes.map((outcome) => outcome.scenario);
    expect(new Set(planned.map((scenario) => scenario.finale)).size).toBe(4);
    const actions = planned.flatMap((one) => one.disturbances.map(({ action }) => action));
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(['kill', 'signal', 'edit', 'commit']));
    const commits = outcomes.flatMap((outcome) => outcome.commits);
    expect(new Set(commits.map(({ attempt }) => attempt.commit.how))).toEqual(new Set(['staged', 'all', 'only']));
  }, 120_000);

  it('draws the same scenario from the same seed, and another from another', () => {
    expect(drawScenario(42)).toEqual(drawScenario(42));
    expect(drawScenario(42)).not.toEqual(drawScenario(43));
  });

  it.each([/^All back as before: (quality rollback --snapshot .*)$/m, /^ {2}or by git alone: +(git .*)$/m])(
    'prints after a failure a command that brings everything back: %s',
    (printed) => {
      const folder = repository(FAILING);
      writeFileSync(join(folder, 'b c.js'), 'export const untracked   = 1\r\n');
      git(folder, 'add', 'staged.js');
      const tree = treeOf(folder);
      const index = readFileSync(join(folder, '.git/index'));
      const ended = quality(folder, 'run', '--workflow', 'odd');
      expect(ended.code).toBe(1);
      expect(treeOf(folder)).not.toEqual(tree);
      const line = printed.exec(ended.out)?.[1]?.replace(/^quality/, `'${process.execPath}' '${COMMAND}'`) ?? 'false';
      execFileSync('sh', ['-c', line], { cwd: folder, stdio: 'ignore' });
      expect(treeOf(folder)).toEqual(tree);
      expect(readFileSync(join(folder, '.git/index')).equals(index)).toBe(true);
    },
  );

  it('notices what a careless command would do', async () => {
    const folder = temporaryFolder({ 'careless.mjs': CARELESS });
    const { violations } = await runScenario(quietSeed(), {
      command: join(folder, 'careless.mjs'),
      keep: false,
      graceMs: 200,
    });
    const kinds = violations.map((violation) => violation.kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['tree', 'index', 'git', 'lock left', 'temporary file', 'orphan', 'exit code']),
    );
  });
});

/** Formats, and then has a command that cannot go on. */
const FAILING = {
  '.prettierrc.json': '{ "singleQuote": true }\n',
  '.quality-config.json': JSON.stringify({
    commands: { odd: { run: ['sh', '-c', 'exit 9'], effect: 'writes', output: 'gcc' } },
    workflows: { odd: { steps: ['format', 'odd'] } },
  }),
  'a.js': 'export const a   = "1"\n',
  'staged.js': 'export const b   = "1"\n',
};

/** Does at once what must never happen. */
const CARELESS = `import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('a.js', '// more');
appendFileSync('.git/index', 'x');
writeFileSync('.git/HEAD', 'ref: refs/heads/elsewhere');
writeFileSync('.quality-00000000-0.tmp', '');
mkdirSync('.git/quality/lock', { recursive: true });
writeFileSync('.git/quality/lock/write', '');
spawn('sleep', ['3'], { detached: true, stdio: 'ignore' }).unref();
process.exitCode = 3;
`;

/** A scenario on a plain repository in which nobody interferes. */
function quietSeed(): number {
  for (let seed = 1; ; seed++) {
    const { head, linkedWorktree, calledIn, merging, disturbances, finale, committing } = drawScenario(seed);
    const plain = head === 'branch' && !linkedWorktree && !merging && calledIn === '';
    if (plain && committing === null && disturbances.length === 0 && finale === 'nothing') return seed;
  }
}
