/**
 * What the verify behind a writing step will ask about files that are through, asked while others are still on their way:
 * a linter has nothing to do while the last files are formatted. An answer that does not hold any more when its time comes
 * (a later step has changed the file, or one that it depends on) is not found then, and the tool is asked as ever.
 */
import type { JobFile, JobOutcome } from '../model/job.js';
import { type Plan, type PlannedStep, type PlannedTask, stepsOf } from '../model/plan.js';
import { runsInMain } from '../jobs/uses.js';
import type { Memo } from './memo.js';

export interface Foresight {
  /** These contents are what the step will leave; they need not stand anywhere yet. */
  readonly look: (step: PlannedStep, files: readonly JobFile[]) => void;
  /** Resolves when nothing of it is under way; to be awaited before a verify asks, and before files are written. */
  readonly settled: () => Promise<void>;
}

export interface ForesightSettings {
  readonly plan: Plan;
  readonly memo: Memo;
  /** As jobs for which nobody waits. */
  readonly run: (step: PlannedStep, task: PlannedTask, files: readonly JobFile[]) => Promise<JobOutcome>;
}

export function createForesight({ plan, memo, run }: ForesightSettings): Foresight {
  const pending = new Set<Promise<void>>();
  const useless = new Set<string>();
  // What it has read beside the file may be about to be written, before or after it has looked: nobody could tell which.
  // Where nothing is written, the memo sees what stands only here.
  const isShaky = ({ dependsOn }: JobOutcome): boolean =>
    dependsOn !== undefined && (plan.mode === 'write' || dependsOn.reach !== undefined);
  const ask = async (step: PlannedStep, task: PlannedTask, files: readonly JobFile[]): Promise<void> => {
    const asked = await memo.anew().ask(task, files, false);
    if (asked.open.length === 0) return;
    const outcome = await run(step, asked.task, asked.open);
    if (isShaky(outcome)) useless.add(task.id);
    else asked.keepEach([outcome]);
  };
  return {
    look: (step, files) => {
      const next = verifyBehind(plan, step);
      for (const task of next?.tasks.filter(isWorthIt) ?? []) {
        const paths = new Set(task.files);
        const wanted = files.filter(({ path }) => paths.has(path));
        if (next === undefined || wanted.length === 0 || useless.has(task.id)) continue;
        // What goes wrong here goes wrong again when the verify asks, and is told then.
        const asking = ask(next, task, wanted).catch(() => undefined);
        pending.add(asking);
        void asking.then(() => pending.delete(asking));
      }
    },
    settled: async () => {
      await Promise.all(pending);
    },
  };
}

function verifyBehind(plan: Plan, step: PlannedStep): PlannedStep | undefined {
  const steps = stepsOf(plan);
  const place = steps.findIndex(({ id }) => id === step.id);
  return steps.slice(place + 1).find(({ command, skipped }) => command === 'verify' && skipped === undefined);
}

function isWorthIt({ action, grain, links, trigger }: PlannedTask): boolean {
  return (
    action === 'check' && grain === 'file' && !runsInMain({ links, ...(trigger === undefined ? {} : { trigger }) })
  );
}
