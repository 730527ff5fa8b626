/** The findings that a project has accepted for now: runs know them again, and fail for new ones only. */
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

/** The event with the findings that the baseline knows marked as such. */
export function withKnown(body: EventBody, root: string, baseline: readonly BaselineEntry[] | null): EventBody {
  if (baseline === null || body.type !== 'findings') return body;
  const { known } = recognise(body.diagnostics, root, baseline);
  const diagnostics = body.diagnostics.map((one, at) => (known[at] === true ? { ...one, known: true as const } : one));
  return { ...body, diagnostics };
}

export function recognise(
  findings: readonly Diagnostic[],
  root: string,
  baseline: readonly BaselineEntry[],
): BaselineMatch {
  const possible = findings.filter(canBeKnown);
  const isGone = (path: string): boolean => !isThereNow(absolutePath(root, path));
  const { known, left } = matchBaseline(baseline, entriesFor(possible, root), isGone);
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
