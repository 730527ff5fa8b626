/** The target folder: its files with language and content hash, its packages, its repository. */
import type { Config } from '../config/schema.js';
import { sizeBytes } from '../config/units.js';
import { git, gitFailure } from '../git/git.js';
import type { IndexWords } from '../git/index-files.js';
import { type Repository, openRepository } from '../git/repository.js';
import { errorCode, exists, isAbsent, realpath, stat } from '../host/disk.js';
import { dirname, join } from '../host/paths.js';
import { type Result, failed, success } from '../model/result.js';
import { assemble } from './assemble.js';
import { type AttributesOf, attributesOf, mentionsAttributes, outerAttributesMatter } from './attributes.js';
import { patternTest } from './exclusion.js';
import { type FactsCache, openFactsCache } from './facts-cache.js';
import { type Candidate, type Inspector, type Look, inspectAll, lookAtContent } from './inspect.js';
import { type Listing, listRepository } from './listing.js';
import type { Sources, Workspace } from './types.js';
import { walkFolder } from './walk.js';

export { filesChangedSince } from './since.js';
export { conflictMarkers, gitOperationInProgress, unmergedPaths } from './git-state.js';
export { selectPaths } from './select.js';
export type { ConflictMarker, Workspace } from './types.js';

export interface OpenOptions {
  readonly root: string;
  readonly config: Pick<Config, 'maxFileSize' | 'excludedPatterns'>;
  /** `.quality/cache`: where to keep what contents were found to be. Absent: every file is read. */
  readonly stateFolder?: string;
  /** The one that the root lies in, where that is known; null: none. */
  readonly repository?: Repository | null;
  /** By that repository of this root, just now. */
  readonly said?: IndexWords | undefined;
  /** Called for every file of the target whose content is read. */
  readonly onRead?: (path: string) => void;
}

/** Looks, never writes but in `stateFolder`. A file that cannot be taken is in `excluded` with its reason. */
export async function openWorkspace(options: OpenOptions): Promise<Result<Workspace>> {
  const root = await rootOf(options.root);
  if (!root.ok) return root;
  const { repository: known, said } = options;
  const [found, cache] = await Promise.all([
    known === undefined ? openRepository(root.value) : known,
    openFactsCache(options.stateFolder),
  ]);
  const listed = await list(root.value, found, said);
  if (!listed.ok) return listed;
  const { listing, repository, outer } = listed.value;
  const { excluded: leftOut, changed = new Set<string>() } = listing;
  const base = { ...options, root: root.value, repository, cache, leftOut, changed };
  const looked = await lookAtAll(base, listing.candidates, outer);
  if (!looked.ok) return looked;
  await cache.save();
  return success(assemble({ ...base, ...looked.value }));
}

/** The workspace after edits: just these paths are looked at again; new ones come in, deleted ones go. */
export async function refreshFiles(workspace: Workspace, paths: readonly string[]): Promise<Workspace> {
  const { sources } = workspace;
  const looks = new Map(sources.looks.map((look) => [look.path, look]));
  const inspector = inspectorOf(sources, sources.attributes);
  const again = [...new Set(paths)].map((path): Candidate => ({ path, vouched: null }));
  for (const look of await inspectAll(again, inspector)) looks.set(look.path, look);
  await sources.cache.save();
  const present = [...looks.values()].filter((look) => look.kind !== 'absent');
  const attributesMatter = sources.attributesMatter || present.some(speaksOfAttributes);
  const attributes = await attributesOf({
    root: sources.root,
    paths: present.map(({ path }) => path),
    matter: sources.repository !== null && attributesMatter,
  });
  return assemble({
    ...sources,
    looks: present,
    attributesMatter,
    attributes: attributes.ok ? attributes.value : sources.attributes,
  });
}

/** The workspace as it would be with these contents in it, whatever stands on disk in their place. */
export async function withContents(
  workspace: Workspace,
  contents: ReadonlyMap<string, Buffer>,
): Promise<Result<Workspace>> {
  const { sources } = workspace;
  const looks = new Map(sources.looks.map((look) => [look.path, look]));
  const asked = { root: sources.root, paths: [...new Set([...looks.keys(), ...contents.keys()])] };
  const isKnown = [...contents.keys()].every((path) => looks.has(path));
  const matter = sources.repository !== null && sources.attributesMatter && !isKnown;
  const again = await attributesOf({ ...asked, matter });
  // Not knowing of a filter would be to take what it has made for a source.
  if (!again.ok) return again;
  const attributes = matter ? again.value : sources.attributes;
  const inspector = inspectorOf(sources, attributes);
  for (const [path, bytes] of contents) looks.set(path, lookAtContent(path, bytes, inspector));
  const present = [...looks.values()].filter((look) => look.kind !== 'absent');
  return success(assemble({ ...sources, looks: present, attributes }));
}

