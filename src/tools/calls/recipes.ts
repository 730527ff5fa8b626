/** Tool calls in the recipes of Makefiles and justfiles. */
import { basename, folderOf } from '../../host/paths.js';
import type { ProjectView } from '../tool.js';

export interface RecipeLine {
  readonly line: string;
  readonly from: string;
  readonly dir: string;
  /** Name of the recipe. */
  readonly target: string;
}

const NAMES = ['Makefile', 'makefile', 'GNUmakefile', 'justfile', 'Justfile', '.justfile'];

type View = Pick<ProjectView, 'packages' | 'filesNamed' | 'readText'>;

export async function recipeLines(view: View): Promise<RecipeLine[]> {
  const folders = new Set(['', ...view.packages.map(({ dir }) => dir)]);
  const files = view.filesNamed(...NAMES).filter((path) => folders.has(folderOf(path)));
  const lines = await Promise.all(files.map(async (path) => readRecipes(path, (await view.readText(path)) ?? '')));
  return lines.flat();
}

function readRecipes(path: string, text: string): RecipeLine[] {
  const isMake = !/justfile$/i.test(basename(path));
  const variables = isMake ? makeVariables(text) : new Map<string, string>();
  let target = '';
  return text
    .replace(/\\\r?\n[ \t]*/g, ' ')
    .split(/\r?\n/)
    .flatMap((raw) => {
      target = /^@?([\w.-]+)[^:=]*:(?!=)/.exec(raw)?.[1] ?? target;
      if (!(isMake ? raw.startsWith('\t') : /^\s+\S/.test(raw)) || target === '') return [];
      const line = isMake ? expandMake(raw, variables) : raw.trim();
      return [{ line: line.trim().replace(/^[@+-]+\s*/, ''), from: `${path} ${target}`, dir: folderOf(path), target }];
    });
}

/** `BIN := node_modules/.bin`: simple variables only, which is how the folder of the tools is usually written. */
function makeVariables(text: string): Map<string, string> {
  const matches = text.matchAll(/^(?:export\s+)?([A-Za-z_]\w*)\s*[:?]?:?=[ \t]*([^\n#]*)/gm);
  return new Map([...matches].map((match) => [match[1] ?? '', (match[2] ?? '').trim()]));
}

function expandMake(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  const expanded = text.replace(/\$[({](\w+)[)}]/g, (whole, name: string) => variables.get(name) ?? whole);
  return expanded === text || depth > 4 ? expanded.replaceAll('$$', '$') : expandMake(expanded, variables, depth + 1);
}
