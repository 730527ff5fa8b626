/** One scenario from beginning to end. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type TreeVerdict, type Violation, checkTree } from './check.js';
import { type CheckedCommit, checkLanded } from './check-commits.js';
import { checkGit, checkLocks, checkObjects, checkSnapshots } from './check-git.js';
import { type RunEvidence, evidenceOf } from './evidence.js';
import { checkExit, checkNext } from './exit-codes.js';
import { orphansAfter } from './processes.js';
import { type Scenario, drawScenario } from './scenario.js';
import { createSession, installHook } from './session.js';
import { type Disturbed, type Ended, call, callDisturbed, words } from './start.js';
import { type State, stateOf } from './state.js';
import { environment } from './git.js';
import { type World, buildWorld, removeWorld } from './world.js';

export interface Outcome {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly disturbed: Disturbed;
  readonly ending: 'completed' | 'interrupted' | 'killed';
  readonly identical: boolean;
  readonly recovered: readonly string[];
  readonly commits: readonly CheckedCommit[];
  readonly violations: readonly Violation[];
  /** The folder of the world, where it was kept. */
  readonly folder: string;
  readonly story: readonly string[];
}

export interface Settings {
  readonly command: string;
  /** Where something was violated, its folder stays. */
  readonly keep: boolean;
  /** How long processes may take to end after the command. */
  readonly graceMs?: number;
}

export async function runScenario(seed: number, { command, keep, graceMs = GRACE_MS }: Settings): Promise<Outcome> {
  const scenario = drawScenario(seed);
  const world = buildWorld(scenario);
  const going = await play({ scenario, world, command, graceMs, mark: `${String(process.pid)}-${String(seed)}` });
  const { ending, disturbed, first, commits } = going;
  const violations = [
    ...checkExit(disturbed, { scenario, first, ending }),
    ...commits.flatMap((one) => one.violations),
    // What a killed command was doing may take a moment to end: the next command comes meanwhile.
    ...(ending === 'killed' ? [] : await orphans(going, 1)),
    ...(scenario.finale === 'restore-by-hand' ? restoreByHand(going) : []),
    ...(await goOn(going)),
    ...(ending === 'killed' ? await orphans(going, 1) : []),
    ...(await orphans(going, 2)),
    ...(await scratchFolders(going)),
  ];
  const { identical, violations: left } = checkEnd(going);
  violations.push(...left);
  if (!(keep && violations.length > 0)) removeWorld(world);
  const { recovered, story } = going;
  const { folder } = world;
  return { seed, scenario, disturbed, ending, identical, recovered, commits, violations, folder, story };
}

type Setting = Pick<Going, 'scenario' | 'world' | 'command' | 'graceMs' | 'mark'>;

/** The command, and those who commit beside it, until all of them have ended. */
async function play(setting: Setting): Promise<Going> {
  const { scenario, world, command, mark } = setting;
  if (scenario.committing !== null) await installHook(command, world);
  const trees = worldsOf(world).map((one): Tree => ({ world: one, before: stateOf(one) }));
  const runsIn = scenario.committing?.runIn === 'sibling' ? (world.sibling ?? world) : world;
  const session = createSession(world, scenario, mark);
  const order = { words: words(command, scenario.order.args), world: runsIn, mark: `${mark}-1` };
  const disturbed = await callDisturbed({ ...order, onCommit: session.begin }, scenario.disturbances);
  const first = evidenceOf(runsIn, scenario.below).find(({ state }) => state.mode !== 'staged');
  const ending = endingOf(disturbed, first);
  const commits = await session.end();
  const story = [`run ended: ${ending}, ${String(disturbed.code ?? disturbed.signal)}`, ...session.story()];
  return { ...setting, trees, commits, disturbed, first, ending, story, recovered: [] };
}

function worldsOf(world: World): readonly World[] {
  return world.sibling === null ? [world] : [world, world.sibling];
}

interface Tree {
  readonly world: World;
  readonly before: State;
}

interface Going {
  readonly scenario: Scenario;
  readonly world: World;
  readonly command: string;
  readonly mark: string;
  readonly graceMs: number;
  readonly trees: readonly Tree[];
  readonly commits: readonly CheckedCommit[];
  readonly disturbed: Disturbed;
  /** The run itself, as far as it has come. */
  readonly first: RunEvidence | undefined;
  readonly ending: Outcome['ending'];
  readonly story: string[];
  /** Commands that took something back before they began. */
  readonly recovered: string[];
}

/** The next commands, and a rollback. */
async function goOn(going: Going): Promise<Violation[]> {
  const { scenario, world, command, mark, story, disturbed, ending, commits } = going;
  const violations: Violation[] = [];
  for (const [index, { args, killAfterMs }] of scenario.next.entries()) {
    const next = await call({ words: words(command, args), world, mark: `${mark}-2` }, killAfterMs);
    story.push(`quality ${args.join(' ')}: ${String(next.code ?? next.signal)} ${next.err.trim()}`);
    if (`${next.out}${next.err}`.includes('was cut off')) going.recovered.push(args[0] ?? '');
    const last = index === scenario.next.length - 1;
    violations.push(...checkNext(next, { args, scenario, disturbed, ending, last }));
  }
  if (world.sibling !== null)
    await call({ words: words(command, ['recover']), world: world.sibling, mark: `${mark}-2` });
  violations.push(...commits.flatMap(checkLanded));
  if (scenario.finale.startsWith('rollback')) violations.push(...(await rollBack(going)));
  return violations;
}

