/** What must hold at the end of every scenario, whatever happened in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunEvidence, type Written, hasLanded, wasJudged } from './evidence.js';
import type { DoneEdit } from './user-edit.js';
import type { Entry, State, TreeState } from './state.js';
import type { World } from './world.js';

export type ViolationKind =
  | 'tree'
  | 'user bytes lost'
  | 'index'
  | 'commit'
  | 'git'
  | 'lock left'
  | 'snapshot lost'
  | 'temporary file'
  | 'scratch folder'
  | 'orphan'
  | 'exit code'
  | 'hang'
  | 'restore';

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

export interface Story {
  readonly world: World;
  readonly before: State;
  readonly after: State;
  readonly edits: readonly DoneEdit[];
  readonly runs: readonly RunEvidence[];
  /** The run came to its end and left its changes. */
  readonly completed: boolean;
  /** Nobody but the run and the user has written here. */
  readonly alone: boolean;
}

/** The tree as it was, with what the user did. */
export function expectedTree(before: TreeState, edits: readonly DoneEdit[]): Map<string, Entry> {
  const tree = new Map(before);
  for (const { path, left } of edits) {
    if (left === null) tree.delete(path);
    else tree.set(path, { kind: 'file', content: left, mode: before.get(path)?.mode ?? -1 });
  }
  return tree;
}

export interface TreeVerdict {
  readonly violations: readonly Violation[];
  /** Not one byte differs but those of the user. */
  readonly identical: boolean;
}

export function checkTree(story: Story): TreeVerdict {
  const expected = expectedTree(story.before.tree, story.edits);
  const { tree } = story.after;
  const written = writtenByPath(story.runs);
  const edited = new Set(story.edits.map((edit) => edit.path));
  const paths = [...new Set([...expected.keys(), ...tree.keys()])];
  const differing = paths.filter((path) => !same(expected.get(path), tree.get(path), edited.has(path)));
  const violations = differing.flatMap((path): Violation[] => {
    const trouble = explain(path, { expected: expected.get(path), found: tree.get(path), written, story });
    if (trouble === null) return [];
    if (/(?:^|\/)\.quality-.*\.tmp/.test(path)) return [{ kind: 'temporary file', what: path }];
    return [{ kind: edited.has(path) ? 'user bytes lost' : 'tree', what: `${JSON.stringify(path)}: ${trouble}` }];
  });
  return {
    violations: [...violations, ...missingChanges(story, edited), ...lostTokens(story, written)],
    identical: differing.length === 0,
  };
}

function same(a: Entry | undefined, b: Entry | undefined, edited: boolean): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === b.kind && a.content === b.content && (edited || a.mode === b.mode);
}

function writtenByPath(runs: readonly RunEvidence[]): Map<string, Written[]> {
  const written = new Map<string, Written[]>();
  for (const one of runs.flatMap((run) => run.written)) written.set(one.path, [...(written.get(one.path) ?? []), one]);
  return written;
}

interface Difference {
  readonly expected: Entry | undefined;
  readonly found: Entry | undefined;
  readonly written: ReadonlyMap<string, readonly Written[]>;
  readonly story: Story;
}

/** null: the run's own log explains it. */
function explain(path: string, difference: Difference): string | null {
  const { expected, found, written, story } = difference;
  if (isFolderOnly(difference)) {
    const inside = [...written.keys()].some((one) => one.startsWith(`${path}/`));
    return inside ? null : `a folder ${found === undefined ? 'is gone' : 'is new'}`;
  }
  const steps = written.get(path) ?? [];
  const trouble = explainContent(fileContent(expected), fileContent(found), steps);
  if (trouble !== null) return `${show(expected)} became ${show(found)}, and ${trouble}`;
  const content = fileContent(found) ?? null;
  const judged =
    story.completed || story.runs.some((run) => wasJudged(run, path, content) || hasLanded(run, path, content));
  return judged ? null : `${show(expected)} became ${show(found)}, which nobody has proven`;
}

/** undefined: a symlink; null: no file. */
type FileContent = string | null | undefined;

function explainContent(from: FileContent, to: FileContent, steps: readonly Written[]): string | null {
  if (from !== undefined && from === to)
    return steps.some((one) => one.before === one.after) ? null : 'no run says so of its mode';
  const starts = from === undefined ? steps.map((one) => one.before) : [from];
  return to !== undefined && reachable(starts, to, steps) ? null : 'no run says so';
}

function isFolderOnly({ expected, found }: Difference): boolean {
  return [expected, found].every((entry) => entry === undefined || entry.kind === 'folder');
}

/** A folder is no file; undefined: a link, of which only the file behind it has a hash. */
function fileContent(entry: Entry | undefined): FileContent {
  if (entry === undefined || entry.kind === 'folder') return null;
  return entry.kind === 'link' ? undefined : entry.content;
}

function reachable(starts: readonly (string | null)[], to: string | null, steps: readonly Written[]): boolean {
  const seen = new Set(starts);
  for (let size = -1; size !== seen.size;) {
    size = seen.size;
    for (const { before, after } of steps) if (seen.has(before)) seen.add(after);
  }
  return seen.has(to);
}

function show(entry: Entry | undefined): string {
  if (entry === undefined) return 'nothing';
  return entry.kind === 'file' ? `${entry.content.slice(0, 8)} (${entry.mode.toString(8)})` : entry.kind;
}

/** A change that is reported stands in the tree, unless the user has been there. */
function missingChanges({ completed, runs, after, before, alone }: Story, edited: ReadonlySet<string>): Violation[] {
  const [first] = runs;
  if (!completed || !alone || first?.state.written !== true) return [];
  return first.changes.flatMap((change): Violation[] => {
    const there = fileContent(after.tree.get(change.path)) ?? null;
    const isLink = before.tree.get(change.path)?.kind === 'link';
    if (edited.has(change.path) || isLink || there === change.after) return [];
    return [{ kind: 'tree', what: `${JSON.stringify(change.path)} is reported as changed and is not` }];
  });
}

/** What the user typed is somewhere in the tree, if not in a file that a tool has deleted with these very words in it. */
function lostTokens({ world, edits, after }: Story, written: ReadonlyMap<string, readonly Written[]>): Violation[] {
  return edits.flatMap(({ path, token, left, found, how }, number): Violation[] => {
    const isDeletedByUser = edits.slice(number).some((one) => one.path === path && one.left === null);
    if (isDeletedByUser || left === found) return [];
    const deleted = reachable([left], null, written.get(path) ?? []) && after.tree.get(path)?.kind !== 'file';
    const places = [path, ...after.tree.keys()];
    if (deleted || places.some((place) => holds(join(world.top, place), token))) return [];
    return [{ kind: 'user bytes lost', what: `${JSON.stringify(path)}: what the user wrote (${how}) is gone` }];
  });
}

function holds(path: string, token: string): boolean {
  try {
    return readFileSync(path).includes(token);
  } catch {
    return false;
  }
}
