/**
 * What was found in contents, kept by their hash between runs. One append-only file of blocks, each with its own
 * checksum: a block torn by a crash, a full disk or another process is dropped, never believed. It is only a cache:
 * every trouble with it means that files are read again, nothing worse.
 */
import { appendFile, makeFolder, readIfThere, rename, rm, writeFile } from '../host/disk.js';
import { hashBytes, hashText } from '../host/hash.js';
import { join } from '../host/paths.js';
import type { ContentFacts } from './content.js';

export interface FactsCache {
  get(hash: string): ContentFacts | undefined;
  add(hash: string, facts: ContentFacts): void;
  /** Writes what was added. */
  save(): Promise<void>;
}

/** Raised when content.ts sees something else in the same bytes. */
const FORMAT = 'quality-facts-1';
const FILE_NAME = 'facts';
const SMALLEST_CAP = 8 * 1024 * 1024;
const TEXT_LIMIT = 64 * 1024;

/** Without a folder the cache lives as long as the process needs it. */
export async function openFactsCache(folder: string | undefined): Promise<FactsCache> {
  const file = folder === undefined ? null : join(folder, FILE_NAME);
  const bytes = file === null ? null : await readIfThere(file).catch(() => null);
  const stored = bytes === null ? new Map<string, ContentFacts>() : parseBlocks(bytes);
  const added = new Map<string, ContentFacts>();
  const used = new Set<string>();
  return {
    get(hash) {
      const facts = added.get(hash) ?? stored.get(hash);
      if (facts !== undefined) used.add(hash);
      return facts;
    },
    add(hash, facts) {
      added.set(hash, facts);
      used.add(hash);
    },
    async save() {
      if (file === null || folder === undefined || added.size === 0) return;
      const block = formatBlock(added);
      const live = [...used].reduce((sum, hash) => sum + rowOf(hash, added.get(hash) ?? stored.get(hash)).length, 0);
      const cap = Math.max(SMALLEST_CAP, 4 * live);
      try {
        await makeFolder(folder);
        if ((bytes?.byteLength ?? 0) + block.byteLength <= cap) await appendFile(file, block);
        else await replaceFile(file, formatBlock(compacted({ stored, added, used }, cap / 2)));
      } catch {
        // A folder that cannot be written, a full disk: the next run reads the files again.
      }
      for (const [hash, facts] of added) stored.set(hash, facts);
      added.clear();
    },
  };
}

interface Contents {
  readonly stored: ReadonlyMap<string, ContentFacts>;
  readonly added: ReadonlyMap<string, ContentFacts>;
  readonly used: ReadonlySet<string>;
}

/** What this run used, then the most recently stored of the rest, up to `room` bytes; oldest first, as in the file. */
function compacted({ stored, added, used }: Contents, room: number): Map<string, ContentFacts> {
  const all = new Map([...stored, ...added]);
  const newestFirst = [...all.keys()].reverse().sort((a, b) => Number(used.has(b)) - Number(used.has(a)));
  const kept: [string, ContentFacts][] = [];
  let left = room;
  for (const hash of newestFirst) {
    const facts = all.get(hash);
    left -= rowOf(hash, facts).length;
    if (facts === undefined || (left < 0 && !used.has(hash))) break;
    kept.push([hash, facts]);
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

/** `@quality-facts-1 <checksum> <bytes of the body>`, then one row for each content. */
function formatBlock(facts: ReadonlyMap<string, ContentFacts>): Buffer {
  const body = [...facts].map(([hash, each]) => rowOf(hash, each)).join('');
  return Buffer.from(`@${FORMAT} ${checksum(body)} ${Buffer.byteLength(body)}\n${body}`);
}

function checksum(body: string): string {
  return hashText(body).slice(0, 16);
}

const LETTERS = { text: 't', binary: 'b', 'not-utf8': 'n' } as const;
const KINDS: Readonly<Record<string, ContentFacts['kind']>> = { t: 'text', b: 'binary', n: 'not-utf8' };

/** Most contents have nothing but size and kind: `<hash> <kind><size>`; the rest follows as JSON. */
function rowOf(hash: string, facts: ContentFacts | undefined): string {
  if (facts === undefined) return '';
  const { size, kind, ...rest } = facts;
  if ((rest.text?.length ?? 0) > TEXT_LIMIT) return '';
  const more = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  return `${hash} ${LETTERS[kind]}${size}${more}\n`;
}

function parseBlocks(bytes: Buffer): Map<string, ContentFacts> {
  const facts = new Map<string, ContentFacts>();
  const head = Buffer.from(`@${FORMAT} `);
  for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at)) {
    const lineEnd = bytes.indexOf('\n', at);
    if (lineEnd < 0) break;
    const [, sum, length] = bytes.toString('latin1', at, lineEnd).split(' ');
    const bodyEnd = lineEnd + 1 + Number(length);
    const body = bytes.toString('utf8', lineEnd + 1, bodyEnd);
    const sound = bodyEnd <= bytes.byteLength && sum === checksum(body);
    if (sound) for (const row of body.split('\n')) parseRow(row, facts);
    at = sound ? bodyEnd : at + 1;
  }
  return facts;
}

function parseRow(row: string, facts: Map<string, ContentFacts>): void {
  const space = row.indexOf(' ');
  if (space < 0) return;
  const next = row.indexOf(' ', space + 1);
  const size = Number(row.slice(space + 2, next < 0 ? undefined : next));
  const kind = KINDS[row[space + 1] ?? ''];
  if (kind === undefined) return;
  const rest = next < 0 ? {} : (JSON.parse(row.slice(next + 1)) as Omit<ContentFacts, 'size' | 'kind'>);
  const hash = row.slice(0, space);
  facts.delete(hash);
  facts.set(hash, { size, kind, ...rest });
}
