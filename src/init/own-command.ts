/** What a lint-staged list starts and no tool here stands for: a command of the project's own does the same. */
import picomatch from 'picomatch';
import { isWithin, posix } from '../host/paths.js';
import type { JsonValue } from '../model/json.js';
import { BUILT_IN_COMMANDS } from '../planner/commands.js';
import { parseShell } from '../tools/calls/shell.js';
import type { CommitLine } from './commit-lines.js';
import type { Project } from './project.js';
import type { Setting } from './setting.js';

export interface OwnCommand {
  readonly name: string;
  readonly run: readonly string[];
  readonly files: readonly string[];
  readonly cwd: string;
}

/** null where that would not be the same: it takes a shell, or its files are none that quality looks at. */
export function ownCommandOf({ line, glob, dir }: CommitLine, project: Project): OwnCommand | null {
  if (line === null || glob === undefined) return null;
  const run = wordsOf(line);
  const files = globBelow(glob, dir);
  if (run === null || !isLookedAt(files, dir, project)) return null;
  return { name: nameOf(run), run: [...run, '{files}'], files: [files], cwd: dir };
}

/** lint-staged starts no shell: these mean nothing to it, or not what whoever has written them thinks. */
const OF_SHELL = /[|&;<>$`()]|^\w+=/;

function wordsOf(line: string): readonly string[] | null {
  if (OF_SHELL.test(line)) return null;
  const [command, ...more] = parseShell(line);
  if (command === undefined || typeof command === 'string' || more.length > 0) return null;
  return command.words.map(({ text }) => text);
}

/** Without a folder in it, it is for names in any folder. */
function globBelow(glob: string, dir: string): string {
  const below = glob.replace(/^\.?\//, '');
  return posix.join(dir, glob.includes('/') ? below : `**/${below}`);
}

/** Some files match, and none that is left out: binary files, what is too large or generated. */
function isLookedAt(files: string, dir: string, { prepared }: Project): boolean {
  const isMatch = picomatch(files, { dot: true });
  const { excluded } = prepared.plan.files;
  const isFor = ({ path }: { readonly path: string }): boolean => isWithin(dir, path) && isMatch(path);
  return prepared.workspace.files.some(isFor) && !excluded.some(isFor);
}

/** What starts something else, whose name says more. */
const STARTERS = /^(?:npx|npm|pnpm|pnpx|yarn|bun|bunx|node|deno|sh|bash|python3?|run|exec|dlx|tsx|ts-node)$/;

function nameOf(run: readonly string[]): string {
  const program = run.find((word) => !word.startsWith('-') && !STARTERS.test(word)) ?? run[0] ?? '';
  const words = posix.basename(program).replace(/\.\w+$/, '');
  const slug = words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return slug === '' ? 'own' : slug;
}

/** The same list may start one program in several ways, and names of built-in commands are taken. */
export function unlikeOthers(commands: readonly OwnCommand[]): readonly OwnCommand[] {
  const taken = new Set(BUILT_IN_COMMANDS.map(({ name }) => name));
  return commands.map((command) => {
    const names = [command.name, ...commands.map((_, at) => `${command.name}-${String(at + 2)}`)];
    const name = names.find((one) => !taken.has(one)) ?? command.name;
    taken.add(name);
    return { ...command, name };
  });
}

export function commandSetting({ name, run, files, cwd }: OwnCommand, { from, glob = '' }: CommitLine): Setting {
  const where = cwd === '' ? {} : { cwd };
  const value: JsonValue = { run: [...run], files: [...files], effect: 'writes', ...where };
  const reason = `${from} has it for ${glob}. With "effect": "reads" it is faster, where it changes nothing.`;
  return { path: ['commands', name], value, reason };
}
