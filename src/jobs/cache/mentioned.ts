/** Packages that configs name: their own code counts, not just their version, since people link and patch them. */
import { readIfThere } from '../../host/disk.js';
import { hashBytes, hashText } from '../../host/hash.js';
import { basename, join } from '../../host/paths.js';
import { entriesOf, stampOf } from '../../host/stamp.js';
import type { BlockFile } from '../../runs/block-file.js';

const WORD = /@?[\w.-]+(?:\/[\w.-]+)*/g;

/** Names of installed packages that a config speaks of: as they are, or in ESLint's and Prettier's short forms. */
export function packagesNamedIn(text: string, isInstalled: (name: string) => boolean): readonly string[] {
  const words = new Set(text.match(WORD) ?? []);
  return [...words].flatMap(candidates).filter(isInstalled);
}

function candidates(word: string): string[] {
  const parts = word.split('/');
  const [first = '', second] = parts;
  if (first.startsWith('@')) {
    const scoped = second === undefined ? [] : [`${first}/${second}`, `${first}/eslint-plugin-${second}`];
    return [...scoped, `${first}/eslint-plugin`, `${first}/eslint-config`];
  }
  return [first, `eslint-plugin-${first}`, `eslint-config-${first}`];
}

const CODE = /\.(?:[cm]?[jt]s|json|ya?ml)$/;
const CODE_FOLDERS: ReadonlySet<string> = new Set(['lib', 'dist', 'src', 'rules', 'configs', 'config', 'build']);

/** Code at the top of a package and in the usual folders; deeper down, its version has to do. */
export function codeOf(packageFolder: string): readonly string[] {
  return entriesOf(packageFolder).flatMap((entry) => {
    const path = join(packageFolder, entry.name);
    if (CODE.test(entry.name)) return [path];
    if (!CODE_FOLDERS.has(entry.name)) return [];
    return entriesOf(path).flatMap(({ name }) => (CODE.test(name) ? [join(path, name)] : []));
  });
}

/** One digest of all these files' contents, kept by their stamps: the same wherever they are, and however many folders are above. */
export async function contentDigest(files: readonly string[], rows: BlockFile): Promise<string> {
  const stamp = hashText(files.map((file) => `${file} ${stampOf(file)}`).join('\n'));
  const known = rows.get(`code.${stamp}`);
  if (known !== undefined) return known;
  const hashes = await Promise.all(
    files.map(async (file) => {
      const bytes = await readIfThere(file).catch(() => null);
      return bytes === null ? [] : [`${basename(file)} ${hashBytes(bytes)}`];
    }),
  );
  const digest = hashText(hashes.flat().join('\n'));
  rows.add(`code.${stamp}`, digest);
  return digest;
}
