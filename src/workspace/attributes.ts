/** git attributes of the workspace's files, asked only where something could be said. */
import { git } from '../git/git.js';
import { type Attributes, readAttributes } from '../git/index-files.js';
import type { Repository } from '../git/repository.js';
import { readTextIfThere } from '../host/disk.js';
import { absolutePath, folderOf, join } from '../host/paths.js';
import { type Result, success } from '../model/result.js';

export type AttributesOf = ReadonlyMap<string, Attributes>;

/** A macro (`[attr]`) may stand for any of the others. */
const OF_INTEREST = /\b(?:filter|working-tree-encoding|linguist-(?:generated|vendored))\b|\[attr\]/;

export function mentionsAttributes(text: string | null | undefined): boolean {
  return text !== null && text !== undefined && OF_INTEREST.test(text);
}

/** Do the attribute files outside the workspace say something: those above it, the repository's own, the user's? */
export async function outerAttributesMatter(repository: Repository): Promise<boolean> {
  const files = [
    ...foldersAbove(repository.prefix).map((dir) => absolutePath(repository.workTree, join(dir, '.gitattributes'))),
    join(repository.commonDir, 'info', 'attributes'),
    '/etc/gitattributes',
    await userAttributes(repository),
  ];
  const readable = files.filter((file) => file !== null);
  const texts = await Promise.all(readable.map((file) => readTextIfThere(file).catch(() => null)));
  return texts.some(mentionsAttributes);
}

/** `a/b` → ["a", ""]: the folder itself is the workspace. */
function foldersAbove(prefix: string): string[] {
  if (prefix === '') return [];
  const parent = folderOf(prefix);
  return [parent, ...foldersAbove(parent)];
}

async function userAttributes(repository: Repository): Promise<string | null> {
  const configured = await git(repository.workTree, ['config', '--type=path', '--get', 'core.attributesFile']);
  const path = configured.stdout.toString('utf8').trim();
  if (configured.exitCode === 0 && path !== '') return path;
  const { XDG_CONFIG_HOME: xdg, HOME: home } = process.env;
  if (xdg !== undefined && xdg !== '') return join(xdg, 'git', 'attributes');
  return home === undefined ? null : join(home, '.config', 'git', 'attributes');
}

export interface AttributesQuestion {
  readonly root: string;
  readonly paths: readonly string[];
  /** Does any attribute file speak of what we look for? */
  readonly matter: boolean;
}

export async function attributesOf({ root, paths, matter }: AttributesQuestion): Promise<Result<AttributesOf>> {
  return matter ? readAttributes(root, paths) : success(new Map());
}
