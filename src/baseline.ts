/** Findings that are known: those that a project has accepted for now, and those of the commit that a run is compared with. */
import { readTextIfThere } from './host/disk.js';
import { hashText } from './host/hash.js';
import { absolutePath, join } from './host/paths.js';
import { isThereNow, readTextNow } from './host/text-now.js';
import {
  BASELINE_FILE,
  type BaselineEntry,
  type BaselineMatch,
  WHOLE_FILE,
  canBeKnown,
  entryOf,
  matchBaseline,
  parseBaseline,
} from './model/baseline.js';
import type { Diagnostic } from './model/diagnostic.js';
import type { EditRecord } from './model/edit.js';
import type { EventBody } from './model/event.js';
import { type Result, failed, success } from './model/result.js';

/** null where the project has none. One that cannot be read is no empty one. */
export async function loadBaseline(root: string): Promise<Result<readonly BaselineEntry[] | null>> {
  const text = await readTextIfThere(join(root, BASELINE_FILE));
  if (text === null) return success(null);
  const parsed = parseBaseline(text);
  if (parsed.ok) return parsed;
  const line = text.split(/\r?\n/)[parsed.failure.line - 1] ?? '';
  const isConflict = /^(?:<{7}|={7}|>{7}|\|{7})/.test(line);
  return failed({
    kind: 'config-invalid',
    path: `${BASELINE_FILE}:${String(parsed.failure.line)}`,
    message: isConflict ? 'A merge has left a conflict here' : 'This line is no entry of a baseline',
    next: isConflict
      ? 'Keep the lines of both sides, then run `quality baseline update`.'
      : 'Take the line out; or delete the file and write it anew with `quality baseline create`.',
  });
}

/** The commit that a run is compared with, and what was found there. */
export interface Base {
  /** As it was asked for. */
  readonly ref: string;
  readonly commit: string;
  readonly entries: readonly BaselineEntry[];
}

export interface KnownFindings {
  readonly baseline: readonly BaselineEntry[];
  readonly base: readonly BaselineEntry[];
}

/** null where nothing is known. A finding that both know is one. */
export function knownFindings(
  root: string,
  baseline: readonly BaselineEntry[] | null,
  base: Base | undefined,
): KnownFindings | null {
  if (base === undefined) return baseline === null ? null : { baseline, base: [] };
  const accepted = baseline ?? [];
  const { left } = matchBaseline(accepted, base.entries, isGoneFrom(root));
  return { baseline: accepted, base: [...base.entries, ...left] };
}

/** The event with what is known in it marked as such. */
export function withKnown(body: EventBody, root: string, known: KnownFindings | null): EventBody {
  if (known === null) return body;
  if (body.type === 'findings') return { ...body, diagnostics: markFindings(body.diagnostics, root, known) };
  if (body.type === 'edits-applied' && !body.written) return { ...body, edits: markEdits(body.edits, root, known) };
  return body;
}

function markFindings(found: readonly Diagnostic[], root: string, { baseline, base }: KnownFindings): Diagnostic[] {
  const accepted = recognise(found, root, baseline).known;
  const before = base.length === 0 ? accepted : recognise(found, root, base).known;
  return found.map((one, at) => {
    if (before[at] !== true) return one;
    return { ...one, known: accepted[at] === true ? ('baseline' as const) : ('base' as const) };
  });
}

/**
 * What the tools of an edit would have done to that file anyway is nothing new; nor is it where the tool has something
 * in the baseline to mend there: what it has found besides is a finding, and new.
 */
function markEdits(edits: readonly EditRecord[], root: string, { baseline, base }: KnownFindings): EditRecord[] {
  const needs = edits.flatMap((edit) => pendingEdits(edit));
  const { known } = recognise(needs, root, base);
  const placeOf = ({ tool, path }: Pick<BaselineEntry, 'tool' | 'path'>): string => JSON.stringify([tool, path]);
  const accepted = new Set(baseline.map(placeOf));
  const fresh = new Set(
    needs.filter((need, at) => known[at] !== true && !accepted.has(placeOf(need))).map(({ path }) => path),
  );
  return edits.map((edit) => (fresh.has(edit.path) ? edit : { ...edit, known: true as const }));
}

/** An edit that was not made, as findings: one for each tool. */
export function pendingEdits({ path, tools }: Pick<EditRecord, 'path' | 'tools'>): Diagnostic[] {
  return tools.map((tool) => ({ tool, rule: 'would-change', severity: 'error', message: 'Would change', path }));
}

function isGoneFrom(root: string): (path: string) => boolean {
  return (path) => !isThereNow(absolutePath(root, path));
}

export function recognise(
  findings: readonly Diagnostic[],
  root: string,
  baseline: readonly BaselineEntry[],
): BaselineMatch {
  const possible = findings.filter(canBeKnown);
  const { known, left } = matchBaseline(baseline, entriesFor(possible, root), isGoneFrom(root));
  const yes = new Set(possible.filter((_, at) => known[at]));
  return { known: findings.map((finding) => yes.has(finding)), left };
}

/** In the order of the findings. */
export function entriesFor(findings: readonly Diagnostic[], root: string): BaselineEntry[] {
  const texts = new Map<string, string | null>();
  const textAt = (path: string): string | null => {
    const text = texts.get(path) ?? readTextNow(absolutePath(root, path));
    texts.set(path, text);
    return text;
  };
  return findings.map((finding) => entryOf(finding, digestOf(finding, textAt)));
}

function digestOf({ path, start }: Diagnostic, textAt: (path: string) => string | null): string | null {
  const text = path === null ? null : textAt(path);
  if (text === null) return null;
  return start === undefined ? `${WHOLE_FILE}${short(text)}` : short(text.split('\n')[start.line - 1] ?? '');
}

const DIGITS = 12;

/** What formatters change is not seen: blanks, quotes, semicolons and commas. */
function short(text: string): string {
  return hashText(text.replace(/[\s'"`;,]/g, '')).slice(0, DIGITS);
}
