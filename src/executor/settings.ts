/** The settings of tools as the tree is now: read again only when one of their configs changes. */
import { readTextIfThere } from '../host/disk.js';
import { absolutePath } from '../host/paths.js';
import { contentHashOf } from '../host/stamp.js';
import type { AnswerStore } from '../jobs/cache/answers.js';
import { type Contents, type Setting, settingOf } from '../jobs/cache/settings.js';
import { type Surroundings, readSurroundings } from '../jobs/cache/surroundings.js';
import type { PackageFacts } from '../model/file.js';
import type { ToolUse } from '../model/tool-use.js';
import type { Tree } from './tree.js';
import type { TreeDigests } from './tree-digests.js';

export type SettingsOf = (uses: readonly ToolUse[]) => Promise<ReadonlyMap<ToolUse, Setting>>;

export interface SettingsWorld {
  readonly root: string;
  readonly tree: Tree;
  readonly digests: TreeDigests;
  readonly packages: readonly PackageFacts[];
  readonly store: AnswerStore;
}

export function settingsIn({ root, tree, digests, packages, store }: SettingsWorld): SettingsOf {
  const contents: Contents = {
    // Tools read their configs from the disk, whatever the run believes of these files otherwise.
    hashOf: (path) => {
      const file = tree.get(path);
      return file?.content === undefined ? (file?.hash ?? null) : contentHashOf(absolutePath(root, path));
    },
    textOf: (path) => readTextIfThere(absolutePath(root, path)).catch(() => null),
    folderDigest: digests.below,
    ownPackages: new Map(packages.flatMap(({ name, dir }) => (name === null ? [] : [[name, dir] as const]))),
  };
  const around: { read?: Promise<Surroundings> } = {};
  const known = new WeakMap<ToolUse, { readonly configs: string; readonly setting: Promise<Setting> }>();
  const one = async (use: ToolUse): Promise<Setting> => {
    around.read ??= readSurroundings({ root, packageDirs: packages.map(({ dir }) => dir) }, store.notes);
    const surroundings = await around.read;
    const configs = use.configFiles.map((path) => contents.hashOf(path) ?? '-').join(' ');
    const before = known.get(use);
    if (before?.configs === configs) return before.setting;
    const setting = settingOf(use, contents, { ...surroundings, rows: store.notes });
    known.set(use, { configs, setting });
    return setting;
  };
  return async (uses) => new Map(await Promise.all(uses.map(async (use) => [use, await one(use)] as const)));
}
