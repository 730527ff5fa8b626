/** The files of a snapshot and their contents. */
import { type Result, success } from '../model/result.js';
import { type Place, outputAt } from './place.js';
import { type RawPath, rawInput, rawList } from './raw-path.js';
import type { Snapshot } from './snapshot.js';

export interface TreeFile {
  readonly mode: string;
  readonly oid: string;
  readonly size: number;
}

/** All files of a snapshot, the untracked ones too; submodules are not ours. */
export async function readTree({ place, trees }: Snapshot): Promise<Result<ReadonlyMap<RawPath, TreeFile>>> {
  const files = new Map<RawPath, TreeFile>();
  for (const tree of trees) {
    const output = await outputAt(place, ['ls-tree', '-r', '-l', '-z', '--full-tree', tree]);
    if (!output.ok) return output;
    for (const line of rawList(output.value)) {
      const tab = line.indexOf('\t');
      const [mode = '', , oid = '', size = ''] = line.slice(0, tab).split(/ +/);
      if (mode !== '160000') files.set(line.slice(tab + 1), { mode, oid, size: Number(size) });
    }
  }
  return success(files);
}

export interface Content {
  readonly path: RawPath;
  readonly file: TreeFile;
  readonly bytes: Buffer;
}

const CHUNK_BYTES = 32 * 1024 ** 2;

/** One after the other, a chunk of them in memory at a time. Throws where the repository has lost one. */
export async function* readContents(place: Place, files: readonly [RawPath, TreeFile][]): AsyncGenerator<Content> {
  for (const chunk of chunksOf(files)) {
    const input = rawInput(
      chunk.map(([, file]) => file.oid),
      '\n',
    );
    const output = await outputAt(place, ['cat-file', '--batch'], { input });
    if (!output.ok) throw new Error(output.failure.message);
    let at = 0;
    for (const [path, file] of chunk) {
      const start = output.value.indexOf(10, at) + 1;
      const head = output.value.toString('latin1', at, start - 1);
      if (head !== `${file.oid} blob ${file.size}`) throw new Error(`git has lost the content ${file.oid}`);
      at = start + file.size + 1;
      yield { path, file, bytes: output.value.subarray(start, start + file.size) };
    }
  }
}

function chunksOf(files: readonly [RawPath, TreeFile][]): [RawPath, TreeFile][][] {
  const chunks: [RawPath, TreeFile][][] = [];
  let room = 0;
  for (const one of files) {
    if (room < one[1].size || chunks.length === 0) {
      chunks.push([]);
      room = CHUNK_BYTES;
    }
    chunks.at(-1)?.push(one);
    room -= one[1].size;
  }
  return chunks;
}
