/**
 * A chain from its end: where nobody has looked at a file yet, its linter mostly has nothing to fix in it, and must look at
 * what the formatter makes of it anyway, in the verify behind. So the formatter is asked first, then that verify's question
 * about what it has made. Where the linter would change nothing in that, the chain has come to its end, and the linter was
 * asked once for what it would have been asked twice; everything else goes through the chain from its beginning.
 */
import { hashBytes } from '../host/hash.js';
import { together } from '../jobs/cache/answers.js';
import { type Plan, type PlannedStep, type PlannedTask, stepsOf } from '../model/plan.js';
import type { FileOutcome, JobFile, JobOutcome } from '../model/job.js';
import type { Foresight } from './foresight.js';
import { isSeverable } from './relay.js';

export interface ShortCut {
  /** Files that it does not lead to the end are not in the outcome; null: none. */
  readonly take: (
    files: readonly JobFile[],
    runLast: (files: readonly JobFile[]) => Promise<JobOutcome>,
  ) => Promise<JobOutcome | null>;
}

/** A project whose linter mostly has something to fix loses by it: this many files tell. */
const TELLING = 12;

interface Way {
  readonly plan: Plan;
  readonly step: PlannedStep;
  readonly foresight: Foresight;
}

/** null: the chain has none. */
export function shortCutOf(task: PlannedTask, { plan, step, foresight }: Way): ShortCut | null {
  const { links, files: paths } = task;
  const linters = links.slice(0, -1).flatMap((link) => link.slice(0, 1));
  const hasAlternatives = links.slice(0, -1).some((link) => link.length > 1);
  if (!isSeverable(task) || hasAlternatives || isVerifiedBefore(plan, step)) return null;
  const ask = foresight.questionTo(step, linters, paths);
  if (ask === null) return null;
  const tally = { tried: 0, missed: 0 };
  const isPointless = (): boolean => tally.tried >= TELLING && tally.missed > tally.tried / 2;
  return {
    take: async (files, runLast) => {
      if (isPointless()) return null;
      const last = await runLast(files);
      const left = leftBy(last, files);
      if (left.length === 0) return null;
      const asked = ask(left);
      foresight.look(step, left);
      const told = await asked;
      const ends = new Map(
        left.map(({ path }) => [path, told.map((one) => one.files.find((file) => file.path === path))]),
      );
      const done = last.files.flatMap((file) => endOf(file, ends.get(file.path) ?? []));
      tally.tried += files.length;
      tally.missed += files.length - done.length;
      const dependsOn = together([last, ...told].map((one) => one.dependsOn));
      return { files: done, diagnostics: [], ...(dependsOn === undefined ? {} : { dependsOn }) };
    },
  };
}

/** `said`: of each linter; none where it was not asked. */
function endOf(file: FileOutcome, said: readonly (FileOutcome | undefined)[]): FileOutcome[] {
  const isIgnored = said.every((one) => one?.status === 'ignored');
  const isSettled = said.every((one) => one?.settled === true || one?.status === 'ignored');
  if (said.length === 0 || !isSettled) return [];
  return [{ ...file, status: isIgnored ? file.status : 'done', diagnostics: [] }];
}

/** What is known of the linters then is known to the chain as well. */
function isVerifiedBefore(plan: Plan, { id }: PlannedStep): boolean {
  const steps = stepsOf(plan);
  const place = steps.findIndex((step) => step.id === id);
  return steps.slice(0, place).some(({ command, skipped }) => command === 'verify' && skipped === undefined);
}

/** The files as a job has left them, those aside that it failed on, or that somebody changed before it read them. */
export function leftBy({ files }: JobOutcome, given: readonly JobFile[]): JobFile[] {
  const before = new Map(given.map((file) => [file.path, file]));
  return files.flatMap(({ path, hash, after, failure }): JobFile[] => {
    const file = before.get(path);
    if (file?.hash !== hash || failure !== undefined) return [];
    return [after === undefined ? file : { path, hash: hashBytes(after), content: after }];
  });
}
