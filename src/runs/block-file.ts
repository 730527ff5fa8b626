/**
 * Rows `key value`, kept between runs in one append-only file of blocks, each with its own checksum: a block torn by a
 * crash, a full disk or another process is dropped, never believed. It is only a cache: every trouble with it means that
 * work is done again, nothing worse.
 */
import { appendFile, makeFolder, readIfThere, rename, rm, writeFile } from '../host/disk.js';
import { hashBytes, hashText } from '../host/hash.js';
import { dirname } from '../host/paths.js';

/** Keys hold no blank, values no line break. */
export interface BlockFile {
  readonly get: (key: string) => string | undefined;
  readonly add: (key: string, value: string) => void;
  /** Writes what was added. */
  readonly save: () => Promise<void>;
}

export interface BlockFileOptions {
  /** Name and number of the format; rows of another one are not read. No blank in it. */
  readonly format: string;
  /** Bytes up to which the file may always grow; beyond, up to four times what the last run used. */
  readonly smallestCap: number;
}

/** Without a file it lives as long as the process needs it. */
export async function openBlockFile(file: string | null, options: BlockFileOptions): Promise<BlockFile> {
  const bytes = file === null ? null : await readIfThere(file).catch(() => null);
  const stored = bytes === null ? new Map<string, string>() : parseBlocks(bytes, options.format);
  const added = new Map<string, string>();
  const used = new Set<string>();
  const current = (key: string): string | undefined => added.get(key) ?? stored.get(key);
  return {
    get(key) {
      const value = current(key);
      if (value !== undefined) used.add(key);
      return value;
    },
    add(key, value) {
      added.set(key, value);
      used.add(key);
    },
    async save() {
      if (file === null || added.size === 0) return;
      const block = formatBlock(added, options.format);
      const live = [...used].reduce((sum, key) => sum + key.length + (current(key)?.length ?? 0) + 2, 0);
      const cap = Math.max(options.smallestCap, 4 * live);
      try {
        await makeFolder(dirname(file));
        if ((bytes?.byteLength ?? 0) + block.byteLength <= cap) await appendFile(file, block);
        else await replaceFile(file, formatBlock(compacted({ stored, added, used }, cap / 2), options.format));
      } catch {
        // A folder that cannot be written, a full disk: the next run does the work again.
      }
      for (const [key, value] of added) stored.set(key, value);
      added.clear();
    },
  };
}

/** What a file holds: rows that count, bytes, and those that do not pass their checksum. null where there is none. */
export async function measureBlockFile(
  file: string,
  format: string,
): Promise<{ readonly rows: number; readonly bytes: number; readonly damaged: number } | null> {
  const bytes = await readIfThere(file).catch(() => null);
  if (bytes === null) return null;
  const { rows, sound } = readBlocks(bytes, format);
  return { rows: rows.size, bytes: bytes.byteLength, damaged: bytes.byteLength - sound };
}

/** Writes it anew without rows that newer ones replace and without what does not pass its checksum. */
export async function compactBlockFile(file: string, format: string): Promise<void> {
  const bytes = await readIfThere(file);
  if (bytes !== null) await replaceFile(file, formatBlock(parseBlocks(bytes, format), format));
}

interface Contents {
  readonly stored: ReadonlyMap<string, string>;
  readonly added: ReadonlyMap<string, string>;
  readonly used: ReadonlySet<string>;
}

/** What this run used, then the most recently stored of the rest, up to `room` bytes; oldest first, as in the file. */
function compacted({ stored, added, used }: Contents, room: number): Map<string, string> {
  const all = new Map([...stored, ...added]);
  const newestFirst = [...all].reverse().sort(([a], [b]) => Number(used.has(b)) - Number(used.has(a)));
  const kept: [string, string][] = [];
  let left = room;
  for (const [key, value] of newestFirst) {
    left -= key.length + value.length + 2;
    if (left < 0 && !used.has(key)) break;
    kept.push([key, value]);
  }
  return new Map(kept.reverse());
}

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.${hashBytes(bytes).slice(0, 8)}`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** `@<format> <checksum> <bytes of the body>`, then one row for each key. */
function formatBlock(rows: ReadonlyMap<string, string>, format: string): Buffer {
  const body = [...rows].map(([key, value]) => `${key} ${value}\n`).join('');
  return Buffer.from(`@${format} ${checksum(body)} ${Buffer.byteLength(body)}\n${body}`);
}

function checksum(body: string): string {
  return hashText(body).slice(0, 16);
}

function parseBlocks(bytes: Buffer, format: string): Map<string, string> {
  return readBlocks(bytes, format).rows;
}

/** `sound`: how many bytes pass their checksum. */
function readBlocks(bytes: Buffer, format: string): { readonly rows: Map<string, string>; readonly sound: number } {
  const rows = new Map<string, string>();
  let soundBytes = 0;
  const head = Buffer.from(`@${format} `);
  for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at)) {
    const lineEnd = bytes.indexOf('\n', at);
    if (lineEnd < 0) break;
    const [, sum, length] = bytes.toString('latin1', at, lineEnd).split(' ');
    const bodyEnd = lineEnd + 1 + Number(length);
    const body = bytes.toString('utf8', lineEnd + 1, bodyEnd);
    const sound = bodyEnd <= bytes.byteLength && sum === checksum(body);
    if (sound) for (const row of body.split('\n')) parseRow(row, rows);
    if (sound) soundBytes += bodyEnd - at;
    at = sound ? bodyEnd : at + 1;
  }
  return { rows, sound: soundBytes };
}

function parseRow(row: string, rows: Map<string, string>): void {
  const space = row.indexOf(' ');
  if (space < 0) return;
  const key = row.slice(0, space);
  // Newer rows stand behind older ones, as compaction wants them.
  rows.delete(key);
  rows.set(key, row.slice(space + 1));
}
