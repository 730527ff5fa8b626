/** Config files and what they name: a config that imports another file is not the same when that file changes. */
import { folderOf, posix } from '../host/paths.js';
import type { ProjectView } from './tool.js';

/** Endings of files that Node can load as a config. */
export const SCRIPT_ENDINGS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'] as const;

/** These files, and the files of the workspace that they name by a relative path, and that those name. */
export async function withNamedFiles(view: ProjectView, start: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const queue = [...start];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const text = (await view.readText(path)) ?? '';
    queue.push(...[...text.matchAll(/(["'`])(\.[^"'`\n]*)\1/g)].flatMap((match) => target(view, path, match[2] ?? '')));
  }
  return found;
}

const ENDINGS = [
  '',
  ...[...SCRIPT_ENDINGS, 'json', 'yaml', 'yml'].flatMap((ending) => [`.${ending}`, `/index.${ending}`]),
];

function target(view: ProjectView, from: string, reference: string): string[] {
  const path = posix.join(folderOf(from), reference);
  // TypeScript sources name each other by the ending that they are compiled to.
  const written = [path, path.replace(/\.([cm]?)js$/, '.$1ts')];
  const match = written.flatMap((base) => ENDINGS.map((ending) => base + ending)).find((each) => view.hasFile(each));
  return match === undefined ? [] : [match];
}
