/** Findings that are known and accepted: how they are written down, and recognised again. Pure. */
import { type Diagnostic, compareText, senseOf } from './diagnostic.js';
import { FAILURES } from './failure.js';
import { type Result, failed, success } from './result.js';

export const BASELINE_FILE = '.quality-baseline.jsonl';

/** One finding. There is no line number: lines come and go above it. */
export interface BaselineEntry {
  readonly path: string | null;
  readonly tool: string;
  readonly rule: string | null;
  /** What it says, whatever else changes: see `senseOf`. */
  readonly message: string;
  /** Digest of the line that it is about, or of the file where it is about all of it; null where neither can be read. */
  readonly text: string | null;
}

/** What a tool that could not do its work says must never be got used to. */
export function canBeKnown({ rule }: Diagnostic): boolean {
  return rule === null || rule === 'syntax-error' || !Object.hasOwn(FAILURES, rule);
}

export function entryOf({ path, tool, rule, message }: Diagnostic, text: string | null): BaselineEntry {
  const named = path === null ? message : message.replaceAll(path, '<file>');
  return { path, tool, rule, message: senseOf(named), text };
}

/** Sorted lines, each of them a whole: two branches that both change it are merged like any other text. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  return entries
    .map(({ path, tool, rule, message, text }) => `${JSON.stringify({ path, tool, rule, message, text })}\n`)
    .sort(compareText)
    .join('');
}

/** A mistake is the number of its line, from 1. Order does not matter: a merge may have changed it. */
export function parseBaseline(text: string): Result<readonly BaselineEntry[], { readonly line: number }> {
  const entries: BaselineEntry[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    if (entry === null) return failed({ line: index + 1 });
    entries.push(entry);
  }
  return success(entries);
}

function parseEntry(line: string): BaselineEntry | null {
  try {
    const entry = JSON.parse(line) as Partial<Record<keyof BaselineEntry, unknown>> | null;
    const { path, tool, rule, message, text } = entry ?? {};
    const isEntry = isTextOrNull(path) && isTextOrNull(rule) && isTextOrNull(text);
    return isEntry && typeof tool === 'string' && typeof message === 'string'
      ? { path, tool, rule, message, text }
      : null;
  } catch {
    return null;
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

type Key = (entry: BaselineEntry) => readonly (string | null)[] | null;

/** From the surest sign down. An entry stands for one finding, so that a second one of the same kind is new. */
function signs(isGone: (path: string) => boolean): readonly { readonly found: Key; readonly entry: Key }[] {
  const moved = (key: Key): { readonly found: Key; readonly entry: Key } => ({
    found: key,
    // A file that is still there keeps its entries, whether it was looked at or not.
    entry: (entry) => (entry.path !== null && isGone(entry.path) ? key(entry) : null),
  });
  const same = (key: Key): { readonly found: Key; readonly entry: Key } => ({ found: key, entry: key });
  return [
    same(({ path, tool, rule, message, text }) => [path, tool, rule, message, text]),
    same(({ path, tool, rule, message }) => [path, tool, rule, message]),
    moved(({ tool, rule, message, text }) => (text === null ? null : [tool, rule, message, text])),
    moved((entry) => wholeFile(entry, /[^/]*$/)),
    moved((entry) => wholeFile(entry, /^.*\/|^/)),
  ];
}

/** Text of a file that was moved and edited is another one: its name or its folder has to do. */
export const WHOLE_FILE = 'file:';

function wholeFile(
  { path, tool, rule, message, text }: BaselineEntry,
  part: RegExp,
): readonly (string | null)[] | null {
  if (path === null || text?.startsWith(WHOLE_FILE) !== true) return null;
  return [tool, rule, message, part.exec(path)?.[0] ?? ''];
}

export interface BaselineMatch {
  /** By the place of the finding: is it in the baseline? */
  readonly known: readonly boolean[];
  /** Entries that no finding answers to. */
  readonly left: readonly BaselineEntry[];
}

export function matchBaseline(
  entries: readonly BaselineEntry[],
  found: readonly BaselineEntry[],
  isGone: (path: string) => boolean,
): BaselineMatch {
  let left: readonly BaselineEntry[] = entries;
  const known = found.map(() => false);
  for (const sign of signs(isGone)) {
    const free = byKey(left, sign.entry);
    const taken = new Set<BaselineEntry>();
    for (const [index, finding] of found.entries()) {
      if (known[index] === true) continue;
      const entry = free.get(JSON.stringify(sign.found(finding)))?.pop();
      if (entry === undefined) continue;
      known[index] = true;
      taken.add(entry);
    }
    left = left.filter((entry) => !taken.has(entry));
  }
  return { known, left };
}

function byKey(entries: readonly BaselineEntry[], keyOf: Key): Map<string, BaselineEntry[]> {
  const groups = new Map<string, BaselineEntry[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key === null) continue;
    const text = JSON.stringify(key);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [entry]);
    else group.push(entry);
  }
  return groups;
}
