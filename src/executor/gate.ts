/** Nothing gets worse (DESIGN idea 5): findings before and after are compared, and what made things worse is taken back. */
import { type Diagnostic, newDiagnostics } from '../model/diagnostic.js';
import type { Edit } from '../model/edit.js';
import type { PlannedStep } from '../model/plan.js';
import { readBlob } from '../safety/blobs.js';
import { applyEdits } from '../safety/transaction.js';
import type { RunContext } from './context.js';
import type { Layer } from './ledger.js';
import { narrow } from './narrow.js';
import { runVerify } from './verify.js';

/** Verifications that finding the guilty edit may cost; beyond it whole steps are taken back. */
const VERIFICATION_BUDGET = 12;

/** Judges the edits of the steps that this verify stands for; returns the findings that are left in the end. */
export async function judge(
  step: PlannedStep,
  findings: readonly Diagnostic[],
  context: RunContext,
): Promise<readonly Diagnostic[]> {
  const { gate } = step;
  const baseline = gate === undefined ? undefined : context.findings.get(gate.baseline);
  if (gate === undefined || baseline === undefined) return findings;
  const fresh = newDiagnostics(baseline, findings);
  const layers = layersOf(gate.judges, context);
  if (fresh.length === 0 || layers.length === 0) return findings;
  if ((await policy(fresh, context)) === 'keep') {
    context.emit({
      type: 'notice',
      message: `${String(fresh.length)} new findings are kept, as asked with onRegression`,
    });
    return findings;
  }
  return takeBackGuilty(step, { fresh, layers, baseline }, context);
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
  readonly fresh: readonly Diagnostic[];
  readonly layers: readonly Layer[];
  readonly baseline: readonly Diagnostic[];
}

async function takeBackGuilty(step: PlannedStep, trial: Trial, context: RunContext): Promise<readonly Diagnostic[]> {
  let current: readonly Diagnostic[] = [];
  const verify = async (): Promise<readonly Diagnostic[]> => {
    current = await runVerify(step, context);
    return newDiagnostics(trial.baseline, current);
  };
  const whole = context.config.onRegression === 'rollback';
  const verdict = await narrow(
    trial.layers,
    trial.fresh,
    {
      takeBack: (layers) => move([...layers].reverse(), 'back', context),
      putBack: (layers) => move(layers, 'forth', context),
      verify,
      pointsAt: (finding, layer) => finding.path === layer.path,
    },
    whole ? 0 : VERIFICATION_BUDGET,
  );
  context.emit({ type: 'gate-judged', step: step.id, verifications: verdict.verifications, fresh: trial.fresh });
  for (const { unit, findings } of verdict.guilty) {
    context.emit({ type: 'edits-taken-back', step: unit.step, edits: [unit], reason: reasonOf(findings) });
    context.emit({ type: 'edit-refused', step: unit.step, path: unit.path, reason: reasonOf(findings), findings });
  }
  if (verdict.unexplained.length > 0) {
    context.emit({
      type: 'notice',
      message: `${String(verdict.unexplained.length)} new findings remain although every edit was taken back: no edit of this run causes them`,
    });
  }
  return current;
}

function reasonOf(findings: readonly Diagnostic[]): string {
  const [first] = findings;
  if (first === undefined) return 'it would have caused a new finding';
  const where = first.path === null ? '' : ` in ${first.path}`;
  return `it would have caused ${first.tool} ${first.rule ?? 'error'}${where}: ${first.message}`;
}

/** Every edit of these steps that stands, oldest first. */
function layersOf(steps: readonly string[], context: RunContext): Layer[] {
  const wanted = new Set(steps);
  const layers = context.ledger.paths().flatMap((path) => context.ledger.of(path));
  const order = (layer: Layer): number => steps.indexOf(layer.step);
  return layers.filter((layer) => wanted.has(layer.step)).sort((a, b) => order(a) - order(b));
}

/** Moves files from a layer's content to the one before it, or the other way; by the transaction, like every other write. */
async function move(layers: readonly Layer[], direction: 'back' | 'forth', context: RunContext): Promise<void> {
  const target = new Map<string, { from: string | null; to: string | null }>();
  for (const layer of layers) {
    const [from, to] = direction === 'back' ? [layer.after, layer.before] : [layer.before, layer.after];
    target.set(layer.path, { from: target.get(layer.path)?.from ?? from, to });
    if (direction === 'back') context.ledger.pop(layer.path);
    else context.ledger.add(layer);
  }
  const edits: Edit[] = [];
  for (const [path, { from, to }] of target)
    edits.push({ path, before: from, after: to === null ? null : await readBlob(context.runDir, to) });
  const { changedMeanwhile, failures } = await applyEdits(
    { root: context.root, runDir: context.runDir, name: 'gate' },
    edits,
  );
  for (const failure of failures) context.emit({ type: 'failure', step: null, failure });
  const stuck = new Set([
    ...changedMeanwhile.map((one) => one.path),
    ...failures.flatMap((failure) => failure.path ?? []),
  ]);
  for (const [path, { to }] of target) {
    if (stuck.has(path)) continue;
    if (to === null) context.tree.remove(path);
    else context.tree.put({ path, hash: to });
  }
}
