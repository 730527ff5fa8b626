/** In a worker: what each tool read besides the files it was given and its configuration. Its answers depend on that. */
import { ownFolder } from '../host/own-package.js';
import { absolutePath, basename, isAbsolute, join, workspacePath } from '../host/paths.js';
import { stampOf } from '../host/stamp.js';
import { isPassing, type ReadKind, watchReads } from '../host/watch-reads.js';
import type { Dependencies } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { together } from './cache/answers.js';

export interface Reads {
  /** What is read from now on is read for this use; null: for nobody. */
  readonly turnTo: (use: ToolUse | null) => void;
  /**
   * Everything that these uses have read so far in this process, for whichever file: a tool may keep what it read and
   * use it again for the next one without a sign.
   */
  readonly of: (uses: readonly ToolUse[]) => Dependencies | undefined;
  /** What a tool itself says that its answers depend on. */
  readonly note: (use: ToolUse, dependsOn: Dependencies) => void;
}

/** More than so many files are the sign of a tool that looks at the project as a whole. */
const MOST_ALONE = 64;
const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx)$/;

export function watchToolReads(root: () => string): Reads {
  const byUse = new Map<string, Set<string>>();
  const noted = new Map<string, Dependencies>();
  let reader: { readonly read: Set<string>; readonly config: ReadonlySet<string> } | null = null;
  watchReads((path, kind) => {
    if (reader === null) return;
    const name = dependencyName(root(), path, kind);
    if (name !== null && !reader.config.has(name)) reader.read.add(name);
  });
  const readOf = (use: ToolUse): Set<string> => {
    const read = byUse.get(use.id) ?? new Set<string>();
    byUse.set(use.id, read);
    return read;
  };
  return {
    turnTo: (use) => {
      reader = use === null ? null : { read: readOf(use), config: new Set(use.configFiles) };
    },
    of: (uses) =>
      together([
        summary(root(), new Set(uses.flatMap((use) => [...readOf(use)]))),
        ...uses.map((use) => noted.get(use.id)),
      ]),
    note: (use, dependsOn) => void noted.set(use.id, together([noted.get(use.id), dependsOn]) ?? dependsOn),
  };
}

/** What is installed is told by its versions, as we are; git's and our own files are nobody's source. */
const NOBODYS = /(?:^|[/\\])(?:node_modules|\.git|\.quality)(?:[/\\]|$)/;

/** Relative to the root inside it, absolute outside, a folder with `/` behind it; null for what does not count. */
function dependencyName(root: string, path: string, kind: ReadKind): string | null {
  const inside = workspacePath(root, path);
  const name = inside ?? path;
  if (NOBODYS.test(name) || isOwn(path) || (inside === null && isPassing(path))) return null;
  return kind === 'folder' ? `${name === '' ? '.' : name}/` : name;
}

const OWN = [join(ownFolder(), 'dist/'), join(ownFolder(), 'package.json')];

function isOwn(path: string): boolean {
  return OWN.some((own) => path.startsWith(own));
}

/** Adapters list these wherever they stand, so that a new one makes another setting. */
const LISTED =
  /^(?:\.editorconfig|\.prettierrc.*|prettier\.config\..*|\.prettierignore|\.gitignore|eslint\.config\..*|\.eslintrc.*|\.eslintignore|eslint-suppressions\.json)$/;

function summary(root: string, read: ReadonlySet<string>): Dependencies | undefined {
  const names = [...read].filter((name) => !LISTED.test(basename(name)) || stampOf(absolutePath(root, name)) !== '-');
  if (names.length === 0) return undefined;
  const isWide = names.length > MOST_ALONE || names.some((name) => !isAbsolute(name) && SCRIPT.test(name));
  return { ...(isWide ? { reach: 'scripts' } : {}), named: names.sort() };
}
