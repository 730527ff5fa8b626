/** Nothing gets worse (DESIGN idea 5): findings before and after are compared, and what made things worse is taken back. */
import { dirname } from '../host/paths.js';
import { type Diagnostic, fingerprintOf } from '../model/diagnostic.js';
import type { PlannedStep } from '../model/plan.js';
import type { TakenBack } from '../safety/put-back.js';
import { putAgain, takeBack } from '../safety/undo.js';
import type { RunContext } from './context.js';
import { type Steady, steadyFindings } from './flaky.js';
import { createHints } from './hints.js';
import { type Layer, recordOf } from './ledger.js';
import { narrow } from './narrow.js';
import type { NarrowWorld, Seen } from './narrow/search.js';
import { createProbe } from './probe.js';
import { type TaskFindings, mergeFindings } from './verify.js';

/** Verifications that finding the guilty edit may cost; beyond it whole steps are taken back. */
const VERIFICATION_BUDGET = 12;

/** Judges the edits of the steps that this verify stands for; returns the findings that are left in the end. */
export async function judge(
  step: PlannedStep,
  found: TaskFindings,
  context: RunContext,
): Promise<readonly Diagnostic[]> {
  const { gate } = step;
  const findings = mergeFindings(found, context);
  const baseline = gate === undefined ? undefined : context.findings.get(gate.baseline);
  if (gate === undefined || baseline === undefined) return findings;
  const layers = layersOf(gate.judges, context);
  if (layers.length === 0) return findings;
  const seen = await steadyFindings(step, { baseline, findings }, context);
  const { fresh } = seen;
  if (fresh.length === 0 || context.signal.aborted) return seen.findings;
  const choice = await policy(fresh, context);
  if (choice === 'keep') {
    context.emit({
      type: 'notice',
      message: `${String(fresh.length)} new findings are kept, as asked with onRegression`,
    });
    return seen.findings;
  }
  return takeBackGuilty(
    step,
    { found, flaky: seen.flaky, fresh, layers, baseline, whole: choice === 'rollback' },
    context,
  );
}

async function policy(fresh: readonly Diagnostic[], context: RunContext): Promise<'bisect' | 'rollback' | 'keep'> {
  const { onRegression } = context.config;
  if (onRegression !== 'ask') return onRegression;
  if (context.ask === null) return 'bisect';
  const answer = await context.ask(`${String(fresh.length)} new findings. Take back the edits that cause them?`, [
    'bisect',
    'rollback',
    'keep',
  ]);
  return answer === 'keep' || answer === 'rollback' ? answer : 'bisect';
}

interface Trial {
  readonly found: TaskFindings;
  readonly flaky: readonly Diagnostic[];
  readonly fresh: readonly Diagnostic[];
  readonly layers: readonly Layer[];
  readonly baseline: readonly Diagnostic[];
  readonly whole: boolean;
}

async function takeBackGuilty(step: PlannedStep, trial: Trial, context: RunContext): Promise<readonly Diagnostic[]> {
  const { layers, fresh, whole } = trial;
  const { world, current } = await openWorld(step, trial, context);
  const verdict = await narrow(layers, fresh, world, whole ? 0 : VERIFICATION_BUDGET);
  if (verdict.stopped) return current();
  context.emit({ type: 'gate-judged', step: step.id, verifications: verdict.verifications, fresh });
  for (const { unit, findings } of verdict.guilty) {
    context.emit({ type: 'edits-taken-back', step: unit.step, edits: [recordOf(unit)], reason: reasonOf(findings) });
    context.emit({ type: 'edit-refused', step: unit.step, path: unit.path, reason: reasonOf(findings), findings });
  }
  if (verdict.unexplained.length > 0) {
    context.emit({
      type: 'notice',
      message: `${String(verdict.unexplained.length)} new findings remain although every edit was taken back: no edit of this run causes them`,
    });
  }
  return current();
}

interface OpenedWorld {
  readonly world: NarrowWorld<Layer, Diagnostic>;
  /** All findings of the last look. */
  readonly current: () => readonly Diagnostic[];
}

