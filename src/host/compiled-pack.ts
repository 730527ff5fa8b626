/** The file that compiled code of one tool is kept in. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Does a module import others while it runs? Such code cannot be kept: V8 forgets where it came from. */
export type ImportsWhileRunning = (path: string, text: string) => Promise<boolean>;

export interface Fresh {
  readonly key: string;
  readonly path: string;
  readonly text: string;
  readonly script: Script;
}

export interface Pack {
  readonly known: Map<string, Buffer>;
  /** Keys of what was used, of `known`: nothing else is kept. */
  readonly used: Set<string>;
  readonly fresh: Fresh[];
}

/** A checksum, the places of the parts as JSON, and the parts; each behind the other on a line. */
export function readPack(file: string): Map<string, Buffer> {
  try {
    const bytes = readFileSync(file);
    const sumEnd = bytes.indexOf('\n');
    const body = bytes.subarray(sumEnd + 1);
    if (bytes.toString('latin1', 0, sumEnd) !== checksum(body)) return new Map();
    const placesEnd = body.indexOf('\n');
    const places = JSON.parse(body.toString('utf8', 0, placesEnd)) as readonly [string, number, number][];
    const parts = body.subarray(placesEnd + 1);
    return new Map(places.map(([key, start, length]) => [key, parts.subarray(start, start + length)]));
  } catch {
    return new Map();
  }
}

export async function writePack(file: string, pack: Pack, importsWhileRunning: ImportsWhileRunning): Promise<void> {
  for (const { key, path, text, script } of pack.fresh.splice(0)) {
    if (/\bimport\s*[(/]/.test(text) && (await importsWhileRunning(path, text))) continue;
    pack.known.set(key, script.createCachedData());
    pack.used.add(key);
  }
  const parts = [...pack.known].filter(([key]) => pack.used.has(key));
  const places: [string, number, number][] = [];
  parts.reduce((start, [key, part]) => {
    places.push([key, start, part.length]);
    return start + part.length;
  }, 0);
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), ...parts.map(([, part]) => part)]);
  const written = `${file}.${String(process.pid)}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(written, Buffer.concat([Buffer.from(`${checksum(body)}\n`), body]));
  renameSync(written, file);
}

/** Of other versions of Node and of tools that were updated, those go first that were written first. */
const MOST_PACKS = 16;

export function prune(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const newestFirst = files
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .sort((one, other) => other.at - one.at)
    .slice(MOST_PACKS);
  for (const { file } of newestFirst) rmSync(file, { force: true });
}

/**
 * Tells what has become another content, not what somebody has made alike: whoever may write there may write the code itself.
 * Node's own cache of compiled code does the same. Of 31 ms that the sources of ESLint with typescript-eslint took, 15 are left.
 */
export function checksum(data: string | Buffer): string {
  return `${crc32(data).toString(16)}-${String(data.length)}`;
}

export function digest(data: string | Buffer): string {
  return createHash('sha1').update(data).digest('hex');
}
