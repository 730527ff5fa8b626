/** What was found in contents, kept by their hash between runs. */
import { join } from '../host/paths.js';
import { openBlockFile } from '../runs/block-file.js';
import type { ContentFacts } from './content.js';

export interface FactsCache {
  get(hash: string): ContentFacts | undefined;
  add(hash: string, facts: ContentFacts): void;
  /** Writes what was added. */
  save(): Promise<void>;
}

/** The number is raised when content.ts sees something else in the same bytes. */
export const FACTS_FORMAT = 'quality-facts-2';
export const FACTS_FILE = 'facts';
const SMALLEST_CAP = 8 * 1024 * 1024;
const TEXT_LIMIT = 64 * 1024;

/** Without a folder the cache lives as long as the process needs it. */
export async function openFactsCache(folder: string | undefined): Promise<FactsCache> {
  const file = folder === undefined ? null : join(folder, FACTS_FILE);
  const rows = await openBlockFile(file, { format: FACTS_FORMAT, smallestCap: SMALLEST_CAP });
  const known = new Map<string, ContentFacts>();
  return {
    get(hash) {
      const row = rows.get(hash);
      return known.get(hash) ?? (row === undefined ? undefined : parseFacts(row));
    },
    add(hash, facts) {
      known.set(hash, facts);
      if ((facts.text?.length ?? 0) <= TEXT_LIMIT) rows.add(hash, formatFacts(facts));
    },
    save: rows.save,
  };
}

const LETTERS = { text: 't', binary: 'b', 'not-utf8': 'n' } as const;
const KINDS: Readonly<Record<string, ContentFacts['kind']>> = { t: 'text', b: 'binary', n: 'not-utf8' };

/** Most contents have nothing but size and kind: `<kind><size>`; the rest follows as JSON. */
function formatFacts({ size, kind, ...rest }: ContentFacts): string {
  const more = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  return `${LETTERS[kind]}${size}${more}`;
}

function parseFacts(row: string): ContentFacts | undefined {
  const kind = KINDS[row[0] ?? ''];
  if (kind === undefined) return undefined;
  const blank = row.indexOf(' ');
  const size = Number(row.slice(1, blank < 0 ? undefined : blank));
  return {
    size,
    kind,
    ...(blank < 0 ? {} : (JSON.parse(row.slice(blank + 1)) as Omit<ContentFacts, 'size' | 'kind'>)),
  };
}