async function openWorld(
  step: PlannedStep,
  { found, flaky, fresh, layers, baseline }: Trial,
  context: RunContext,
): Promise<OpenedWorld> {
  const probe = createProbe(step, found, context);
  const hints = createHints(context);
  const steady = new Set(fresh.map(fingerprintOf));
  const last: { findings: readonly Diagnostic[] } = { findings: [] };
  const prepare = async (seen: Pick<Steady, 'fresh' | 'flaky'>): Promise<void> => {
    probe.forget(seen.flaky);
    probe.suspect(seen.fresh);
    await hints.prepare(seen.fresh);
  };
  await prepare({ fresh, flaky });
  const verify = async (wholly: boolean): Promise<Seen<Diagnostic> | null> => {
    const { findings, whole } = await probe.look(wholly);
    const seen = await steadyFindings(step, { baseline, findings, steady }, context);
    last.findings = seen.findings;
    await prepare(seen);
    return context.signal.aborted ? null : { findings: seen.fresh, whole };
  };
  const world: NarrowWorld<Layer, Diagnostic> = {
    takeBack: (units) => move(units, 'back', context),
    putBack: (units) => move(units, 'forth', context),
    verify,
    suspicion: hints.suspicion,
    keyOf: fingerprintOf,
    isVague: (finding) => finding.path === null && finding.message.startsWith('exit code'),
    stackOf: stacksIn(layers),
  };
  return { world, current: () => last.findings };
}

/** A file that has become a folder comes back only with all that is in the folder gone: they are one stack. */
function stacksIn(layers: readonly Layer[]): (layer: Layer) => string {
  const paths = new Set(layers.map((layer) => layer.path));
  return ({ path }) => {
    let stack = path;
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) if (paths.has(folder)) stack = folder;
    return stack;
  };
}

function reasonOf(findings: readonly Diagnostic[]): string {
  const [first] = findings;
  if (first === undefined) return 'it was made on top of an edit that was taken back';
  const where = first.path === null ? '' : ` in ${first.path}`;
  return `it would have caused ${first.tool} ${first.rule ?? 'error'}${where}: ${first.message}`;
}

/** Every edit of these steps that stands, oldest first; as they were written, what went before what came in its place. */
function layersOf(steps: readonly string[], context: RunContext): Layer[] {
  const wanted = new Set(steps);
  const layers = context.ledger.paths().flatMap((path) => context.ledger.of(path));
  const order = ({ step, after }: Layer): number => 2 * steps.indexOf(step) + (after === null ? 0 : 1);
  return layers.filter((layer) => wanted.has(layer.step)).sort((a, b) => order(a) - order(b));
}

/** Youngest first. */
export async function takeBackLayers(layers: readonly Layer[], context: RunContext): Promise<void> {
  await move(layers, 'back', context);
}

/** Moves files from a layer's content to the one before it, or the other way; by the transaction, like every other write. */
async function move(layers: readonly Layer[], direction: 'back' | 'forth', context: RunContext): Promise<void> {
  const { root, runDir, ledger } = context;
  const transaction = { root, runDir, name: 'gate' };
  const back = direction === 'back';
  for (const layer of layers) {
    if (back) ledger.pop(layer.path);
    else ledger.add(layer);
  }
  const stuck = report(
    back ? await takeBack(transaction, layers) : await putAgain(transaction, layers),
    direction,
    context,
  );
  if (!back) for (const path of stuck) ledger.pop(path);
  const now = new Map(layers.map((layer) => [layer.path, back ? layer.before : layer.after]));
  for (const [path, hash] of now) if (!stuck.has(path)) noteInTree(path, hash, context);
}

function noteInTree(path: string, hash: string | null, { tree }: RunContext): void {
  if (hash === null) tree.remove(path);
  else tree.put({ path, hash });
}

/** Returns the paths that could not be moved, after saying why. */
function report(moved: TakenBack, direction: 'back' | 'forth', { emit }: RunContext): ReadonlySet<string> {
  const { leftAlone, failures } = moved;
  const kind = direction === 'back' ? { kind: 'restore-failed' as const } : {};
  for (const failure of failures) emit({ type: 'failure', step: null, failure: { ...failure, ...kind } });
  for (const { path } of leftAlone)
    emit({ type: 'notice', message: `${path} was changed by someone else meanwhile and is left as it is` });
  return new Set([...leftAlone.map(({ path }) => path), ...failures.flatMap((failure) => failure.path ?? [])]);
}
