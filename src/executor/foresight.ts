/**
 * What the steps behind a writing step, up to the next verify, will ask about files that are through, asked while others are
 * still on their way: a linter has nothing to do while the last files are formatted. An answer that does not hold any more
 * when its time comes (a later step has changed the file, or one that it depends on) is not found then, and the tool is
 * asked as ever.
 */
import type { FileOutcome, JobFile, JobOutcome } from '../model/job.js';
import { type Plan, type PlannedStep, type PlannedTask, stepsOf } from '../model/plan.js';
import { together } from '../jobs/cache/answers.js';
import { joinOutcomes } from '../jobs/failed.js';
import { runsInMain } from '../jobs/uses.js';
import type { ToolUse } from '../model/tool-use.js';
import type { Asked, Memo } from './memo.js';

export interface Foresight {
  /** Asks now what the verify behind the step will ask these tools; null: it does not ask all of them about all of these. */
  readonly questionTo: (
    step: PlannedStep,
    uses: readonly ToolUse[],
    paths: readonly string[],
  ) => ((files: readonly JobFile[]) => Promise<readonly JobOutcome[]>) | null;
  /** These contents are what the step will leave; they need not stand anywhere yet. */
  readonly look: (step: PlannedStep, files: readonly JobFile[]) => void;
  /**
   * What was said of these contents to a task with its settings, whether it may be kept or not: in this run, in which nothing
   * that a tool could have seen beside them has changed since. Files that nobody has asked about are not in it.
   */
  readonly recall: (task: PlannedTask, files: readonly JobFile[]) => JobOutcome;
  /** Resolves when nothing of it is under way, or nothing of one step's: to be awaited before it asks itself, and before files are written. */
  readonly settled: (step?: PlannedStep) => Promise<void>;
}

export interface ForesightSettings {
  readonly plan: Plan;
  readonly memo: Memo;
  /** As jobs for which nobody waits. */
  readonly run: (step: PlannedStep, task: PlannedTask, files: readonly JobFile[]) => Promise<JobOutcome>;
}

export function createForesight({ plan, memo, run }: ForesightSettings): Foresight {
  const pending = new Map<Promise<void>, string>();
  const useless = new Set<string>();
  const said = new Map<string, { readonly file: FileOutcome; readonly outcome: JobOutcome }>();
  // What it has read beside the file may be about to be written, before or after it has looked: nobody could tell which.
  const isShaky = ({ dependsOn }: JobOutcome): boolean => dependsOn !== undefined && plan.mode === 'write';
  /** What is asked already, by task and content. */
  const flights = new Map<string, Promise<JobOutcome>>();
  const ask = async (step: PlannedStep, task: PlannedTask, files: readonly JobFile[]): Promise<JobOutcome> => {
    const keyOf = ({ path, hash }: JobFile): string => `${task.id}\0${path}\0${hash}`;
    const fresh = files.filter((file) => !flights.has(keyOf(file)));
    if (fresh.length > 0) {
      const flight = askAnew(step, task, fresh);
      for (const file of fresh) flights.set(keyOf(file), flight);
    }
    const paths = new Map<Promise<JobOutcome>, Set<string>>();
    for (const file of files) {
      const flight = flights.get(keyOf(file));
      if (flight !== undefined) paths.set(flight, (paths.get(flight) ?? new Set()).add(file.path));
    }
    const outcomes = [...paths].map(async ([flight, asked]) => {
      const outcome = await flight;
      return { ...outcome, files: outcome.files.filter(({ path }) => asked.has(path)) };
    });
    return joinOutcomes(await Promise.all(outcomes));
  };
  const askAnew = async (step: PlannedStep, task: PlannedTask, files: readonly JobFile[]): Promise<JobOutcome> => {
    const asked = await memo.anew().ask(task, files, false);
    const known: JobOutcome = { files: asked.answers, diagnostics: [], ...withReach(asked) };
    if (asked.open.length === 0) return known;
    const outcome = await run(step, asked.task, asked.open);
    if (isShaky(outcome)) useless.add(task.id);
    else {
      asked.keepEach([outcome]);
      for (const file of outcome.files)
        if (file.failure === undefined) said.set(questionOf(asked.task, file), { file, outcome });
    }
    return joinOutcomes([known, outcome]);
  };
  return {
    questionTo: (step, uses, paths) => {
      const next = verifyBehind(plan, step);
      const asks = (task: PlannedTask, use: ToolUse): boolean => task.links[0]?.[0]?.id === use.id && isWorthIt(task);
      const tasks = uses.flatMap((use) => {
        const task = next?.tasks.find((one) => asks(one, use));
        return task !== undefined && hasAll(task, paths) ? [task] : [];
      });
      if (next === undefined || tasks.length < uses.length) return null;
      return (files) => Promise.all(tasks.map((task) => ask(next, task, files)));
    },
    look: (step, files) => {
      for (const next of stepsUpToVerify(plan, step)) {
        for (const task of next.tasks.filter(isWorthIt)) {
          const paths = new Set(task.files);
          const wanted = files.filter(({ path }) => paths.has(path));
          if (wanted.length === 0 || useless.has(task.id)) continue;
          // What goes wrong here goes wrong again when the step asks, and is told then.
          const asking = ask(next, task, wanted).then(
            () => undefined,
            () => undefined,
          );
          pending.set(asking, next.id);
          void asking.then(() => pending.delete(asking));
        }
      }
    },
    recall: (task, files) => {
      const found = files.flatMap((file) => said.get(questionOf(task, file)) ?? []);
      const dependsOn = together(found.map(({ outcome }) => outcome.dependsOn));
      return {
        files: found.map(({ file }) => file),
        diagnostics: [],
        ...(dependsOn === undefined ? {} : { dependsOn }),
      };
    },
    settled: async (step) => {
      await Promise.all(
        [...pending].filter(([, id]) => step === undefined || id === step.id).map(([asking]) => asking),
      );
    },
  };
}

function questionOf({ id, links, trigger }: PlannedTask, { path, hash }: JobFile): string {
  const uses = [...links.flat(), ...(trigger === undefined ? [] : [trigger])];
  return JSON.stringify([id, uses.map(({ setting }) => setting), path, hash]);
}

function withReach({ dependsOn }: Asked): Pick<JobOutcome, 'dependsOn'> {
  return dependsOn === undefined ? {} : { dependsOn };
}

function hasAll({ files }: PlannedTask, wanted: readonly string[]): boolean {
  const paths = new Set(files);
  return wanted.every((path) => paths.has(path));
}

function verifyBehind(plan: Plan, step: PlannedStep): PlannedStep | undefined {
  return stepsUpToVerify(plan, step).find(({ command }) => command === 'verify');
}

/** The next verify, and the steps before it. */
function stepsUpToVerify(plan: Plan, step: PlannedStep): readonly PlannedStep[] {
  const steps = stepsOf(plan);
  const place = steps.findIndex(({ id }) => id === step.id);
  const behind = steps.slice(place + 1).filter(({ skipped }) => skipped === undefined);
  const verify = behind.findIndex(({ command }) => command === 'verify');
  return verify === -1 ? [] : behind.slice(0, verify + 1);
}

/** Checks, and what mostly has nothing to do: the chain behind a trigger. */
function isWorthIt({ action, grain, links, trigger }: PlannedTask): boolean {
  const isQuiet = action === 'check' || trigger !== undefined;
  return isQuiet && grain === 'file' && !runsInMain({ links, ...(trigger === undefined ? {} : { trigger }) });
}
