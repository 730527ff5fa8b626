/** Trees of files as values, to compare what stands on disk before and after. */
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every file, link and folder below, with mode and content; ours and git's folders left out. */
export function treeOf(folder: string, below = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const raw of readdirSync(join(folder, below), { encoding: 'buffer' })) {
    const name = raw.toString('utf8');
    if (!Buffer.from(name).equals(raw)) {
      const odd = Buffer.concat([Buffer.from(join(folder, below, '/')), raw]);
      tree[`not text ${raw.toString('hex')}`] = readFileSync(odd).toString('base64');
      continue;
    }
    if (below === '' && (name === '.git' || name === '.quality')) continue;
    const path = below === '' ? name : `${below}/${name}`;
    const stats = lstatSync(join(folder, path));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) Object.assign(tree, { [`${path}/`]: 'folder' }, treeOf(folder, path));
    else if (stats.isSymbolicLink()) tree[path] = `link ${readlinkSync(join(folder, path))}`;
    else tree[path] = `${mode} ${readFileSync(join(folder, path)).toString('base64')}`;
  }
  return tree;
}
