/** A unified diff: what a tool would change, as new texts and as findings. */
import type { StructuredPatch } from 'diff';
import type { Diagnostic } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, pathInWorkspace, place, position } from './context.js';

/** One file of a diff. `path` is a workspace path. */
export interface DiffedFile {
  readonly path: string;
  readonly kind: 'changed' | 'created' | 'deleted';
  /** Line of the first change in the file as it is. */
  readonly line: number;
  /** The text after the change, or null when the diff does not fit this one. */
  apply(text: string): string | null;
}

export async function readUnifiedDiff(output: string, context: OutputContext): Promise<readonly DiffedFile[]> {
  if (output.trim() === '') return [];
  const { parsePatch, applyPatch } = await import('diff');
  const patches = parse(output, parsePatch).filter((patch) => patch.hunks.length > 0);
  if (patches.length === 0 || !isWhole(output, patches)) throw outputFault(context, 'a unified diff', output);
  return patches.map((patch): DiffedFile => {
    const path = pathOf(patch, context);
    if (path === null) throw outputFault(context, 'a unified diff of files in the workspace', output);
    return {
      path,
      kind: patch.oldFileName === '/dev/null' ? 'created' : patch.newFileName === '/dev/null' ? 'deleted' : 'changed',
      line: Math.max(1, firstChange(patch)),
      apply: (text) => {
        const changed = applyPatch(text, patch, { autoConvertLineEndings: true });
        return changed === false ? null : changed;
      },
    };
  });
}

function parse(output: string, parsePatch: (text: string) => StructuredPatch[]): StructuredPatch[] {
  try {
    return parsePatch(output);
  } catch {
    return [];
  }
}

/** Every hunk header of the output has become a hunk: nothing was passed over. */
function isWhole(output: string, patches: readonly StructuredPatch[]): boolean {
  const headers = output.match(/^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/gm)?.length ?? 0;
  return headers === patches.reduce((sum, patch) => sum + patch.hunks.length, 0);
}

function firstChange(patch: StructuredPatch): number {
  const hunk = patch.hunks[0];
  return (hunk?.oldStart ?? 1) + Math.max(0, hunk?.lines.findIndex((line) => !line.startsWith(' ')) ?? 0);
}

/** `a/` and `b/` are git's; `diff -u` writes the two names as they are, and ours is the one that lies in the workspace. */
function pathOf(patch: StructuredPatch, context: OutputContext): string | null {
  const names = [patch.newFileName, patch.oldFileName].filter((name) => name !== undefined && name !== '/dev/null');
  const [first = '', second = first] = names as string[];
  const isGit = (first === second || first.startsWith('b/')) && /^[ab]\//.test(first) && /^[ab]\//.test(second);
  const plain = isGit ? first.slice(2) : first.replace(/\.(?:orig|formatted)$/, '');
  return pathInWorkspace(plain, context);
}

/** One finding for each file that the diff would change. */
export async function parseUnifiedDiff(output: string, context: OutputContext): Promise<Diagnostic[]> {
  const files = await readUnifiedDiff(output, context);
  return files.map((file) => ({
    ...place(
      { file: null, rule: null, severity: 'error', message: MESSAGES[file.kind], start: position(file.line, 1) },
      context,
    ),
    path: file.path,
  }));
}

const MESSAGES = {
  changed: 'Not formatted',
  created: 'Would be created',
  deleted: 'Would be deleted',
} as const;
