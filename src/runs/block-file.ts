/**
 * Rows `key value`, kept between runs in one append-only file of blocks. What is not asked for is not looked at: a block
 * begins with a list of its keys, and is believed only when its checksum has been seen to be right. One that was torn by a
 * crash, a full disk or another process is dropped. It is only a cache: every trouble with it means that work is done
 * again, nothing worse.
 */
import { appendFile, makeFolder, readIfThere, rename, rm, writeFile } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
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
  const stored = bytes === null ? new Map<string, Place>() : placesIn(bytes, options.format);
  const added = new Map<string, string>();
  const saved = new Map<string, string>();
  const used = new Set<string>();
  const current = (key: string): string | undefined => added.get(key) ?? saved.get(key) ?? valueAt(stored.get(key));
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
      const fresh = formatBlocks(added, options.format);
      for (const [key, value] of added) saved.set(key, value);
      added.clear();
      const live = [...used].reduce((sum, key) => sum + key.length + (current(key)?.length ?? 0) + 2, 0);
      const cap = Math.max(options.smallestCap, 4 * live);
      try {
        await makeFolder(dirname(file));
        if ((bytes?.byteLength ?? 0) + fresh.byteLength <= cap) await appendFile(file, fresh);
        else await replaceFile(file, formatBlocks(compacted({ stored, saved, used }, cap / 2), options.format));
      } catch {
        // A folder that cannot be written, a full disk: the next run does the work again.
      }
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
  const blocks = blocksIn(bytes, format).filter(isSound);
  const sound = blocks.reduce((sum, { start, end }) => sum + end - start, 0);
  return { rows: rowsOf(placesIn(bytes, format)).size, bytes: bytes.byteLength, damaged: bytes.byteLength - sound };
}

/** Writes it anew without rows that newer ones replace and without what does not pass its checksum. */
export async function compactBlockFile(file: string, format: string): Promise<void> {
  const bytes = await readIfThere(file);
  if (bytes !== null) await replaceFile(file, formatBlocks(rowsOf(placesIn(bytes, format)), format));
}

interface Contents {
  readonly stored: ReadonlyMap<string, Place>;
  readonly saved: ReadonlyMap<string, string>;
  readonly used: ReadonlySet<string>;
}

/** What this run used, then the most recently stored of the rest, up to `room` bytes; oldest first, as in the file. */
function compacted({ stored, saved, used }: Contents, room: number): Map<string, string> {
  const all = new Map([...rowsOf(stored), ...saved]);
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

/** Bytes of values: the checksum of a whole block is made for the first of its rows that is asked for. */
const BLOCK_BYTES = 64 * 1024;

function formatBlocks(rows: ReadonlyMap<string, string>, format: string): Buffer {
  const blocks: Buffer[] = [];
  let keys = '';
  let values: Buffer[] = [];
  let bytes = 0;
  const close = (): void => {
    if (values.length > 0) blocks.push(formatBlock(keys, values, format));
    [keys, values, bytes] = ['', [], 0];
  };
  for (const [key, text] of rows) {
    const value = Buffer.from(text);
    keys += `${key} ${String(value.byteLength)}\n`;
    values.push(value);
    bytes += value.byteLength + key.length;
    if (bytes >= BLOCK_BYTES) close();
  }
  close();
  return Buffer.concat(blocks);
}

/** `@<format> <checksum> <bytes of the keys> <bytes of the values>`, a line `key bytes` for each row, then the values. */
function formatBlock(keys: string, values: readonly Buffer[], format: string): Buffer {
  const list = Buffer.from(keys);
  const body = Buffer.concat([list, ...values]);
  const sizes = `${String(list.byteLength)} ${String(body.byteLength - list.byteLength)}`;
  return Buffer.concat([Buffer.from(`@${format} ${checksum(body)} ${sizes}\n`), body]);
}

function checksum(body: Uint8Array): string {
  return hashBytes(body).slice(0, 16);
}

interface Block {
  readonly bytes: Buffer;
  /** Offsets of its head, of its keys, and of what comes behind it. */
  readonly start: number;
  readonly body: number;
  readonly end: number;
  readonly checksum: string;
  readonly rows: readonly Row[];
  /** Absent: nobody has looked yet. */
  isSound?: boolean;
}

interface Row {
  readonly key: string;
  /** Offset of the value. */
  readonly at: number;
  readonly length: number;
}

interface Place extends Row {
  readonly block: Block;
}

function isSound(block: Block): boolean {
  block.isSound ??= checksum(block.bytes.subarray(block.body, block.end)) === block.checksum;
  return block.isSound;
}

function valueAt(place: Place | undefined): string | undefined {
  if (place === undefined || !isSound(place.block)) return undefined;
  return place.block.bytes.toString('utf8', place.at, place.at + place.length);
}

function rowsOf(places: ReadonlyMap<string, Place>): Map<string, string> {
  const rows = [...places].map(([key, place]) => [key, valueAt(place)] as const);
  return new Map(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

/** Newer rows stand behind older ones, as compaction wants them. */
function placesIn(bytes: Buffer, format: string): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const block of blocksIn(bytes, format))
    for (const row of block.rows) {
      places.delete(row.key);
      places.set(row.key, { ...row, block });
    }
  return places;
}

/** Those whose lists of keys can be read. */
function blocksIn(bytes: Buffer, format: string): Block[] {
  const blocks: Block[] = [];
  const head = Buffer.from(`@${format} `);
  for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at)) {
    const block = blockAt(bytes, at);
    // A torn one would swallow the beginning of what was written behind it.
    const isWhole = block !== null && (endsWell(block, head) || isSound(block));
    if (isWhole) blocks.push(block);
    at = isWhole ? block.end : at + 1;
  }
  return blocks;
}

function endsWell({ bytes, end }: Block, head: Buffer): boolean {
  return end === bytes.byteLength || bytes.subarray(end, end + head.byteLength).equals(head);
}

function blockAt(bytes: Buffer, start: number): Block | null {
  const body = bytes.indexOf('\n', start) + 1;
  const [, sum = '', keyBytes, valueBytes] = bytes.toString('latin1', start, Math.max(start, body - 1)).split(' ');
  const values = body + Number(keyBytes);
  const end = values + Number(valueBytes);
  if (!Number.isInteger(end) || values < body || end < values || end > bytes.byteLength) return null;
  const rows = rowsIn(bytes.toString('utf8', body, values), values);
  const last = rows?.at(-1);
  if (rows === null || (last === undefined ? values : last.at + last.length) !== end) return null;
  return { bytes, start, body, end, checksum: sum, rows };
}

/** null: this is no list of keys. `at`: offset of the first value. */
function rowsIn(list: string, at: number): Row[] | null {
  const rows: Row[] = [];
  for (let line = 0; line < list.length;) {
    const blank = list.indexOf(' ', line);
    const lineEnd = list.indexOf('\n', blank);
    const length = blank < 0 || lineEnd < 0 ? Number.NaN : Number(list.slice(blank + 1, lineEnd));
    if (!Number.isInteger(length) || length < 0) return null;
    rows.push({ key: list.slice(line, blank), at, length });
    at += length;
    line = lineEnd + 1;
  }
  return rows;
}
