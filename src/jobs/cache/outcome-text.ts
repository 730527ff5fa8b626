/** Outcomes as text and back, without what the asking side knows anyway. */
import type { FileOutcome, JobFile, JobOutcome } from '../../model/job.js';

/** Most files have nothing to say: one character for each of these. */
const PLAIN: Readonly<Record<string, Pick<FileOutcome, 'status' | 'settled'>>> = {
  d: { status: 'done' },
  s: { status: 'done', settled: true },
  u: { status: 'done', settled: false },
  i: { status: 'ignored' },
};

type Stored = Omit<FileOutcome, 'path' | 'hash' | 'after'> & { readonly text?: string };

/** Longer results cost more to keep than to make again. */
const MOST_TEXT = 2 * 1024 * 1024;

/** null: not to be stored. */
export function textOfFile(outcome: FileOutcome): string | null {
  const { after, ...others } = outcome;
  const rest = without(others, 'path', 'hash');
  const text = after === undefined ? undefined : Buffer.from(after).toString('utf8');
  if (text === undefined && rest.diagnostics.length === 0 && rest.failure === undefined && rest.tools === undefined) {
    const plain = Object.entries(PLAIN).find(
      ([, { status, settled }]) => status === rest.status && settled === rest.settled,
    );
    if (plain !== undefined) return plain[0];
  }
  if (text !== undefined && text.length > MOST_TEXT) return null;
  return JSON.stringify({ ...rest, ...(text === undefined ? {} : { text }) } satisfies Stored);
}

function without<T extends object, K extends keyof T>(value: T, ...keys: readonly K[]): Omit<T, K> {
  const rest = { ...value };
  for (const key of keys) Reflect.deleteProperty(rest, key);
  return rest;
}

export function fileOfText(stored: string, { path, hash }: JobFile): FileOutcome {
  const plain = PLAIN[stored];
  if (plain !== undefined) return { path, hash, diagnostics: [], ...plain };
  const { text, ...rest } = JSON.parse(stored) as Stored;
  return { path, hash, ...rest, ...(text === undefined ? {} : { after: Buffer.from(text, 'utf8') }) };
}

/** null: not to be stored. What a job said of each file is stored in the order of the files. */
export function textOfJob(outcome: JobOutcome): string | null {
  const { edits = [], files, ...rest } = without(outcome, 'log', 'peakMemory');
  if (edits.length > 0) return null;
  const stored: (readonly [string, string, string])[] = [];
  for (const file of files) {
    const text = textOfFile(file);
    if (text === null) return null;
    if (text !== 'd') stored.push([file.path, file.hash, text]);
  }
  return JSON.stringify({ ...rest, files: stored });
}

export function jobOfText(text: string): JobOutcome {
  const { files, ...rest } = JSON.parse(text) as Omit<JobOutcome, 'files'> & {
    readonly files: readonly (readonly [string, string, string])[];
  };
  return { ...rest, files: files.map(([path, hash, stored]) => fileOfText(stored, { path, hash })) };
}

/** The answers for all files of a question together: those that most of them have in common are not said again. */
export function textOfSet(answers: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) if (answer in PLAIN) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [common = 'd'] = [...counts].sort((a, b) => b[1] - a[1]).map(([answer]) => answer);
  const others = answers.flatMap((answer, index) => (answer === common ? [] : [[index, answer] as const]));
  return JSON.stringify([common, others]);
}

export function setOfText(text: string, files: readonly JobFile[]): FileOutcome[] {
  const [common, others] = JSON.parse(text) as [string, readonly (readonly [number, string])[]];
  const answers = files.map(() => common);
  for (const [index, answer] of others) answers[index] = answer;
  return files.map((file, index) => fileOfText(answers[index] ?? common, file));
}
