/** What reports show besides the log: texts of files, diffs, earlier runs. Fetched when asked for, never guessed. */
import { isUtf8 } from 'node:buffer';
import { excerpt } from './config/excerpt.js';
import { readIfThere, readTextIfThere, stat } from './host/disk.js';
import { ownFolder } from './host/own-package.js';
import { absolutePath, join } from './host/paths.js';
import type { Diagnostic } from './model/diagnostic.js';
import type { EditRecord } from './model/edit.js';
import type { Report } from './model/report.js';
import { foldEvents } from './model/run-state.js';
import { patchOf } from './patch.js';
import type { Evidence, Side } from './reporters/format.js';
import { readEvents } from './runs/event-log.js';
import { listRuns, runFolder } from './runs/run-folder.js';
import { readTrend } from './runs/trend.js';
import { readBlob } from './safety/blobs.js';

interface About {
  readonly root: string;
  /** Of the run. */
  readonly folder: string;
  readonly report: Report;
  /** The file that the config names for it. */
  readonly historyFile?: () => Promise<string | undefined>;
}

/** Findings come sorted by path: only a few files are looked at again. */
const MOST_TEXTS = 50;

const NONE = (): Promise<undefined> => Promise.resolve(undefined);

export function evidenceOf({ root, folder, report, historyFile = NONE }: About): Evidence {
  const edits = new Map(report.changes.map((edit) => [edit.path, edit]));
  const blob = (hash: string | null): Promise<string | null> =>
    hash === null ? Promise.resolve(null) : readBlob(folder, hash).then(textOf, () => null);
  const read = async (path: string, side: Side): Promise<string | null> => {
    const edit = edits.get(path);
    return edit === undefined ? textOnDisk(absolutePath(root, path), endOf(report)) : blob(edit[side]);
  };
  const texts = new Map<string, Promise<string | null>>();
  const source = (path: string, side: Side): Promise<string | null> => {
    const key = `${side}\0${path}`;
    const text = texts.get(key) ?? read(path, side);
    texts.delete(key);
    texts.set(key, text);
    const [oldest] = texts.keys();
    if (texts.size > MOST_TEXTS && oldest !== undefined) texts.delete(oldest);
    return text;
  };
  return {
    source,
    excerpt: async (finding, side) =>
      finding.path === null ? null : excerptOf(finding, await source(finding.path, side)),
    textsOf: async ({ before, after }) => ({ before: await blob(before), after: await blob(after) }),
    patchOf: (edit: EditRecord) => patchOf([edit], (hash) => readBlob(folder, hash)).catch(() => ''),
    earlier: () => earlierFindings(root, report),
    trend: async () => readTrend(root, await historyFile()),
    page,
  };
}

/** Milliseconds since 1970; what was written after it, the run has not seen. */
function endOf({ startedAt, milliseconds }: Report): number {
  return milliseconds === null ? Infinity : Date.parse(startedAt) + milliseconds;
}

async function textOnDisk(file: string, asOf: number): Promise<string | null> {
  const [bytes, stats] = await Promise.all([readIfThere(file).catch(() => null), stat(file).catch(() => null)]);
  return bytes === null || stats === null || stats.mtimeMs > asOf ? null : textOf(bytes);
}

function textOf(bytes: Uint8Array): string | null {
  return bytes.includes(0) || !isUtf8(bytes) ? null : Buffer.from(bytes).toString('utf8');
}

function excerptOf({ start, end }: Diagnostic, text: string | null): string | null {
  if (text === null || start === undefined) return null;
  const offset = offsetOf(text, start);
  if (offset === null) return null;
  const last = end === undefined ? null : offsetOf(text, end);
  return excerpt(text, { offset, length: Math.max(1, last === null ? wordAt(text, offset) : last - offset) });
}

/** Where a tool names only where it begins. */
function wordAt(text: string, offset: number): number {
  const word = /[\w$]*/y;
  word.lastIndex = offset;
  return word.exec(text)?.[0].length ?? 0;
}

/** null where the text has no such place: then it is not the text that the finding is about. */
function offsetOf(text: string, { line, column }: NonNullable<Diagnostic['start']>): number | null {
  let offset = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return null;
    offset = next + 1;
  }
  const lineEnd = text.indexOf('\n', offset);
  return Math.min(offset + column - 1, lineEnd < 0 ? text.length : lineEnd);
}

/** Runs of other files or other commands say nothing about what is new. */
async function earlierFindings(root: string, report: Report): Promise<readonly Diagnostic[] | null> {
  const ids = listRuns(root)
    .filter((id) => id < report.run)
    .slice(-MOST_LOOKED_AT);
  const own = foldEvents((await readEvents(runFolder(root, report.run))).slice(0, 1));
  for (const id of ids.reverse()) {
    const events = await readEvents(runFolder(root, id));
    const [first] = events;
    const state = foldEvents(events);
    if (first?.type !== 'run-started' || state.end === null || state.findings === null || state.base !== null) continue;
    if (state.workflow === own.workflow && state.files === report.files && state.mode === own.mode)
      return [...state.findings, ...state.extraFindings];
  }
  return null;
}

const MOST_LOOKED_AT = 3;

async function page(): Promise<{ readonly script: string; readonly style: string }> {
  const folder = join(ownFolder(), 'dist', 'page');
  const [script, style] = await Promise.all(['page.js', 'page.css'].map((name) => readTextIfThere(join(folder, name))));
  if (script == null || style == null) throw new Error(`${folder} is missing: this package was not built`);
  return { script, style };
}
