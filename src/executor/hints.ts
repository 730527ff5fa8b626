/** Where to look first for the edit that causes a finding: the file it is in, and the files which that one imports. */
import { readTextIfThere } from '../host/disk.js';
import { absolutePath, basename } from '../host/paths.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { RunContext } from './context.js';
import type { Layer } from './ledger.js';

/** For each path with a finding, the edited paths that are suspected first. A guess costs a verification, nothing more. */
export async function hintsFor(
  findings: readonly Diagnostic[],
  layers: readonly Layer[],
  { root }: Pick<RunContext, 'root'>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const edited = [...new Set(layers.map((layer) => layer.path))];
  const hints = new Map<string, ReadonlySet<string>>();
  for (const path of new Set(findings.flatMap((finding) => finding.path ?? []))) {
    const text = (await readTextIfThere(absolutePath(root, path)).catch(() => null)) ?? '';
    const imported = new Set([...text.matchAll(IMPORTED)].map((match) => stem(match[1] ?? '')));
    hints.set(path, new Set(edited.filter((other) => other === path || imported.has(stem(other)))));
  }
  return hints;
}

/** The last part of what is imported, in any language that puts it in quotes after one of these words. */
const IMPORTED = /(?:from|import|require|include|use)\b\s*\(?\s*["']([^"'\n]+)["']/g;

function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}
