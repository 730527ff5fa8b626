/** The state of a work tree, byte for byte, as differences from its index; reads only what git does not vouch for. */
import { hashAsGit } from '../host/git-hash.js';
import { forEachAtMost } from '../host/quick-read.js';
import { type Result, failed, success } from '../model/result.js';
import { type WorkTreeConfig, possiblyConverted, readWorkTreeConfig } from './conversions.js';
import { type IndexLine, parseIndexLines, parsePlainLines } from './index-lines.js';
import { type Place, outputAt } from './place.js';
import { type RawPath, quotePath, rawList } from './raw-path.js';
import { type Standing, createLook } from './standing.js';

export interface FileState {
  readonly mode: string;
  /** Name of the raw bytes as a blob. */
  readonly oid: string;
  /** Of symlinks, whose blob nobody has stored yet: the text. */
  readonly bytes?: Buffer;
}

export interface Capture {
  readonly index: readonly IndexLine[];
  /** Tracked files that stand there other than in the index; null where nothing stands, or nothing that was captured. */
  readonly tracked: ReadonlyMap<RawPath, FileState | null>;
  readonly untracked: ReadonlyMap<RawPath, FileState>;
  /** Unreadable or too large: not captured, and never touched by a restore. */
  readonly skipped: readonly RawPath[];
}

export interface CaptureOptions {
  /** Index to read instead of the user's own. */
  readonly indexFile?: string;
  /** Store the contents, too, instead of only naming them. */
  readonly store: boolean;
  /** Ignored files that are to be captured all the same. */
  readonly extra: readonly RawPath[];
  readonly maxFileBytes: number;
}

/** Folders that git would list where a .gitignore is lacking. */
const NEVER_CAPTURED = ['node_modules/', '.quality/'];
export const OTHERS = ['--others', '--exclude-standard', ...NEVER_CAPTURED.map((name) => `--exclude=${name}`)];

const LANES = 16;

export async function capture(place: Place, options: CaptureOptions): Promise<Result<Capture>> {
  const listed = await list(place, options.indexFile === undefined ? {} : { indexFile: options.indexFile });
  if (!listed.ok) return listed;
  const { lines, others, config } = listed.value;
  if (lines.some((line) => line.stage !== '0')) return failed(UNMERGED);
  const suspects = await suspectsOf(place, listed.value);
  if (!suspects.ok) return suspects;
  const known = new Set(lines.map((line) => line.path));
  const free = [...others, ...options.extra].filter((path) => !path.endsWith('/') && !known.has(path));
  const modes = config.fileMode ? new Map<RawPath, IndexLine>() : suspects.value;
  const states = await statesOf(place, [...suspects.value.keys(), ...new Set(free)], { ...options, modes });
  if (!states.ok) return states;
  const { found, skipped } = states.value;
  const tracked = differencesFrom(suspects.value, found);
  const untracked = new Map([...found].filter(([path]) => !known.has(path)));
  return success({ index: lines, tracked, untracked, skipped });
}

/** Where git does not look by itself, what is there counts even when it is the same: nothing may stand there at all. */
function differencesFrom(
  suspects: ReadonlyMap<RawPath, IndexLine>,
  found: ReadonlyMap<RawPath, FileState>,
): Map<RawPath, FileState | null> {
  const tracked = new Map<RawPath, FileState | null>();
  for (const [path, line] of suspects) {
    const state = found.get(path) ?? null;
    if (state?.oid !== line.oid || state.mode !== line.mode || line.unwatched) tracked.set(path, state);
  }
  return tracked;
}

interface Listed {
  readonly lines: readonly IndexLine[];
  readonly changed: ReadonlySet<RawPath>;
  readonly others: readonly RawPath[];
  readonly config: WorkTreeConfig;
}

async function list(place: Place, call: { readonly indexFile?: string }): Promise<Result<Listed>> {
  const [lines, changed, others, config] = await Promise.all([
    readIndexLines(place, call),
    outputAt(place, ['diff-files', '-z', '--name-only', '--ignore-submodules=all'], call),
    outputAt(place, ['ls-files', '-z', ...OTHERS], call),
    readWorkTreeConfig(place),
  ]);
  if (!lines.ok) return lines;
  if (!changed.ok) return changed;
  if (!others.ok) return others;
  return success({
    lines: lines.value,
    changed: new Set(rawList(changed.value)),
    others: rawList(others.value),
    config,
  });
}

