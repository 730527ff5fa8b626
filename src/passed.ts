/**
 * Contents that the pre-commit hook would have nothing to fix in and nothing to say of, whoever has found that out: the hook
 * itself, a run, an editor. They pass again for as long as nothing that this depends on has changed. Seen from git's names,
 * from a few files and from the disk's books: nothing is planned, no tool is loaded.
 */
import { gitOutput, splitNul } from './git/git.js';
import type { Repository } from './git/repository.js';
import { exists } from './host/disk.js';
import { hashText } from './host/hash.js';
import { ownBuild } from './host/own-package.js';
import { absolutePath, basename, isAbsolute, join } from './host/paths.js';
import { contentHashOf, isOlderThan, stampOf } from './host/stamp.js';
import type { Request } from './open.js';
import { STAGED } from './model/command.js';
import { type BlockFile, openBlockFile } from './runs/block-file.js';
import { answersFolder } from './runs/run-folder.js';
import { lockFolder } from './safety/lock.js';
import { findUnfinished } from './safety/recover.js';
import { type Outside, outsideDigest } from './standing.js';
import type { Target } from './target.js';

/** What the findings depend on besides the files that were looked at. */
export interface Basis extends Outside {
  /** Files of the workspace. */
  readonly configs: readonly string[];
}

/** Of which contents, in which file. */
export interface Passed {
  /** Workspace path. */
  readonly path: string;
  readonly oid: string;
}

export interface Question {
  readonly target: Target & { readonly repository: Repository };
  readonly request: Pick<Request, 'cache' | 'configFile' | 'workflow'>;
}

/** The number is raised when rows mean something else. */
const FORMAT = 'quality-passed-2';
const CAP = 4 * 1024 * 1024;

/** True only if all of it has. False also where a run is at work, or has left something to recover. */
export async function hasPassed(question: Question, contents: readonly Passed[]): Promise<boolean> {
  const { request, target } = question;
  if (request.cache === false) return false;
  const rows = await openRows(target);
  const claims = new Set(contents.map((one) => rows.get(rowKey(question, one))));
  if (claims.size > MOST_CLAIMS) return false;
  const names = claims.has(undefined) ? null : await namesIn(target.root);
  if (names === null) return false;
  const holds = (claim = ''): boolean => {
    const [id = '', state] = claim.split(' ');
    const basis = JSON.parse(rows.get(id) ?? 'null') as Basis | null;
    if (basis === null || contents.some(({ path }) => decidesMore(path, basis))) return false;
    return stateOf(question, basis, names) === state;
  };
  return [...claims].every((claim) => holds(claim)) && isAtRest(target);
}

/** Contents found clean at different times, each under what was true then. */
const MOST_CLAIMS = 8;

async function isAtRest({ root, repository }: Target): Promise<boolean> {
  return !(await exists(join(lockFolder(root, repository), 'write'))) && (await findUnfinished(root)).length === 0;
}

export interface Kept {
  readonly basis: Basis;
  readonly passed: readonly Passed[];
  /** When the look at them began; milliseconds since 1970. */
  readonly began: number;
  /** Files that were there then, where the look at them took long. */
  readonly known?: ReadonlySet<string>;
}

export async function keepPassed(question: Question, { basis, passed, began, known }: Kept): Promise<void> {
  const { target, request } = question;
  if (request.cache === false || basis.isWide) return;
  const kept = passed.filter(({ path }) => !decidesMore(path, basis));
  // Nobody knows whether a tool has seen it before or after it was written.
  const absolute = (name: string): string => (isAbsolute(name) ? name : absolutePath(target.root, name));
  if (![...configsOf(basis), ...basis.named].every((name) => isOlderThan(absolute(name), began))) return;
  const names = kept.length === 0 ? null : await namesIn(target.root);
  if (names === null || (known !== undefined && hasOthers(target.root, names, { basis, known, began }))) return;
  const rows = await openRows(target);
  const text = JSON.stringify(basis);
  const id = hashText(text).slice(0, KEY_LENGTH);
  const claim = `${id} ${stateOf(question, basis, names)}`;
  if (rows.get(id) === undefined) rows.add(id, text);
  for (const one of kept) if (rows.get(rowKey(question, one)) !== claim) rows.add(rowKey(question, one), claim);
  await rows.save();
}

/** Has a file come, or a config gone, since? Nobody has reckoned with that. */
function hasOthers(
  root: string,
  names: readonly string[],
  { basis, known, began }: Pick<Kept, 'basis' | 'began'> & Required<Pick<Kept, 'known'>>,
): boolean {
  const isNew = (path: string): boolean => !known.has(path) && !isOlderThan(absolutePath(root, path), began);
  const isGone = (path: string): boolean => known.has(path) && stampOf(absolutePath(root, path)) === '-';
  return names.some(isNew) || basis.configs.some(isGone);
}

/** What is staged of it may be another thing than what stands on disk, which is what tools read. */
function decidesMore(path: string, basis: Basis): boolean {
  return basename(path) === '.gitattributes' || configsOf(basis).includes(path) || basis.named.includes(path);
}

function configsOf({ configs, packageDirs }: Basis): readonly string[] {
  const manifests = packageDirs.map((dir) => (dir === '' ? 'package.json' : `${dir}/package.json`));
  return [...configs, ...manifests, '.quality-config.json', 'pnpm-workspace.yaml', 'lerna.json'];
}

const NAMES = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '-xnode_modules/', '-x.quality/'];

/** In one order, whichever of them are tracked; null where git does not tell. */
async function namesIn(root: string): Promise<readonly string[] | null> {
  const names = await gitOutput(root, NAMES);
  return names.ok ? splitNul(names.value).sort() : null;
}

/** Everything but the files in question that decides what would be said of them. */
function stateOf({ request, target }: Question, basis: Basis, names: readonly string[]): string {
  const attributes = names.filter((path) => path.endsWith('.gitattributes'));
  const inside = [...configsOf(basis), ...attributes].map((path) => contentHashOf(absolutePath(target.root, path)));
  return hashText(JSON.stringify([names, inside, outsideDigest(target, request, basis)]));
}

function openRows({ root }: Target): Promise<BlockFile> {
  return openBlockFile(join(answersFolder(root), 'passed'), { format: FORMAT, smallestCap: CAP });
}

const KEY_LENGTH = 32;

/** The same content passes one workflow, and another one not. */
function rowKey({ request, target }: Question, { path, oid }: Passed): string {
  const workflow = request.workflow ?? STAGED;
  const parts = [ownBuild(), process.version, workflow, request.configFile, target.repository.prefix, path, oid];
  return hashText(JSON.stringify(parts)).slice(0, KEY_LENGTH);
}
