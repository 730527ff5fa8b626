/** What is installed, as one digest: the versions of all packages that a tool of the project could load. */
import { readFile } from '../../host/disk.js';
import { hashBytes, hashText } from '../../host/hash.js';
import { dirname, join, joinName } from '../../host/paths.js';
import { forEachAtMost } from '../../host/quick-read.js';
import { namesIn, stampOf } from '../../host/stamp.js';
import type { BlockFile } from '../../runs/block-file.js';

/** The `node_modules` folders that packages in these absolute folders see, nearest first; the folders need not be there. */
export function moduleFolders(packageFolders: readonly string[], root: string): readonly string[] {
  const folders = new Set(packageFolders);
  for (let folder = root; ; folder = dirname(folder)) {
    folders.add(folder);
    if (dirname(folder) === folder) break;
  }
  return [...folders].map((folder) => join(folder, 'node_modules'));
}

export interface Packages {
  /** Absolute folder of each installed package, by name; the nearest one where there are several. */
  readonly folders: ReadonlyMap<string, string>;
  /** Changes when a package is added, taken away or replaced; of this machine. */
  readonly stamp: string;
}

export function installedPackages(moduleDirs: readonly string[]): Packages {
  const folders = new Map<string, string>();
  const lines: string[] = [];
  for (const dir of moduleDirs) {
    for (const name of packagesIn(dir)) {
      const folder = joinName(dir, name);
      if (!folders.has(name)) folders.set(name, folder);
      lines.push(name.startsWith(PNPM) ? folder : `${folder} ${stampOf(joinName(folder, 'package.json'))}`);
    }
  }
  return { folders, stamp: hashText(lines.join('\n')) };
}

const PNPM = '.pnpm/';

/** pnpm keeps what packages depend on in a folder of its own, the version in each name. */
function packagesIn(dir: string): string[] {
  return namesIn(dir).flatMap((name) => {
    if (name === '.pnpm') return namesIn(join(dir, name)).map((entry) => PNPM + entry);
    if (name.startsWith('.')) return [];
    return name.startsWith('@') ? namesIn(join(dir, name)).map((entry) => `${name}/${entry}`) : [name];
  });
}

/** The same on every machine with the same packages: packages for one platform alone do not count. */
export async function installedDigest({ folders, stamp }: Packages, rows: BlockFile): Promise<string> {
  const known = rows.get(`installed.${stamp}`);
  if (known !== undefined) return known;
  const lines: string[] = [];
  await forEachAtMost(16, folders, async ([name, folder]) => {
    const bytes = name.startsWith(PNPM) ? null : await readFile(join(folder, 'package.json')).catch(() => null);
    if (bytes !== null && !isOfPlatform(bytes)) lines.push(`${name} ${hashBytes(bytes)}`);
    else if (name.startsWith(PNPM)) lines.push(name);
  });
  const digest = hashText(lines.sort().join('\n'));
  rows.add(`installed.${stamp}`, digest);
  return digest;
}

function isOfPlatform(manifest: Buffer): boolean {
  return manifest.includes('"cpu"') || manifest.includes('"libc"');
}
