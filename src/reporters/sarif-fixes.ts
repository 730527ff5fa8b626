/** What the run would have done about a finding, as replacements of regions of the file. */
import type { Position } from '../model/diagnostic.js';
import type { EditRecord } from '../model/edit.js';
import { uriOf } from './characters.js';
import type { Evidence, RunRecord } from './format.js';
import type { Problem } from './problems.js';

/** Larger files, and all edits beyond this many characters together, are left to `quality diff`. */
const MOST_CHARACTERS = 500_000;
const MOST_IN_ALL = 5_000_000;
/** Texts too different to be compared in this time have no fix. */
const COMPARING_MS = 500;

interface Replacement {
  readonly deletedRegion: {
    readonly startLine: number;
    readonly startColumn: number;
    readonly endLine: number;
    readonly endColumn: number;
  };
  readonly insertedContent?: { readonly text: string };
}

/** A finding in one place gets what changes there, one of a whole file gets all that changes in it. */
export function createFixer({ evidence, place }: RunRecord): (problem: Problem) => Promise<readonly object[]> {
  const known = new Map<string, readonly Replacement[]>();
  const budget = { left: MOST_IN_ALL };
  const replacementsIn = async (edit: EditRecord): Promise<readonly Replacement[]> => {
    const found = known.get(edit.path) ?? (await compare(edit, evidence));
    known.set(edit.path, found);
    return found;
  };
  return async ({ finding, edit }) => {
    if (edit === null || budget.left <= 0) return [];
    const replacements = (await replacementsIn(edit)).filter((one) => touches(one, finding));
    if (replacements.length === 0) return [];
    budget.left -= replacements.reduce((sum, one) => sum + 120 + (one.insertedContent?.text.length ?? 0), 0);
    const artifactLocation = { uri: uriOf(`${place.prefix}${edit.path}`), uriBaseId: '%SRCROOT%' };
    const description = { text: `What ${edit.tools.join(', ')} would change` };
    return [{ description, artifactChanges: [{ artifactLocation, replacements }] }];
  };
}

function touches({ deletedRegion }: Replacement, { start, end }: Problem['finding']): boolean {
  if (start === undefined) return true;
  const { startLine, endLine, endColumn } = deletedRegion;
  const lastLine = endColumn === 1 && endLine > startLine ? endLine - 1 : endLine;
  return startLine <= (end ?? start).line && lastLine >= start.line;
}

async function compare(edit: EditRecord, evidence: Evidence): Promise<readonly Replacement[]> {
  const { before, after } = await evidence.textsOf(edit);
  if (before === null || after === null || before.length + after.length > MOST_CHARACTERS) return [];
  return replacementsBetween(before, after);
}

/** None where the texts are too different to be compared in time. */
export async function replacementsBetween(before: string, after: string): Promise<readonly Replacement[]> {
  const { diffLines } = await import('diff');
  const parts = diffLines(before, after, { timeout: COMPARING_MS }) as readonly Part[] | undefined;
  return parts === undefined ? [] : replacementsOf(parts);
}

interface Part {
  readonly value: string;
  readonly added: boolean;
  readonly removed: boolean;
}

/** A removed part and the added one behind it are one replacement. */
function replacementsOf(parts: readonly Part[]): Replacement[] {
  const replacements: Replacement[] = [];
  let at = { line: 1, column: 1 };
  for (const [index, part] of parts.entries()) {
    const end = part.added ? at : endOf(at, part.value);
    const isTold = part.added && parts[index - 1]?.removed === true;
    if ((part.added || part.removed) && !isTold)
      replacements.push(replacement(at, end, addedText(part, parts[index + 1])));
    at = end;
  }
  return replacements;
}

function addedText(part: Part, next: Part | undefined): string {
  if (part.added) return part.value;
  return next?.added === true ? next.value : '';
}

function replacement(start: Position, end: Position, text: string): Replacement {
  return {
    deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    ...(text === '' ? {} : { insertedContent: { text } }),
  };
}

function endOf(at: Position, text: string): Position {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  return lines.length === 1
    ? { line: at.line, column: at.column + last.length }
    : { line: at.line + lines.length - 1, column: last.length + 1 };
}