function checkEnd(going: Going): TreeVerdict {
  const verdicts = going.trees.map((tree) => checkOne(going, tree));
  const objects = going.scenario.committing === null ? [] : checkObjects(going.world);
  const violations = [...verdicts.flatMap((one) => one.violations), ...checkLocks(going.world), ...objects];
  return { identical: verdicts.every((one) => one.identical), violations };
}

function checkOne({ scenario, ending }: Going, { world, before }: Tree): TreeVerdict {
  const runs = evidenceOf(world, scenario.below);
  const after = stateOf(world);
  const alone = scenario.committing === null;
  // Where others have written as well, what is there after a rollback is explained like everything else.
  const restored = scenario.finale !== 'nothing' && alone;
  const completed = ending === 'completed' && !restored;
  const verdict = checkTree({ world, before, after, edits: world.deeds.edits, runs, completed, alone });
  const rest = [...checkGit({ before, after, alone }), ...checkSnapshots({ world, runs })];
  return { identical: verdict.identical, violations: [...(restored ? [] : verdict.violations), ...rest] };
}

function endingOf(disturbed: Disturbed, first: RunEvidence | undefined): Outcome['ending'] {
  if (disturbed.code === null) return 'killed';
  return disturbed.code >= 128 || first === undefined ? 'interrupted' : 'completed';
}

const GRACE_MS = 4000;

async function orphans({ mark, graceMs }: Going, call: number): Promise<Violation[]> {
  const left = await orphansAfter(`${mark}-${String(call)}`, graceMs);
  return left.map(({ pid, words }): Violation => ({ kind: 'orphan', what: `${String(pid)}: ${words}` }));
}

/** Of what was killed last, when no command that clears up has come since. */
async function scratchFolders({ command, world, mark }: Going): Promise<Violation[]> {
  const left = (): string[] => readdirSync(world.temp).filter((name) => name.startsWith('quality-'));
  if (left().length > 0) await call({ words: words(command, ['recover']), world, mark: `${mark}-3` });
  return left().map((what) => ({ kind: 'scratch folder', what }));
}

/** The commands of the event, in a shell, as a person would paste them. */
function restoreByHand({ world, trees: [tree], first }: Going): Violation[] {
  const commands = first?.state.snapshot?.restore ?? [];
  if (commands.length === 0) return [];
  try {
    for (const line of commands)
      execFileSync('sh', ['-c', line], {
        cwd: world.top,
        env: environment(world),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
  } catch (error) {
    return [{ kind: 'restore', what: `by hand: ${String((error as { stderr?: Buffer }).stderr ?? error)}` }];
  }
  const after = stateOf(world);
  return [...(tree?.before.tree ?? [])].flatMap(([path, entry]): Violation[] => {
    const found = after.tree.get(path);
    if (entry.kind === 'folder' || path.startsWith('ignored/')) return [];
    const same = found?.kind === entry.kind && found.content === entry.content && found.mode === entry.mode;
    return same ? [] : [{ kind: 'restore', what: `by hand: ${JSON.stringify(path)} is not what it was` }];
  });
}

async function rollBack(going: Going): Promise<Violation[]> {
  const { scenario, command, world, mark, story } = going;
  const rollback = { words: words(command, scenario.finale.split(' ')), world, mark: `${mark}-2` };
  if (scenario.finaleKilledAfterMs !== null) {
    const killed = await call(rollback, scenario.finaleKilledAfterMs);
    story.push(`quality ${scenario.finale}: ${String(killed.code ?? killed.signal)} ${killed.err.trim()}`);
  }
  const ended: Ended = await call(rollback);
  story.push(`quality ${scenario.finale}: ${String(ended.code)} ${ended.out.trim()} ${ended.err.trim()}`);
  return [...checkRollback(going, ended), ...(scenario.committing === null ? checkRolledBack(going) : [])];
}

function checkRollback({ scenario }: Going, { code, out, err }: Ended): Violation[] {
  const nothingToDo = code === 2 && err.includes('There is no such run');
  // A user, or the hook of a commit, has been there since.
  const isLeftAlone = code === 1 && scenario.committing !== null && out.includes('left alone, changed since');
  if (code === 0 || nothingToDo || isLeftAlone) return [];
  return [{ kind: 'exit code', what: `quality ${scenario.finale}: ${String(code)} ${err}` }];
}

function checkRolledBack({ world, trees }: Going): Violation[] {
  const violations = trees.flatMap(({ before }) => {
    const states = { before, after: stateOf(world) };
    return checkTree({ world, ...states, edits: [], runs: [], completed: false, alone: true }).violations;
  });
  return violations.map((one): Violation => ({ ...one, what: `after rollback, ${one.what}` }));
}
