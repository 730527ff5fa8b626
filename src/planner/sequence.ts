/** From a workflow as written to the steps that run, in order, with reasons. */
import type { CommandSpec, Workflow, WorkflowStep } from '../model/command.js';
import type { Failure } from '../model/failure.js';
import type { GateDepth } from '../model/plan.js';
import { type Result, failed, success } from '../model/result.js';
import { type GraphNode, sortGraph } from './graph.js';

export interface SequencedStep {
  readonly id: string;
  readonly spec: CommandSpec;
  readonly written: WorkflowStep;
  readonly reason: string;
}

export interface Sequence {
  readonly steps: readonly SequencedStep[];
  readonly notes: readonly string[];
}

export function sequenceSteps(
  workflow: Workflow,
  commands: ReadonlyMap<string, CommandSpec>,
  gate: GateDepth,
  everyStep = false,
): Result<Sequence> {
  const notes: string[] = [];
  const known: { spec: CommandSpec; written: WorkflowStep; added?: string }[] = [];
  for (const written of workflow.steps) {
    const spec = commands.get(written.command);
    if (spec === undefined) return failed(unknownCommand(written.command, commands));
    known.push({ spec, written });
  }
  const kept = dropCovered(dropRepeated(known, notes), notes);
  const clash = findClash(kept, notes);
  if (clash !== null) return failed(clash);
  const sorted = sortSteps(kept);
  if (!sorted.ok) return sorted;
  const verify = commands.get('verify');
  const bracketed = addVerify(sorted.value, verify, gate, notes);
  const guarded = everyStep && judgesFindings(gate) ? verifyEach(bracketed, verify, notes) : bracketed;
  return success({ steps: numberSteps(guarded), notes });
}

interface Draft {
  readonly spec: CommandSpec;
  readonly written: WorkflowStep;
  readonly added?: string;
}

function unknownCommand(name: string, commands: ReadonlyMap<string, CommandSpec>): Failure {
  return {
    kind: 'usage',
    message: `There is no command "${name}"`,
    next: `The commands are: ${[...commands.keys()].join(', ')}.`,
  };
}

/** The same command twice in a row, with the same options, does its work once. */
function dropRepeated(drafts: readonly Draft[], notes: string[]): Draft[] {
  return drafts.filter((draft, index) => {
    const previous = drafts[index - 1];
    const same = previous !== undefined && JSON.stringify(previous.written) === JSON.stringify(draft.written);
    if (same) notes.push(`${draft.spec.name} stands twice in a row: it runs once`);
    return !same;
  });
}

function dropCovered(drafts: readonly Draft[], notes: string[]): Draft[] {
  return drafts.filter(({ spec }) => {
    const covering = drafts.find((other) => other.spec.covers?.includes(spec.name) === true);
    if (covering !== undefined) notes.push(`${spec.name} is part of ${covering.spec.name}: it is not run on its own`);
    return covering === undefined;
  });
}

function findClash(drafts: readonly Draft[], notes: string[]): Failure | null {
  for (const { spec } of drafts) {
    for (const [other, clash] of Object.entries(spec.incompatible ?? {})) {
      if (!drafts.some((draft) => draft.spec.name === other)) continue;
      const message = `${spec.name} and ${other} do not go together: ${clash.reason}`;
      if (clash.level === 'error') return { kind: 'config-invalid', message };
      notes.push(message);
    }
  }
  return null;
}

function sortSteps(drafts: readonly Draft[]): Result<readonly Draft[]> {
  const sorted = sortGraph(drafts.map((draft, index) => nodeOf(draft, index, drafts)));
  if ('circle' in sorted) {
    const names = sorted.circle.map((id) => drafts[Number(id)]?.spec.name ?? id);
    return failed({ kind: 'config-invalid', message: `These commands wait for each other: ${names.join(' → ')}` });
  }
  return success(sorted.order.flatMap((id) => drafts[Number(id)] ?? []));
}

/** A need is met by the nearest step before it that has the command; where there is none, by the first one after it. */
function nodeOf(draft: Draft, index: number, drafts: readonly Draft[]): GraphNode {
  const needs = new Set([...draft.spec.after, ...(draft.written.after ?? [])]);
  const after = [...needs].flatMap((need) => {
    const earlier = drafts.findLastIndex((other, place) => place < index && other.spec.name === need);
    const place =
      earlier >= 0 ? earlier : drafts.findIndex((other, later) => later > index && other.spec.name === need);
    // A verify further down judges this step; it is not what the step waits for.
    const judges = earlier < 0 && drafts[place]?.spec.name === 'verify';
    return place < 0 || judges ? [] : [String(place)];
  });
  return { id: String(index), after };
}

/** Findings can decide about edits only where there is a verify before the first of them and one after the last. */
function addVerify(
  drafts: readonly Draft[],
  verify: CommandSpec | undefined,
  gate: GateDepth,
  notes: string[],
): Draft[] {
  const first = drafts.findIndex(({ spec }) => spec.effect === 'writes');
  if (first < 0 || verify === undefined || !judgesFindings(gate)) return [...drafts];
  const last = drafts.findLastIndex(({ spec }) => spec.effect === 'writes');
  const isVerify = ({ spec }: Draft): boolean => spec.name === 'verify';
  const guard = (added: string): Draft[] => {
    notes.push(`verify is added ${added}`);
    return [{ spec: verify, written: { command: 'verify' }, added }];
  };
  return [
    ...(drafts.slice(0, first).some(isVerify)
      ? []
      : guard('before the first step that writes: the gate compares with it')),
    ...drafts,
    ...(drafts.slice(last + 1).some(isVerify)
      ? []
      : guard('after the last step that writes: it decides what may stay')),
  ];
}

function judgesFindings(gate: GateDepth): boolean {
  return gate === 'findings' || gate === 'tests';
}

/** With priority safety no step builds on edits that nothing has judged yet. */
function verifyEach(drafts: readonly Draft[], verify: CommandSpec | undefined, notes: string[]): Draft[] {
  if (verify === undefined) return [...drafts];
  return drafts.flatMap((draft, index) => {
    if (draft.spec.effect !== 'writes' || drafts[index + 1]?.spec.name === 'verify') return [draft];
    notes.push(`verify is added after ${draft.spec.name}: priority safety judges every step that writes`);
    return [
      draft,
      { spec: verify, written: { command: 'verify' }, added: `to judge ${draft.spec.name}: priority safety` },
    ];
  });
}

function numberSteps(drafts: readonly Draft[]): SequencedStep[] {
  const counts = new Map<string, number>();
  const steps: SequencedStep[] = [];
  for (const { spec, written, added } of drafts) {
    const count = (counts.get(spec.name) ?? 0) + 1;
    counts.set(spec.name, count);
    steps.push({
      id: `${spec.name}-${String(count)}`,
      spec,
      written,
      reason: added === undefined ? reasonOf(spec, steps) : `added ${added}`,
    });
  }
  return steps;
}

function reasonOf(spec: CommandSpec, before: readonly SequencedStep[]): string {
  const needed = before.filter((step) => spec.after.includes(step.spec.name)).map((step) => step.id);
  if (needed.length > 0) return `after ${needed.join(', ')}: ${spec.name} depends on it`;
  const writer = before.findLast((step) => step.spec.effect === 'writes');
  if (writer !== undefined) return `after ${writer.id}: it looks at what that leaves`;
  return 'nothing comes before it';
}
