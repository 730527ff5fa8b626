/** One look at what is staged: through the planner and the executor, and back into the index. */
import { isOnDisk } from '../git/on-disk.js';
import { otherParents } from '../git/staged.js';
import { now } from '../host/clock.js';
import type { EditRecord } from '../model/edit.js';
import type { Failure } from '../model/failure.js';
import type { Report } from '../model/report.js';
import { type Result, failed, success } from '../model/result.js';
import { keepPassed } from '../passed.js';
import { workflowsOf } from '../planner/workflows.js';
import type { RunResult } from '../quality.js';
import { guarded } from '../recovery.js';
import { takesFiles } from '../tools/custom/command.js';
import { isDiskFull } from '../safety/trouble.js';
import { type Answer, type Asked, files } from './asked.js';
import { notesOnConfigs } from './config-notes.js';
import { fixesBeyond, fixesOfStaged } from './fixes.js';
import { DISK_FULL, type Landing, land, leavesNothing, prepareLanding } from './landing.js';
import { type Look, lookAtContents } from './look.js';
import { checkProject, checkProjectHere } from './project-checks.js';
import { type Staged, type StagedContents, isStillStaged } from './staged-files.js';
import type { LeftAlone } from './work-tree.js';
import { stagedRequest } from './wishes.js';

/** For a lock of git's that an editor, or another git, holds for a moment. */
const INDEX_LOCK_MS = 10_000;

export type Turn = Result<Answer | null, readonly Failure[]>;

/** null: begin anew. */
export async function lookAtStaged(asked: Asked, staged: Staged, read: StagedContents): Promise<Turn> {
  try {
    return await look(asked, staged, read);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return failed([DISK_FULL]);
  }
}

async function look(asked: Asked, staged: Staged, read: StagedContents): Promise<Turn> {
  const began = now();
  const contents = await read;
  if (!contents.ok) return failed([contents.failure]);
  const stamp = staged.stamp();
  const meanwhile: { notes?: Promise<readonly string[]> } = {};
  const looked = await lookAtContents({ ...stagedRequest(asked), contents: contents.value }, asked, (prepared) => {
    meanwhile.notes = notesOnConfigs(asked.target, prepared);
    // Told where it is waited for.
    meanwhile.notes.catch(() => undefined);
  });
  if (!looked.ok) return looked;
  if (staged.stamp() !== stamp) return success(null);
  const { run } = looked.value;
  const beyond = run.exitCode === 0 ? changesBeyond(run, staged) : [];
  const seenBytes = { staged, contents: contents.value };
  const [notes = [], landing] = await Promise.all([
    meanwhile.notes,
    run.exitCode === 0 && beyond.length === 0 ? prepare(asked, run, seenBytes) : null,
  ]);
  const seen: Seen = { ...looked.value, ...seenBytes, began, notes };
  const { exitCode, report } = run;
  if (exitCode !== 0) return success(answerOf(seen, 'blocked', { reports: [report], exitCode }));
  return beyond.length > 0 ? success(answerBeyond(seen, beyond)) : conclude(seen, landing);
}

/** A command of the project's own may change whatever it likes; at a commit just contents of what is staged. */
function changesBeyond({ report }: RunResult, staged: Staged): readonly EditRecord[] {
  return report.changes.filter(({ path, after }) => after === null || !staged.files.has(path));
}

function answerBeyond(seen: Seen, beyond: readonly EditRecord[]): Answer {
  const { leftAlone, ...answer } = answerOf(seen, 'blocked');
  const left = beyond.map(({ path, before, after, tools: [command = ''] }) => ({
    path,
    reason: `"${command}" would ${before === null ? 'create' : after === null ? 'delete' : 'change'} it`,
  }));
  return { ...answer, leftAlone: [...leftAlone, ...left], fixes: fixesBeyond(seen.asked.request, beyond) };
}

/** null: there is nothing to land. */
async function prepare(
  { request, target: { root, repository } }: Asked,
  { report, folder }: RunResult,
  { staged, contents }: Pick<Seen, 'staged' | 'contents'>,
): Promise<Result<Landing> | null> {
  const edits = request.fix ? report.changes : [];
  return edits.length === 0 ? null : prepareLanding({ staged, contents, repository, root, folder, edits });
}

interface Seen extends Look {
  readonly staged: Staged;
  readonly contents: ReadonlyMap<string, Buffer>;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly notes: readonly string[];
}

function answerOf(seen: Seen, kind: Answer['kind'], more: Partial<Answer> = {}): Answer {
  const what = files(seen.staged.files.size, 'staged');
  const reports = [seen.run.report];
  const exitCode = kind === 'passed' ? 0 : 1;
  const answer = {
    kind,
    exitCode,
    what,
    fixed: [],
    leftAlone: leftOut(seen),
    notes: seen.notes,
    reports,
    fixes: [],
    ...more,
  };
  return kind === 'blocked' ? { ...answer, fixes: fixesOfStaged(seen.asked.request, answer.reports) } : answer;
}

