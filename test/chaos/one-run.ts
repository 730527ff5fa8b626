/** One scenario from beginning to end. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type TreeVerdict, type Violation, checkTree } from './check.js';
import { checkGit, checkLocks, checkSnapshots } from './check-git.js';
import { type RunEvidence, evidenceOf } from './evidence.js';
import { checkExit, checkNext } from './exit-codes.js';
import { orphansAfter } from './processes.js';
import { type Scenario, drawScenario } from './scenario.js';
import { type Disturbed, type Ended, call, callDisturbed } from './start.js';
import { type State, stateOf } from './state.js';
import { type World, buildWorld, environment, removeWorld } from './world.js';

export interface Outcome {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly disturbed: Disturbed;
  readonly ending: 'completed' | 'interrupted' | 'killed';
  readonly identical: boolean;
  readonly recovered: readonly string[];
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

export async function runScenario(seed: number, settings: Settings): Promise<Outcome> {
  const { command, keep, graceMs = GRACE_MS } = settings;
  const scenario = drawScenario(seed);
  const world = buildWorld(scenario);
  const mark = `${String(process.pid)}-${String(seed)}`;
  const before = stateOf(world);
  const args = scenario.order.args;
  const disturbed = await callDisturbed({ command, world, args, mark: `${mark}-1` }, scenario.disturbances);
  const first = evidenceOf(world, scenario.below).at(0);
  const ending = endingOf(disturbed, first);
  const going: Going = { scenario, world, command, mark, graceMs, before, disturbed, ending, story: [], recovered: [] };
  going.story.push(`run ended: ${ending}, ${String(disturbed.code ?? disturbed.signal)}`);
  const violations = [
    ...checkExit(disturbed, { scenario, first, ending }),
    // What a killed command was doing may take a moment to end: the next command comes meanwhile.
    ...(ending === 'killed' ? [] : await orphans(going, 1)),
    ...(scenario.finale === 'restore-by-hand' ? restoreByHand(world, before, first) : []),
    ...(await goOn(going)),
    ...(ending === 'killed' ? await orphans(going, 1) : []),
    ...(await orphans(going, 2)),
    ...(await scratchFolders(going)),
  ];
  const end = checkEnd(going);
  violations.push(...end.violations);
  if (!(keep && violations.length > 0)) removeWorld(world);
  const { story, recovered } = going;
  const { identical } = end;
  return { seed, scenario, disturbed, ending, identical, recovered, violations, folder: world.folder, story };
}

interface Going {
  readonly scenario: Scenario;
  readonly world: World;
  readonly command: string;
  readonly mark: string;
  readonly graceMs: number;
  readonly before: State;
  readonly disturbed: Disturbed;
  readonly ending: Outcome['ending'];
  readonly story: string[];
  /** Commands that took something back before they began. */
  readonly recovered: string[];
}

/** The next commands, and a rollback. */
async function goOn(going: Going): Promise<Violation[]> {
  const { scenario, world, command, mark, story, disturbed, ending } = going;
  const violations: Violation[] = [];
  for (const [index, { args, killAfterMs }] of scenario.next.entries()) {
    const next = await call({ command, world, args, mark: `${mark}-2` }, killAfterMs);
    story.push(`quality ${args.join(' ')}: ${String(next.code ?? next.signal)} ${next.err.trim()}`);
    if (`${next.out}${next.err}`.includes('was cut off')) going.recovered.push(args[0] ?? '');
    const last = index === scenario.next.length - 1;
    violations.push(...checkNext(next, { args, scenario, disturbed, ending, last }));
  }
  if (scenario.finale.startsWith('rollback')) violations.push(...(await rollBack(going)));
  return violations;
}

function checkEnd({ scenario, world, before, disturbed, ending }: Going): TreeVerdict {
  const runs = evidenceOf(world, scenario.below);
  const after = stateOf(world);
  const restored = scenario.finale !== 'nothing';
  const completed = ending === 'completed' && !restored;
  const verdict = checkTree({ world, before, after, edits: disturbed.edits, runs, completed });
  const rest = [...checkGit({ before, after }), ...checkLocks(world), ...checkSnapshots({ world, runs })];
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
  if (left().length > 0) await call({ command, world, args: ['recover'], mark: `${mark}-3` });
  return left().map((what) => ({ kind: 'scratch folder', what }));
}

/** The commands of the event, in a shell, as a person would paste them. */
function restoreByHand(world: World, before: State, first: RunEvidence | undefined): Violation[] {
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
  return [...before.tree].flatMap(([path, entry]): Violation[] => {
    const found = after.tree.get(path);
    if (entry.kind === 'folder' || path.startsWith('ignored/')) return [];
    const same = found?.kind === entry.kind && found.content === entry.content && found.mode === entry.mode;
    return same ? [] : [{ kind: 'restore', what: `by hand: ${JSON.stringify(path)} is not what it was` }];
  });
}

async function rollBack({ scenario, command, world, mark, before, story }: Going): Promise<Violation[]> {
  const rollback = { command, world, args: scenario.finale.split(' '), mark: `${mark}-2` };
  if (scenario.finaleKilledAfterMs !== null) {
    const killed = await call(rollback, scenario.finaleKilledAfterMs);
    story.push(`quality ${scenario.finale}: ${String(killed.code ?? killed.signal)} ${killed.err.trim()}`);
  }
  const ended: Ended = await call(rollback);
  story.push(`quality ${scenario.finale}: ${String(ended.code)} ${ended.out.trim()} ${ended.err.trim()}`);
  const states = { before, after: stateOf(world) };
  const { violations } = checkTree({
    world,
    ...states,
    edits: [],
    runs: [],
    completed: false,
  });
  const nothingToDo = ended.code === 2 && ended.err.includes('There is no such run');
  const wrong: Violation[] =
    ended.code === 0 || nothingToDo
      ? []
      : [{ kind: 'exit code', what: `quality ${scenario.finale}: ${String(ended.code)} ${ended.err}` }];
  return [...wrong, ...violations.map((one): Violation => ({ ...one, what: `after rollback, ${one.what}` }))];
}