const UNMERGED = {
  kind: 'git-state',
  message: 'The index holds files with unresolved conflicts, which no snapshot can hold',
} as const;

async function readIndexLines(place: Place, call: { indexFile?: string }): Promise<Result<IndexLine[]>> {
  const detailed = await outputAt(place, ['ls-files', '-z', '--stage', '--debug'], call);
  const lines = detailed.ok ? parseIndexLines(detailed.value) : null;
  if (lines !== null) return success(lines);
  const plain = await outputAt(place, ['ls-files', '-z', '--stage'], call);
  return plain.ok ? success(parsePlainLines(plain.value)) : plain;
}

/** Tracked files whose bytes may be others than the index says. Submodules are not ours. */
async function suspectsOf(place: Place, { lines, changed, config }: Listed): Promise<Result<Map<RawPath, IndexLine>>> {
  const emptyBlob = hashAsGit(place.objectFormat, Buffer.alloc(0));
  const files = lines.filter((line) => line.mode !== '160000');
  // Size 0 is also how git marks a file that it wants to look at again.
  const isOpen = (line: IndexLine): boolean =>
    changed.has(line.path) || line.unwatched || (line.size === 0 && line.oid !== emptyBlob);
  const vouched = files.filter((line) => !isOpen(line) && line.mode !== '120000');
  const converted = await possiblyConverted(place, vouched, config);
  if (!converted.ok) return converted;
  return success(new Map([...files.filter(isOpen), ...converted.value].map((line) => [line.path, line])));
}

interface StateOptions extends CaptureOptions {
  /** Where the exec bit on disk means nothing: the lines whose mode counts instead. */
  readonly modes: ReadonlyMap<RawPath, IndexLine>;
}

interface States {
  readonly found: Map<RawPath, FileState>;
  readonly skipped: RawPath[];
}

async function statesOf(place: Place, paths: readonly RawPath[], options: StateOptions): Promise<Result<States>> {
  const look = createLook(place.workTree);
  const standing = new Map<RawPath, Standing>();
  await forEachAtMost(LANES, paths, async (path) => void standing.set(path, await look(path)));
  const found = new Map<RawPath, FileState>();
  const skipped: RawPath[] = [];
  const files = new Map<RawPath, string>();
  for (const path of paths) {
    const now = standing.get(path);
    if (now?.kind === 'link')
      found.set(path, { mode: '120000', oid: hashAsGit(place.objectFormat, now.text), bytes: now.text });
    if (now?.kind !== 'file') continue;
    if (!now.readable || now.size > options.maxFileBytes) skipped.push(path);
    else files.set(path, modeOf(now.executable, options.modes.get(path)));
  }
  const oids = await hashFiles(place, [...files.keys()], options.store);
  if (!oids.ok) return oids;
  [...files].forEach(([path, mode], at) => found.set(path, { mode, oid: oids.value[at] ?? '' }));
  return success({ found, skipped });
}

function modeOf(executable: boolean, line: IndexLine | undefined): string {
  if (line !== undefined && line.mode !== '120000') return line.mode;
  return executable ? '100755' : '100644';
}

async function hashFiles(place: Place, paths: readonly RawPath[], store: boolean): Promise<Result<string[]>> {
  if (paths.length === 0) return success([]);
  const lines = paths.map((path) => (/^"|\n/.test(path) ? quotePath(path) : path));
  const args = ['hash-object', ...(store ? ['-w'] : []), '--no-filters', '--stdin-paths'];
  const output = await outputAt(place, args, { input: Buffer.from(`${lines.join('\n')}\n`, 'latin1') });
  if (!output.ok) return output;
  const oids = output.value.toString('latin1').trim().split('\n');
  if (oids.length === paths.length) return success(oids);
  return failed({ kind: 'tool-output', tool: 'git', message: '`git hash-object` did not name every file' });
}
