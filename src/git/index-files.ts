/** What git knows about the files below a folder, without reading any of them. */
import { isUtf8 } from 'node:buffer';
import { hashBytes } from '../host/hash.js';
import { type Result, failed, success } from '../model/result.js';
import { gitOutput } from './git.js';

/** One line of the index. */
export interface IndexEntry {
  /** Relative to the folder that was asked about. */
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly hash: string;
  /** Bytes on disk when git last found the file equal to the blob; null where git does not say or does not vouch. */
  readonly size: number | null;
}

export interface IndexFiles {
  /** One for each path, unmerged ones too; those of a sparse checkout as well. */
  readonly tracked: readonly IndexEntry[];
  /** Tracked paths of which the work tree may differ from the index, or where nothing stands. */
  readonly changed: ReadonlySet<string>;
  /** Not tracked and not ignored. */
  readonly untracked: readonly string[];
  /** Folders that are repositories of their own. */
  readonly nested: readonly string[];
  /** Names that are not valid UTF-8, with replacement characters. */
  readonly unnameable: readonly string[];
}

/** Folders that git would list where a .gitignore is lacking, and nobody wants to see. */
const NEVER_LISTED = ['node_modules/', '.quality/'];

/** What git says of the files below a folder at one moment, not yet understood. */
export interface IndexWords {
  readonly detailed: Result<Buffer>;
  readonly changed: Result<Buffer>;
  readonly others: Result<Buffer>;
}

export async function askIndex(folder: string): Promise<IndexWords> {
  const never = NEVER_LISTED.map((name) => `-x${name}`);
  const [detailed, changed, others] = await Promise.all([
    gitOutput(folder, ['ls-files', '-z', '--stage', '--debug']),
    gitOutput(folder, ['diff-files', '-z', '--name-only', '--relative', '--ignore-submodules=all']),
    gitOutput(folder, ['ls-files', '-z', '--others', '--exclude-standard', ...never]),
  ]);
  return { detailed, changed, others };
}

/** `said`: by git, just now; it is asked otherwise. */
export async function listIndexFiles(folder: string, said?: IndexWords): Promise<Result<IndexFiles>> {
  const { detailed, changed, others } = said ?? (await askIndex(folder));
  const index = await readIndex(folder, detailed);
  if (!index.ok) return index;
  if (!changed.ok) return changed;
  if (!others.ok) return others;
  const unnameable = new Set(index.value.unnameable);
  const untracked = namesOf(others.value, unnameable);
  return success({
    tracked: index.value.entries,
    changed: new Set(namesOf(changed.value, unnameable)),
    untracked: untracked.filter((path) => !path.endsWith('/')),
    nested: untracked.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1)),
    unnameable: [...unnameable],
  });
}

/**
 * All that git says of the files below a folder, as one digest, times and sizes on disk included; and the paths that it
 * does not vouch for. null where there are more of these than names tell: flags that hide changes, odd names.
 */
export function vouchedDigest({
  detailed,
  changed,
  others,
}: IndexWords): { readonly digest: string; readonly others: readonly string[] } | null {
  if (!detailed.ok || !changed.ok || !others.ok || hidesChanges(detailed.value)) return null;
  const unnameable = new Set<string>();
  const names = [...namesOf(changed.value, unnameable), ...namesOf(others.value, unnameable)];
  if (unnameable.size > 0) return null;
  return { digest: hashBytes(detailed.value), others: names };
}

/** `assume-unchanged` and the like: git says nothing of what stands on disk. */
function hidesChanges(detailed: Buffer): boolean {
  const flags = new Set(detailed.toString('latin1').match(/\tflags: [0-9a-f]+\n/g) ?? []);
  return [...flags].some((text) => (Number.parseInt(text.slice('\tflags: '.length), 16) & UNVOUCHED) !== 0);
}

interface Index {
  readonly entries: readonly IndexEntry[];
  readonly unnameable: ReadonlySet<string>;
}

async function readIndex(folder: string, detailed: Result<Buffer>): Promise<Result<Index>> {
  const parsed = detailed.ok ? parseIndex(detailed.value) : null;
  if (parsed !== null) return success(parsed);
  // git does not promise the format of --debug: without it no file is vouched for, and all are read.
  const plain = await gitOutput(folder, ['ls-files', '-z', '--stage']);
  if (!plain.ok) return plain;
  const again = parseIndex(plain.value);
  if (again !== null) return success(again);
  return failed({
    kind: 'tool-output',
    tool: 'git',
    message: 'The output of `git ls-files --stage` was not understood',
  });
}

const KINDS: Readonly<Record<string, IndexEntry['kind']>> = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '160000': 'submodule',
};

