/** What is about to be committed, as the index has it. */
import { isUtf8 } from 'node:buffer';
import { readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import { type Result, failed, success } from '../model/result.js';
import { gitFailure } from './git.js';
import { type Place, gitAt } from './place.js';
import { type RawPath, rawList, readablePath } from './raw-path.js';
import type { Repository } from './repository.js';

/** A version of a file; what is not there has a mode of zeros. */
export interface Version {
  readonly mode: string;
  readonly oid: string;
}

export interface StagedFile {
  /** Relative to the top of the work tree. */
  readonly raw: RawPath;
  readonly path: string;
  readonly head: Version;
  readonly index: Version;
  /** `A`, `D`, `M`, `T`, `U`. */
  readonly status: string;
  /** git's name is no valid UTF-8. */
  readonly isUnnameable: boolean;
}

/** Sorted as git sorts them. In a merge only what differs from all parents: the rest was committed as it is already. */
export async function readStaged(place: Place, { gitDir }: Repository): Promise<Result<readonly StagedFile[]>> {
  const staged = await differences(place, 'HEAD');
  if (!staged.ok) return staged;
  let files = staged.value;
  for (const parent of await otherParents(gitDir)) {
    const others = await differences(place, parent);
    if (!others.ok) return others;
    const paths = new Set(others.value.map(({ raw }) => raw));
    files = files.filter(({ raw }) => paths.has(raw));
  }
  return success(files);
}

/** Of the merge that is under way; while `git merge` itself is at work, it names them in the environment. */
export async function otherParents(gitDir: string): Promise<readonly string[]> {
  const noted = (await readTextIfThere(join(gitDir, 'MERGE_HEAD')))?.split('\n') ?? [];
  const named = Object.keys(process.env).map((name) => /^GITHEAD_([0-9a-f]+)$/.exec(name)?.[1] ?? '');
  return [...new Set([...noted, ...named])].filter((oid) => oid !== '');
}

const HOW = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--no-abbrev', '--ita-invisible-in-index'];

async function differences(place: Place, commit: string): Promise<Result<readonly StagedFile[]>> {
  const result = await gitAt(place, [...HOW, commit, '--']);
  if (result.end === 'exit' && result.exitCode === 0) return success(parse(result.stdout));
  if (commit !== 'HEAD' || (await isBorn(place))) return failed(gitFailure(result));
  const first = await gitAt(place, [...HOW, EMPTY_TREE[place.objectFormat], '--']);
  return first.end === 'exit' && first.exitCode === 0 ? success(parse(first.stdout)) : failed(gitFailure(first));
}

/** What a commit changes since another one, or a tree; `index` is then the version in the commit. */
export async function readChanges(place: Place, base: string, commit: string): Promise<Result<readonly StagedFile[]>> {
  const how = ['diff-tree', '-r', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-commit-id'];
  const result = await gitAt(place, [...how, base, commit, '--']);
  return result.end === 'exit' && result.exitCode === 0 ? success(parse(result.stdout)) : failed(gitFailure(result));
}

/** git knows these two without having them. */
const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const;

async function isBorn(place: Place): Promise<boolean> {
  return (await gitAt(place, ['rev-parse', '--verify', '--quiet', 'HEAD'])).exitCode === 0;
}

/** `:100644 100644 <oid> <oid> M`, then the name. */
function parse(output: Buffer): StagedFile[] {
  const parts = rawList(output);
  const files: StagedFile[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = (parts[at] ?? '').slice(1).split(' ');
    const raw = parts[at + 1] ?? '';
    files.push({
      raw,
      path: readablePath(raw),
      head: { mode: oldMode, oid: oldOid },
      index: { mode: newMode, oid: newOid },
      status,
      isUnnameable: !isUtf8(Buffer.from(raw, 'latin1')),
    });
  }
  return files;
}
