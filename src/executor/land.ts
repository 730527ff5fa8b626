/** Where edits reach the target, or, in a check or dry run, the tree in memory. */
import { hashBytes } from '../host/hash.js';
import { absolutePath } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import type { Edit, EditRecord } from '../model/edit.js';
import type { PlannedStep } from '../model/plan.js';
import { openBlobWriter } from '../safety/blobs.js';
import { modeAfter, modeOnDisk } from '../safety/modes.js';
import { applyEdits } from '../safety/transaction.js';
import type { RunContext } from './context.js';
import { type Layer, recordOf } from './ledger.js';
import { contentNow, stillParses } from './soundness.js';

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

async function dropBroken(
  step: PlannedStep,
  edits: readonly ProposedEdit[],
  context: RunContext,
): Promise<ProposedEdit[]> {
  const kept: ProposedEdit[] = [];
  for (const edit of edits) {
    if (await stillParses(edit, context)) kept.push(edit);
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
  const tools = new Map(edits.map((edit) => [keyOf(edit), edit.tools]));
  const layers = applied.map((edit): Layer => ({ ...edit, tools: tools.get(keyOf(edit)) ?? [], step: step.id }));
  record(
    step,
    layers.map((layer) => ({ layer, content: null })),
    context,
  );
  for (const failure of failures) context.emit({ type: 'failure', step: step.id, failure });
  return changedMeanwhile.map((change) => change.path);
}

function keyOf({ path, before }: Pick<EditRecord, 'path' | 'before'>): string {
  return `${path}\0${String(before)}`;
}

/** The contents are kept beside the log, so that the diff of a dry run is made like that of any run; nothing is restored from them. */
async function overlay(
  step: PlannedStep,
  edits: readonly ProposedEdit[],
  context: RunContext,
): Promise<readonly string[]> {
  const contents: [ProposedEdit, Uint8Array | null][] = [];
  const landed: Landed[] = [];
  for (const edit of edits) {
    contents.push([edit, await contentNow(edit.path, context)]);
    landed.push({ layer: await layerOf(step, edit, context), content: edit.after });
  }
  context.meanwhile(() => keepContents(contents, context));
  record(step, landed, context);
  return [];
}

async function keepContents(
  contents: readonly [ProposedEdit, Uint8Array | null][],
  { runDir }: RunContext,
): Promise<void> {
  const blobs = await openBlobWriter(runDir);
  await forEachAtMost(LANES, contents, async ([{ after }, before]) => {
    for (const one of [before, after]) if (one !== null) await blobs.add(hashBytes(one), one, false);
  });
  await blobs.keep();
}

/** Files at a time. */
const LANES = 8;

/** What it would be, had it been written. */
async function layerOf(
  { id }: PlannedStep,
  { path, before, after, executable, tools }: ProposedEdit,
  { root, ledger }: RunContext,
): Promise<Layer> {
  const earlier = ledger.of(path).at(-1);
  const mode = earlier === undefined ? await modeOnDisk(absolutePath(root, path)) : earlier.modes.after;
  const modes = { before: mode, after: after === null ? null : modeAfter(mode, executable) };
  const hash = after === null ? null : hashBytes(after);
  return { path, before, after: hash, modes, tools, step: id, madeFolders: [], removedFolders: [] };
}

interface Landed {
  readonly layer: Layer;
  /** Only of what does not stand on disk. */
  readonly content: Uint8Array | null;
}

function record(step: PlannedStep, landed: readonly Landed[], context: RunContext): void {
  if (landed.length === 0) return;
  for (const { layer, content } of landed) {
    const { path, after: hash } = layer;
    context.ledger.add(layer);
    if (hash === null) context.tree.remove(path);
    else context.tree.put(content === null ? { path, hash } : { path, hash, content });
  }
  const written = context.plan.mode === 'write';
  const edits = landed.map(({ layer }) => recordOf(layer));
  context.emit({ type: 'edits-applied', step: step.id, written, edits });
}
