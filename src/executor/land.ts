/** Where edits reach the target, or, in a check or dry run, the tree in memory. */
import { readIfThere } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath } from '../host/paths.js';
import type { Edit, EditRecord } from '../model/edit.js';
import type { PlannedStep } from '../model/plan.js';
import { openBlobWriter } from '../safety/blobs.js';
import { applyEdits } from '../safety/transaction.js';
import { stillParses } from '../tools/syntax.js';
import type { RunContext } from './context.js';

/** An edit and the tools whose work it is. */
export interface ProposedEdit extends Edit {
  readonly tools: readonly string[];
}

/** Applies what may be applied; returns the paths that someone else changed since the job read them. */
export async function landEdits(
  step: PlannedStep,
  edits: readonly ProposedEdit[],
  context: RunContext,
): Promise<readonly string[]> {
  const sound = await dropBroken(step, edits, context);
  if (sound.length === 0) return [];
  return context.plan.mode === 'write' ? write(step, sound, context) : overlay(step, sound, context);
}

/** The syntax gate: what parsed before must parse after, whatever else decides later. */
async function dropBroken(
  step: PlannedStep,
  edits: readonly ProposedEdit[],
  context: RunContext,
): Promise<ProposedEdit[]> {
  const kept: ProposedEdit[] = [];
  for (const edit of edits) {
    if (edit.after === null || (await stillParses(edit.path, edit.after, () => contentNow(edit.path, context))))
      kept.push(edit);
    else
      context.emit({
        type: 'edit-refused',
        step: step.id,
        path: edit.path,
        reason: 'the result would not parse',
        findings: [],
      });
  }
  return kept;
}

async function contentNow(path: string, context: RunContext): Promise<Uint8Array | null> {
  return context.tree.get(path)?.content ?? readIfThere(absolutePath(context.root, path));
}

async function write(
  step: PlannedStep,
  edits: readonly ProposedEdit[],
  context: RunContext,
): Promise<readonly string[]> {
  if (!(await context.beforeFirstWrite())) return [];
  const { applied, changedMeanwhile, failures } = await applyEdits(
    { root: context.root, runDir: context.runDir, name: step.id },
    edits,
  );
  const written = new Set(applied.map((edit) => edit.path));
  record(
    step,
    edits.filter((edit) => written.has(edit.path)),
    context,
  );
  for (const failure of failures) context.emit({ type: 'failure', step: step.id, failure });
  return changedMeanwhile.map((change) => change.path);
}

/** The contents are kept beside the log, so that the diff of a dry run is made like that of any run. */
async function overlay(
  step: PlannedStep,
  edits: readonly ProposedEdit[],
  context: RunContext,
): Promise<readonly string[]> {
  const blobs = await openBlobWriter(context.runDir);
  for (const { path, after } of edits) {
    const before = await contentNow(path, context);
    for (const content of [before, after]) if (content !== null) await blobs.add(hashBytes(content), content);
  }
  await blobs.keep();
  record(step, edits, context);
  return [];
}

function record(step: PlannedStep, edits: readonly ProposedEdit[], context: RunContext): void {
  if (edits.length === 0) return;
  const written = context.plan.mode === 'write';
  const records: EditRecord[] = [];
  for (const { path, before, after, tools } of edits) {
    const hash = after === null ? null : hashBytes(after);
    records.push({ path, before, after: hash, tools });
    context.ledger.add({ path, before, after: hash, tools, step: step.id });
    if (after === null || hash === null) context.tree.remove(path);
    else context.tree.put(written ? { path, hash } : { path, hash, content: after });
  }
  context.emit({ type: 'edits-applied', step: step.id, written, edits: records });
}