async function rootOf(folder: string): Promise<Result<string>> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return success(root);
    return failed({ kind: 'target-invalid', message: `${folder} is not a folder` });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const message = isAbsent(error) ? `${folder} does not exist` : `${folder} cannot be opened (${code})`;
    return failed({ kind: 'target-invalid', message });
  }
}

interface Listed {
  readonly listing: Listing;
  /** null as well where the repository ignores the whole folder. */
  readonly repository: Repository | null;
  readonly outer: boolean;
}

async function list(root: string, found: Repository | null, said?: IndexWords): Promise<Result<Listed>> {
  if (found === null) {
    const trouble = await repositoryTrouble(root);
    return trouble.ok ? success({ listing: await walkFolder(root), repository: null, outer: false }) : trouble;
  }
  const [listing, outer] = await Promise.all([listRepository(root, found, said), outerAttributesMatter(found)]);
  if (!listing.ok) return listing;
  if (listing.value !== null) return success({ listing: listing.value, repository: found, outer });
  return success({ listing: await walkFolder(root), repository: null, outer: false });
}

/** A repository that git refuses to open (another owner, a damaged config) is not the same as none. */
async function repositoryTrouble(root: string): Promise<Result<null>> {
  if (!(await standsInRepository(root))) return success(null);
  const result = await git(root, ['rev-parse', '--show-toplevel']);
  const words = result.stderr.toString('utf8');
  if (
    result.end === 'missing' ||
    result.exitCode === 0 ||
    /not a git repository|must be run in a work tree/.test(words)
  )
    return success(null);
  const failure = gitFailure(result);
  return failed({
    ...failure,
    kind: 'git-state',
    message: 'git does not open the repository of this folder',
    next: NEXT,
  });
}

const NEXT = 'Make `git status` work in this folder; its words are above.';

async function standsInRepository(folder: string): Promise<boolean> {
  if (await exists(join(folder, '.git'))) return true;
  const parent = dirname(folder);
  return parent !== folder && standsInRepository(parent);
}

interface Base {
  readonly root: string;
  readonly repository: Repository | null;
  readonly config: OpenOptions['config'];
  readonly cache: FactsCache;
  readonly onRead?: (path: string) => void;
}

type Looked = Pick<Sources, 'looks' | 'attributes' | 'attributesMatter'>;

/** The attribute files first: they say whether git has to be asked about attributes, and so what its word is worth. */
async function lookAtAll(base: Base, candidates: readonly Candidate[], outer: boolean): Promise<Result<Looked>> {
  const isAttributes = ({ path }: Candidate): boolean => path === '.gitattributes' || path.endsWith('/.gitattributes');
  const first = await inspectAll(candidates.filter(isAttributes), inspectorOf(base, new Map()));
  const attributesMatter = outer || first.some(speaksOfAttributes);
  const attributes = await attributesOf({
    root: base.root,
    paths: candidates.map(({ path }) => path),
    matter: base.repository !== null && attributesMatter,
  });
  if (!attributes.ok) return attributes;
  const others = candidates.filter((candidate) => !isAttributes(candidate));
  const rest = await inspectAll(others, inspectorOf(base, attributes.value));
  return success({
    looks: [...first, ...rest].filter((look) => look.kind !== 'absent'),
    attributes: attributes.value,
    attributesMatter,
  });
}

function speaksOfAttributes(look: Look): boolean {
  return look.kind === 'file' && look.path.endsWith('.gitattributes') && mentionsAttributes(look.facts.text);
}

function inspectorOf({ root, config, cache, onRead }: Base, attributes: AttributesOf): Inspector {
  return {
    root,
    cache,
    maxFileSize: sizeBytes(config.maxFileSize),
    excludedBy: patternTest(config.excludedPatterns),
    isFiltered: (path) => attributes.get(path)?.filtered === true,
    ...(onRead === undefined ? {} : { onRead }),
  };
}
