import { markRun } from '../safety/run-mark.js';
import { isDiskFull } from '../safety/trouble.js';
import { undoRun } from '../safety/undo.js';
import type { RunContext } from './context.js';
import { type Layer, recordOf } from './ledger.js';

/** Brings back what stood before this run; false when some of it could not be. What others changed meanwhile is left to them. */
export async function takeBackRun(context: RunContext, reason: string): Promise<boolean> {
  const byStep = new Map<string, Layer[]>();
  for (const layer of context.ledger.paths().flatMap((path) => context.ledger.of(path))) {
    byStep.set(layer.step, [...(byStep.get(layer.step) ?? []), layer]);
  }
  if (context.plan.mode !== 'write' || byStep.size === 0) return true;
  // Were we killed over it, recovery would take this very undo back, up to what a gate had let through: all is to go.
  await markRun(context.runDir).catch((error: unknown) => {
    if (!isDiskFull(error)) throw error;
  });
  const { leftAlone, failures } = await undoRun({ root: context.root, runDir: context.runDir });
  const stuck = new Set([...leftAlone.map((one) => one.path), ...failures.flatMap((failure) => failure.path ?? [])]);
  for (const failure of failures)
    context.emit({ type: 'failure', step: null, failure: { ...failure, kind: 'restore-failed' } });
  for (const { path } of leftAlone)
    context.emit({ type: 'notice', message: `${path} was changed by someone else meanwhile and is left as it is` });
  for (const [step, edits] of byStep) {
    context.emit({
      type: 'edits-taken-back',
      step,
      edits: edits.filter((edit) => !stuck.has(edit.path)).map(recordOf),
      reason,
    });
  }
  return failures.length === 0;
}
