/** Contents out of and into git's store, many with one process. */
import { type Result, failed, success } from '../model/result.js';
import { type Place, outputAt } from './place.js';
import { quotePath, rawPath } from './raw-path.js';

/** Contents of blobs by their names. */
export async function readBlobs(place: Place, oids: readonly string[]): Promise<Result<ReadonlyMap<string, Buffer>>> {
  const wanted = [...new Set(oids)];
  const found = new Map<string, Buffer>();
  if (wanted.length === 0) return success(found);
  const output = await outputAt(place, ['cat-file', '--batch'], { input: Buffer.from(`${wanted.join('\n')}\n`) });
  if (!output.ok) return output;
  let at = 0;
  for (const oid of wanted) {
    const start = output.value.indexOf(10, at) + 1;
    const [name, kind, size] = output.value.toString('latin1', at, Math.max(at, start - 1)).split(' ');
    if (name !== oid || kind !== 'blob')
      return failed({ kind: 'git-state', message: `git has lost the content ${oid} of a staged file` });
    found.set(oid, output.value.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return success(found);
}

/** Puts the contents of these files (absolute) into the store as they are, and gives their names there. */
export async function storeFiles(place: Place, files: readonly string[]): Promise<Result<readonly string[]>> {
  if (files.length === 0) return success([]);
  const input = files.map((file) => `${quotePath(rawPath(file))}\n`).join('');
  const how = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const output = await outputAt(place, how, { input: Buffer.from(input, 'latin1') });
  if (!output.ok) return output;
  const oids = output.value.toString('latin1').trim().split('\n');
  if (oids.length === files.length) return success(oids);
  return failed({ kind: 'tool-output', tool: 'git', message: 'The output of `git hash-object` was not understood' });
}
