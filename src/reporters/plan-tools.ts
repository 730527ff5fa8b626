/** The tools of a plan for people: version, folders, files and why, once for all folders where they are the same. */
import { type Plan, stepsOf, usesOf } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { type Paint, count, groupBy, showFolders, showPath, some } from './text.js';

const MOST_EXAMPLES = 3;
const NOTE = 'files are at most so many: a tool leaves out what its own configuration ignores';

/** Which files a type checker reads is for its own configuration to say. */
export const AS_CONFIGURED = 'files as configured';

export function showTools(plan: Plan, paint: Paint): string {
  const uses = usesOf(plan).filter((use) => use.origin !== 'config');
  if (uses.length === 0) return '';
  const files = filesByUse(plan);
  const groups = groupBy(uses, (use) => JSON.stringify([nameOf(use), reasonOf(use)]));
  return [`${paint.bold('tools')}  ${paint.dim(NOTE)}`, ...groups.map((group) => showGroup(group, files, paint))].join(
    '\n',
  );
}

function filesByUse(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>();
  for (const { links, trigger, files: paths } of stepsOf(plan).flatMap((step) => step.tasks)) {
    for (const { id } of [...links.flat(), ...(trigger === undefined ? [] : [trigger])]) {
      const known = files.get(id) ?? new Set();
      for (const path of paths) known.add(path);
      files.set(id, known);
    }
  }
  return files;
}

function showGroup(group: readonly ToolUse[], files: ReadonlyMap<string, ReadonlySet<string>>, paint: Paint): string {
  const [first] = group;
  if (first === undefined) return '';
  const all = new Set(group.flatMap(({ id }) => [...(files.get(id) ?? [])]));
  const size = first.roles.includes('types') ? AS_CONFIGURED : count(all.size, 'file');
  const folders = group.map(({ root }) => root);
  const examples = new Set(folders).size > 1 ? ` (${some(folders.map(showPath), MOST_EXAMPLES)})` : '';
  return `  ${nameOf(first)}${showFolders(folders)}${examples}, ${size}: ${paint.dim(reasonOf(first))}`;
}

function nameOf({ tool, version, origin }: ToolUse): string {
  return `${tool}${version === 'unknown' ? '' : ` ${version}`}${origin === 'project' ? '' : ` (${origin})`}`;
}

/** Paths in the folder of the use start with `./`, so that packages which do the same say the same. */
function reasonOf({ root, evidence, scope }: ToolUse): string {
  const isSaid = scope === null || scope.include.length === 0 || evidence.includes(scope.from);
  const words = [evidence, ...(isSaid ? [] : [`${scope.from}: ${scope.include.join(' ')}`])].join('; ').split(' ');
  const isHere = (word: string): boolean => root !== '' && word.startsWith(`${root}/`);
  return words.map((word) => (isHere(word) ? `.${word.slice(root.length)}` : word)).join(' ');
}