/** What a filter has made of a file is nobody's source. Of binary files and the like nobody expects that they are looked at. */
function leftOut({ staged, plan }: Seen): readonly LeftAlone[] {
  const said = plan.files.excluded.filter(({ path, reason }) => UNEXPECTED.has(reason) && staged.files.has(path));
  return [...staged.leftAlone, ...said.map(({ path, detail }) => ({ path, reason: detail }))];
}

const UNEXPECTED: ReadonlySet<string> = new Set(['filtered', 'too-large']);

/** Nothing stands in the way so far. What looks at the whole project has the last word, and edits are landed. */
async function conclude(seen: Seen, landing: Result<Landing> | null): Promise<Turn> {
  const { asked, staged } = seen;
  if (landing !== null) return landing.ok ? landUnlessBlocked(seen, landing.value) : failed([landing.failure]);
  const isHere = isProjectAsked(seen) && !runsOwnPrograms(seen) && (await isOnDisk(staged.place));
  const project = isHere ? await checkProjectHere(seen) : await checkAsked(seen, staged.index.file);
  if (!project.ok) return project;
  if (!(await isStillStaged(asked.target, staged))) return success(null);
  // Else it has perhaps seen what is not staged.
  if (isHere && !(await isOnDisk(staged.place))) return success(null);
  const answer = withProject(seen, project.value);
  if (answer.kind === 'passed') await keep(seen, answer, []);
  return success(answer);
}

async function landUnlessBlocked(seen: Seen, landing: Landing): Promise<Turn> {
  const fixed = landing.changes.map(({ path }) => path);
  if (await isEmptied(seen, landing)) return success(answerOf(seen, 'emptied', { fixed }));
  const project = await checkAsked(seen, landing.draft);
  if (!project.ok) return project;
  const answer = withProject(seen, project.value);
  if (answer.kind !== 'passed') return success(answer);
  const landed = await landGuarded(seen, landing);
  if (!landed.ok) return landed;
  if (landed.value.isOutdated) return success(null);
  await keep(seen, answer, landing.entries);
  return success({ ...answer, fixed, leftAlone: [...answer.leftAlone, ...landed.value.leftAlone] });
}

/** Only where there is nothing at all to say of these files. */
async function keep(seen: Seen, answer: Answer, entries: Landing['entries']): Promise<void> {
  const { run, plan, staged, asked, began } = seen;
  if (answer.leftAlone.length + seen.notes.length > 0 || plan.deferred !== undefined || run.basis === null) return;
  if (run.report.findings.length + run.report.refused.length > 0) return;
  const after = new Map(entries.map(({ raw, oid }) => [raw, oid]));
  const passed = [...staged.files].map(([path, { raw, index }]) => ({ path, oid: after.get(raw) ?? index.oid }));
  await keepPassed(asked, { basis: run.basis, passed, began });
}

/** Unless it is asked for, a commit does not wait for the whole project. */
async function checkAsked(seen: Seen, index: string): Promise<Result<RunResult | null, readonly Failure[]>> {
  return isProjectAsked(seen) ? checkProject(seen, index) : success(null);
}

function isProjectAsked({ opened, plan }: Seen): boolean {
  return plan.deferred !== undefined && Object.hasOwn(opened.config.workflows, plan.workflow);
}

/** What is about the project as a whole may write whatever it likes, whatever is said of it: at a commit not where the user works. */
function runsOwnPrograms({ opened: { config }, plan }: Seen): boolean {
  const steps = workflowsOf(config).get(plan.workflow)?.steps ?? [];
  const own = new Map(Object.entries(config.commands));
  const ofProject = steps.flatMap(({ command }) => own.get(command) ?? []).filter((command) => !takesFiles(command));
  return config.verify.tests.length + ofProject.length > 0;
}

function withProject(seen: Seen, project: RunResult | null): Answer {
  const reports: readonly Report[] = [seen.run.report, ...(project === null ? [] : [project.report])];
  const exitCode = project?.exitCode ?? 0;
  return answerOf(seen, exitCode === 0 ? 'passed' : 'blocked', { reports, exitCode });
}

/** A merge may leave nothing, and stands for itself. */
async function isEmptied({ asked, staged }: Seen, { entries }: Landing): Promise<boolean> {
  if (asked.request.allowEmpty === true || !leavesNothing(staged, entries)) return false;
  return (await otherParents(asked.target.repository.gitDir)).length === 0;
}

function landGuarded({ asked: { hooks, request, target } }: Seen, landing: Landing): ReturnType<typeof land> {
  const wishes = {
    mode: 'write',
    what: ['quality', ...request.commandLine].join(' '),
    timeoutMs: request.lockTimeoutMs,
    signal: hooks.signal,
    onNotice: hooks.onNotice,
  } as const;
  return guarded(target, wishes, async () =>
    hooks.signal.aborted ? failed([STOPPED]) : land(landing, { timeoutMs: INDEX_LOCK_MS, signal: hooks.signal }),
  );
}

const STOPPED: Failure = { kind: 'interrupted', message: 'Stopped before anything was written' };
