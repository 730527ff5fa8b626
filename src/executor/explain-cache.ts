/** Why a file is asked about again: what its last answer was made of is kept beside the answers. */
import { type Answer, answerKey } from '../jobs/cache/answers.js';
import type { Setting } from '../jobs/cache/settings.js';
import type { JobFile } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';

/** What one task asks of which tools, under the settings as they are. */
export interface History {
  readonly verb: string;
  readonly settings: ReadonlyMap<ToolUse, Setting>;
}

type Parts = Readonly<Record<string, string>>;

export function noteHistory(
  kept: ReadonlyMap<string, { readonly hash: string }>,
  history: History,
  keep: (key: string, text: string) => void,
): void {
  if (kept.size === 0) return;
  const whole = wholeOf(history);
  keep(answerKey('parts', whole), JSON.stringify(partsOf(history)));
  for (const [path, { hash }] of kept) keep(lastKey(path, history), `${hash} ${whole}`);
}

/** One line for each reason. */
export function whyOpen(
  open: readonly JobFile[],
  history: History,
  find: (key: string) => Answer | null,
): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const file of open) {
    const reason = reasonFor(file, history, find);
    byReason.set(reason, [...(byReason.get(reason) ?? []), file.path]);
  }
  const tools = [...history.settings.keys()].map((use) => use.tool).join(' → ');
  return [...byReason].map(([reason, paths]) => `${tools} looks again at ${showPaths(paths)}: ${reason}`);
}

function reasonFor(file: JobFile, history: History, find: (key: string) => Answer | null): string {
  const last = find(lastKey(file.path, history))?.text.split(' ');
  if (last === undefined) return 'no earlier answer';
  const [hash, whole = ''] = last;
  if (hash !== file.hash) return 'the content is another one';
  const before = find(answerKey('parts', whole))?.text;
  const now = partsOf(history);
  const changed = before === undefined ? [] : differences(JSON.parse(before) as Parts, now);
  return changed.length === 0 ? 'a file that it depends on is another one' : `changed: ${changed.join(', ')}`;
}

function differences(before: Parts, now: Parts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const changed = [...names].filter((name) => before[name] !== now[name]);
  return [...new Set(changed.map((name) => name.slice(name.indexOf(': ') + 2)))];
}

const MOST_SHOWN = 5;

function showPaths(paths: readonly string[]): string {
  if (paths.length <= MOST_SHOWN) return paths.join(', ');
  return `${String(paths.length)} files (${paths.slice(0, MOST_SHOWN).join(', ')}, …)`;
}

function lastKey(path: string, { verb, settings }: History): string {
  return answerKey('last', verb, ...[...settings.keys()].map((use) => use.id), path);
}

function wholeOf({ settings }: History): string {
  return answerKey(...[...settings.values()].map((setting) => setting.whole));
}

function partsOf({ settings }: History): Parts {
  const entries = [...settings].flatMap(([use, { parts }]) =>
    Object.entries(parts).map(([name, digest]) => [`${use.id}: ${name}`, digest] as const),
  );
  return Object.fromEntries(entries);
}
