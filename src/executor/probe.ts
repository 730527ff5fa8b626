/** Verifications in a row that look at no more than they have to: while edits are taken back and put in again, one by one. */
import { type Diagnostic, fingerprintOf } from '../model/diagnostic.js';
import type { PlannedStep, PlannedTask } from '../model/plan.js';
import type { RunContext } from './context.js';
import { type TaskFindings, findingsByTask, mergeFindings } from './verify.js';

export interface Probe {
  /** Looks again at what can show the suspected findings, or at everything; elsewhere what was found last stands. */
  readonly look: (wholly: boolean) => Promise<{ readonly findings: readonly Diagnostic[]; readonly whole: boolean }>;
  /** Whatever has shown these is looked at from now on. */
  readonly suspect: (fresh: readonly Diagnostic[]) => void;
  /** They came and went on the same tree: nothing that stands. */
  readonly forget: (flaky: readonly Diagnostic[]) => void;
}

/** Which files of a task are looked at; null: all. */
type Suspects = Map<string, ReadonlySet<string> | null>;

export function createProbe(step: PlannedStep, first: TaskFindings, context: RunContext): Probe {
  const found = new Map(first);
  const suspects: Suspects = new Map();
  return {
    look: async (wholly) => {
      const tasks = wholly ? step.tasks : step.tasks.flatMap((task) => narrowed(task, suspects));
      for (const [id, findings] of await findingsByTask(step, tasks, context)) {
        const paths = wholly ? null : (suspects.get(id) ?? null);
        const elsewhere =
          paths === null ? [] : (found.get(id) ?? []).filter(({ path }) => path === null || !paths.has(path));
        found.set(id, [...elsewhere, ...findings]);
      }
      const whole = step.tasks.every((task) => tasks.includes(task));
      return { findings: mergeFindings(found, context), whole };
    },
    suspect: (fresh) => {
      const wanted = new Set(fresh.map(fingerprintOf));
      const shown = new Set<string>();
      for (const task of step.tasks) {
        const own = (found.get(task.id) ?? []).filter((finding) => wanted.has(fingerprintOf(finding)));
        for (const finding of own) shown.add(fingerprintOf(finding));
        if (own.length > 0) suspects.set(task.id, together(task, suspects, pathsOf(task, own)));
      }
      // Said by no single task: everything has to be asked.
      if ([...wanted].some((one) => !shown.has(one))) for (const { id } of step.tasks) suspects.set(id, null);
    },
    forget: (flaky) => {
      const gone = new Set(flaky.map(fingerprintOf));
      if (gone.size === 0) return;
      for (const [id, findings] of found)
        found.set(
          id,
          findings.filter((finding) => !gone.has(fingerprintOf(finding))),
        );
    },
  };
}

function narrowed(task: PlannedTask, suspects: Suspects): PlannedTask[] {
  const paths = suspects.get(task.id);
  if (paths === undefined) return [];
  return paths === null ? [task] : [{ ...task, files: task.files.filter((path) => paths.has(path)) }];
}

/** Only a tool that is asked file by file can be asked about some. */
function pathsOf({ grain, files }: PlannedTask, findings: readonly Diagnostic[]): ReadonlySet<string> | null {
  const asked = new Set(files);
  const paths = findings.map((finding) => finding.path);
  return grain === 'file' && paths.every((path) => path !== null && asked.has(path))
    ? new Set(paths as string[])
    : null;
}

function together(task: PlannedTask, suspects: Suspects, more: ReadonlySet<string> | null): ReadonlySet<string> | null {
  const before = suspects.has(task.id) ? suspects.get(task.id) : new Set<string>();
  return before == null || more === null ? null : new Set([...before, ...more]);
}
