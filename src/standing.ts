/**
 * A run that changed nothing, and whose every answer is kept, stands for as long as nothing it depends on has changed.
 * Whether that is so is seen from git's index and from what the disk says of a few files: no file that git knows to be
 * unmodified is read, and no tool is loaded.
 */
import type { RunDependencies } from './executor/memo.js';
import { type IndexWords, askIndex, vouchedDigest } from './git/index-files.js';
import { hashText } from './host/hash.js';
import { ownBuild } from './host/own-package.js';
import { absolutePath, isAbsolute, join, workspacePath } from './host/paths.js';
import { contentHashOf, entriesOf, stampOf } from './host/stamp.js';
import { installedPackages, moduleFolders } from './jobs/cache/installed.js';
import { environmentDigest, outsideConfigs } from './jobs/cache/surroundings.js';
import { BASELINE_FILE } from './model/baseline.js';
import { type PlanSummary, summaryOf } from './model/plan.js';
import type { Prepared, Request } from './open.js';
import { type BlockFile, openBlockFile } from './runs/block-file.js';
import { answersFolder } from './runs/run-folder.js';
import type { Target } from './target.js';

/** An earlier run whose report is what a new one would say. */
export interface Standing {
  readonly run: string;
  readonly plan: PlanSummary;
}

/** The target as it is before the run; null where that cannot be told without reading it. */
export interface Look {
  readonly tree: string | null;
  readonly standing: Standing | null;
  /** Hashes of files that git does not vouch for, by path. */
  readonly changed: ReadonlyMap<string, string>;
  /** What this was seen from. */
  readonly said?: IndexWords;
}

interface Row extends Standing {
  readonly tree: string;
  /** Digest of what is outside the workspace, and what that is. */
  readonly outside: string;
  readonly of: Outside;
}

export interface Outside extends RunDependencies {
  /** Workspace folders with a package.json. */
  readonly packageDirs: readonly string[];
}

/** The number is raised when rows mean something else. */
const STANDING_FORMAT = 'quality-standing-1';
const STANDING_FILE = 'standing';
const CAP = 4 * 1024 * 1024;

/** `onNothing`: told as soon as it is clear that nothing stands, while git is still looking. */
export async function lookAt(target: Target, request: Request, onNothing: () => void): Promise<Look> {
  if (request.cache === false || request.since !== undefined) return { tree: null, standing: null, changed: NONE };
  const [row, { digest: tree, ...seen }] = await Promise.all([rowOf(target, request, onNothing), treeNow(target)]);
  const stands = row !== null && row.tree === tree && row.outside === outsideDigest(target, request, row.of);
  return { tree, standing: stands ? { run: row.run, plan: row.plan } : null, ...seen };
}

async function rowOf(target: Target, request: Request, onNothing: () => void): Promise<Row | null> {
  const rows = await openRows(target);
  const text = rows.get(rowKey(target, request));
  if (text !== undefined) return JSON.parse(text) as Row;
  onNothing();
  return null;
}

export interface Kept {
  readonly request: Request;
  readonly run: string;
  /** As it was before the run. */
  readonly tree: string | null;
  readonly dependencies: RunDependencies;
}

/** To be called after a run that changed nothing, was asked for everything and has kept every answer. */
export async function keepStanding(prepared: Prepared, { request, run, tree, dependencies }: Kept): Promise<void> {
  const { workspace } = prepared;
  // Filters and encodings: what stands on disk may differ in spite of what git says.
  if (tree === null || workspace.sources.attributesMatter || (await treeNow(prepared)).digest !== tree) return;
  const plan = summaryOf(prepared.plan);
  const of: Outside = { ...dependencies, packageDirs: workspace.packages.map(({ dir }) => dir) };
  const row: Row = { run, plan, tree, of, outside: outsideDigest(prepared, request, of) };
  const rows = await openRows(prepared);
  rows.add(rowKey(prepared, request), JSON.stringify(row));
  await rows.save();
}

function openRows({ root }: Target): Promise<BlockFile> {
  return openBlockFile(join(answersFolder(root), STANDING_FILE), { format: STANDING_FORMAT, smallestCap: CAP });
}

function rowKey({ root }: Target, request: Request): string {
  const wishes = { ...request, cwd: workspacePath(root, request.cwd), commandLine: [] };
  const parts = [ownBuild(), process.version, wishes];
  return hashText(JSON.stringify(parts)).slice(0, 32);
}

interface Tree extends Pick<Look, 'changed' | 'said'> {
  readonly digest: string | null;
}

const NONE: Look['changed'] = new Map();
const UNKNOWN: Tree = { digest: null, changed: NONE };

/** Everything that git says of the files, and the contents of those that it does not vouch for. */
async function treeNow({ root, repository }: Target): Promise<Tree> {
  if (repository?.objectFormat !== 'sha1') return UNKNOWN;
  const said = await askIndex(root);
  const vouched = vouchedDigest(said);
  if (vouched === null) return { ...UNKNOWN, said };
  const changed = new Map(vouched.others.map((path) => [path, contentHashOf(absolutePath(root, path))]));
  const operations = entriesOf(repository.gitDir).map(({ name }) => name);
  const underWay = operations.filter((name) => OPERATION.test(name));
  return { digest: hashText(JSON.stringify([vouched.digest, [...changed], underWay])), changed, said };
}

/** What git puts into its folder while a merge, rebase, bisect… is under way. */
const OPERATION = /^(?:[A-Z_]+_HEAD|BISECT_LOG|rebase-.*|sequencer)$/;

/** Of everything outside the workspace that the answers depend on, as it is now. */
export function outsideDigest({ root }: Target, { configFile }: Pick<Request, 'configFile'>, of: Outside): string {
  const { PATH: path = '' } = process.env;
  const programs = path.split(process.platform === 'win32' ? ';' : ':');
  const dirs = of.packageDirs.map((dir) => absolutePath(root, dir));
  return hashText(
    JSON.stringify([
      installedPackages(moduleFolders(dirs, root)).stamp,
      [...of.files, ...outsideConfigs(root), ...programs].map((file) => `${file} ${stampOf(file)}`),
      of.named.map((name) => stateOf(root, name)),
      environmentDigest([...of.variables, 'HOME', 'PATH']),
      configFile === undefined ? null : contentHashOf(configFile),
      // Git may have been told to ignore it.
      contentHashOf(join(root, BASELINE_FILE)),
    ]),
  );
}

/** Of a file, or with `/` behind it of the names in a folder. */
function stateOf(root: string, name: string): string {
  const path = isAbsolute(name) ? name : absolutePath(root, name);
  if (!name.endsWith('/')) return contentHashOf(path);
  return entriesOf(path)
    .map((entry) => entry.name)
    .join('\n');
}