/** Latin-1 keeps each byte one character: offsets stay true, and only the few names beyond ASCII need decoding. */
function parseIndex(output: Buffer): Index | null {
  const text = output.toString('latin1');
  const entries = new Map<string, IndexEntry>();
  const unnameable = new Set<string>();
  for (let at = 0; at < text.length;) {
    const tab = text.indexOf('\t', at);
    const nul = text.indexOf('\0', tab);
    const [mode, hash, stage] = tab < 0 || nul < 0 ? [] : text.slice(at, tab).split(' ');
    const kind = KINDS[mode ?? ''];
    if (kind === undefined || hash === undefined || stage === undefined) return null;
    const detail = readDetail(text, nul + 1);
    if (detail === null) return null;
    const raw = text.slice(tab + 1, nul);
    const path = decodeName(raw);
    if (path === null) unnameable.add(lossyName(raw));
    else entries.set(path, { path, kind, hash, size: stage === '0' ? detail.size : null });
    at = detail.end;
  }
  return { entries: [...entries.values()], unnameable };
}

const FLAG_ASSUME_UNCHANGED = 0x8000;
const FLAG_INTENT_TO_ADD = 0x2000_0000;
const FLAG_SKIP_WORKTREE = 0x4000_0000;
const UNVOUCHED = FLAG_ASSUME_UNCHANGED | FLAG_INTENT_TO_ADD | FLAG_SKIP_WORKTREE;

/** `size` and `flags` of the block that --debug prints after each name; its other lines do not matter here. */
function readDetail(text: string, start: number): { size: number | null; end: number } | null {
  if (!text.startsWith('  ctime:', start)) return { size: null, end: start };
  const sizeAt = text.indexOf('\n  size: ', start);
  const flagsAt = text.indexOf('\tflags: ', sizeAt);
  const end = text.indexOf('\n', flagsAt);
  if (sizeAt < 0 || flagsAt < 0 || end < 0) return null;
  const size = Number(text.slice(sizeAt + '\n  size: '.length, flagsAt));
  const flags = Number.parseInt(text.slice(flagsAt + '\tflags: '.length, end), 16);
  if (!Number.isInteger(size) || !Number.isInteger(flags)) return null;
  return { size: (flags & UNVOUCHED) === 0 ? size : null, end: end + 1 };
}

/** A name as git gave it, bytes read as Latin-1; null when the bytes are not valid UTF-8. */
function decodeName(raw: string): string | null {
  if (/^[\0-\x7f]*$/.test(raw)) return raw;
  const bytes = Buffer.from(raw, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

function lossyName(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}

function namesOf(output: Buffer, unnameable: Set<string>): string[] {
  const names: string[] = [];
  for (const raw of output.toString('latin1').split('\0')) {
    if (raw === '') continue;
    const name = decodeName(raw);
    if (name === null) unnameable.add(lossyName(raw));
    else names.push(name);
  }
  return names;
}

export interface Attributes {
  /** A filter or an encoding of the work tree: what stands on disk may be another thing than the blob of equal size. */
  readonly filtered: boolean;
  /** true and false are said; null where nothing is. */
  readonly generated: boolean | null;
  readonly vendored: boolean | null;
}

const ASKED = ['filter', 'working-tree-encoding', 'linguist-generated', 'linguist-vendored'];

/** Attributes of these paths, relative to `folder`; paths of which nothing is said are not in the answer. */
export async function readAttributes(
  folder: string,
  paths: readonly string[],
): Promise<Result<Map<string, Attributes>>> {
  if (paths.length === 0) return success(new Map());
  const input = `${paths.join('\0')}\0`;
  const output = await gitOutput(folder, ['check-attr', '-z', '--stdin', ...ASKED], { input });
  if (!output.ok) return output;
  return success(parseAttributes(output.value.toString('utf8')));
}

/** Triples of path, attribute and value; nearly all say "unspecified", so nothing is cut out before that is known. */
function parseAttributes(text: string): Map<string, Attributes> {
  const answers = new Map<string, Attributes>();
  for (let at = 0; at < text.length;) {
    const pathEnd = text.indexOf('\0', at);
    const nameEnd = text.indexOf('\0', pathEnd + 1);
    const valueEnd = text.indexOf('\0', nameEnd + 1);
    if (pathEnd < 0 || nameEnd < 0 || valueEnd < 0) break;
    const value = text.slice(nameEnd + 1, valueEnd);
    if (value !== 'unspecified') {
      const path = text.slice(at, pathEnd);
      const known = answers.get(path) ?? { filtered: false, generated: null, vendored: null };
      answers.set(path, { ...known, ...attributeOf(text.slice(pathEnd + 1, nameEnd), value) });
    }
    at = valueEnd + 1;
  }
  return answers;
}

function attributeOf(name: string, value: string): Partial<Attributes> {
  const said = value !== 'unset' && value !== 'false';
  if (name === 'linguist-generated') return { generated: said };
  if (name === 'linguist-vendored') return { vendored: said };
  return said ? { filtered: true } : {};
}
