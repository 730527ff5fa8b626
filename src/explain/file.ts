/** A file, or a line of it: what was found there, who looks at it, who decides, and why something is not done. */
import { nearest } from '../config/suggest.js';
import { findRun } from '../history.js';
import { exists } from '../host/disk.js';
import { absolutePath, folderOf, isWithin } from '../host/paths.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Failure } from '../model/failure.js';
import type { FileFacts } from '../model/file.js';
import { type Plan, type PlannedTask, stepsOf } from '../model/plan.js';
import { type Result, failed, success } from '../model/result.js';
import type { ToolUse } from '../model/tool-use.js';
import { type Opened, type Prepared, prepare } from '../open.js';
import type { NextStep } from '../reporters/agent/next-steps.js';
import { ruleIdOf } from '../reporters/problems.js';
import { groupBy } from '../reporters/text.js';
import { isLeftOut } from '../workspace/left-out.js';
import type { FileExplanation, FileTool } from './explanation.js';

export interface Asked {
  readonly opened: Opened;
  readonly cwd: string;
}

export interface Place {
  readonly path: string;
  readonly line: number | null;
}

export async function explainFile(
  { opened }: Asked,
  place: Place,
): Promise<Result<FileExplanation, readonly Failure[]>> {
  // The whole plan: of a file that is left out there is no other.
  const prepared = await prepare(opened, { cwd: opened.root, mode: 'check' });
  if (!prepared.ok) return prepared;
  const { workspace, plan, root } = prepared.value;
  const { path, line } = place;
  const file = workspace.files.find((one) => one.path === path) ?? null;
  if (file === null && !(await exists(absolutePath(root, path)))) return failed([noFile(path, prepared.value)]);
  const { run, found } = await lastFound(path, root);
  const findings = line === null ? found : found.filter((one) => coversLine(one, line));
  const work = workOn(path, plan);
  return success({
    kind: 'file',
    path,
    line,
    language: file?.language ?? null,
    run,
    findings,
    others: found.length - findings.length,
    tools: toolsOf(work, path),
    chain: work.find(({ command, task }) => command === 'format' && task.check === undefined)?.task.reason ?? null,
    skipped: await whySkipped(path, file, prepared.value),
    next: nextOf(path, findings),
  });
}

interface LastFound {
  readonly run: string | null;
  readonly found: readonly Diagnostic[];
}

/** By the newest run that verified anything. */
async function lastFound(path: string, root: string): Promise<LastFound> {
  const past = await findRun(root, undefined, ({ state }) => state.findings !== null);
  if (!past.ok) return { run: null, found: [] };
  const { findings, extraFindings } = past.value.state;
  return { run: past.value.id, found: [...(findings ?? []), ...extraFindings].filter((one) => one.path === path) };
}

function workOn(path: string, plan: Plan): readonly Work[] {
  const work = stepsOf(plan).flatMap((step) => step.tasks.map((task) => ({ task, command: step.command })));
  return work.filter(({ task }) => task.files.includes(path));
}

function noFile(path: string, { workspace }: Prepared): Failure {
  const guess = nearest(
    path,
    workspace.files.map((file) => file.path),
  );
  return {
    kind: 'usage',
    message: `There is no file ${path}`,
    next: guess === null ? 'Name a file of the project, a rule, or a run.' : `Did you mean ${guess}?`,
  };
}

function coversLine({ start, end }: Diagnostic, line: number): boolean {
  if (start === undefined) return false;
  return start.line <= line && line <= Math.max(start.line, end?.line ?? start.line);
}

interface Work {
  readonly task: PlannedTask;
  readonly command: string;
}

function toolsOf(work: readonly Work[], path: string): FileTool[] {
  const asked = work.flatMap(({ task, command }) =>
    [...task.links.flat(), ...(task.trigger === undefined ? [] : [task.trigger])].map((use) => ({
      use,
      what: task.check === undefined ? command : `verify ${task.check}`,
    })),
  );
  return groupBy(asked, ({ use }) => use.id).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [toolOf(first.use, [...new Set(group.map(({ what }) => what))], path)];
  });
}

function toolOf(use: ToolUse, asked: readonly string[], path: string): FileTool {
  const deciding = use.configFiles.filter((config) => isWithin(folderOf(config), path));
  const configs = [...deciding].sort((a, b) => folderOf(b).length - folderOf(a).length);
  return { tool: use.tool, version: use.version, asked, evidence: use.evidence, configs };
}

async function whySkipped(path: string, file: FileFacts | null, prepared: Prepared): Promise<string[]> {
  const { workspace, plan } = prepared;
  const excluded = workspace.excluded.find((one) => one.path === path);
  if (excluded !== undefined) return [`left out: ${excluded.reason} (${excluded.detail})`];
  if (file === null)
    return [
      (await isLeftOut(workspace, path)) ? 'left out: an ignore file names it' : 'left out: no file of the project',
    ];
  const { protection } = file;
  const guarded =
    protection === undefined ? [] : [`checked, never written: ${protection.kind} (${protection.evidence})`];
  return [...guarded, ...skipsFor(file, plan)];
}

function skipsFor({ path, language }: FileFacts, { skips, phases }: Plan): string[] {
  const ofTools = skips
    .filter(
      ({ root, languages }) => isWithin(root, path) && language !== null && languages?.includes(language) === true,
    )
    .map(({ tool, reason, hint }) => `${tool}: ${reason}. ${hint}`);
  const ofSteps = phases
    .flatMap(({ steps }) => steps)
    .flatMap(({ id, skipped }) => (skipped === undefined ? [] : [`${id}: ${skipped}`]));
  return [...new Set([...ofTools, ...ofSteps])];
}

const MOST_RULES = 3;

function nextOf(path: string, findings: readonly Diagnostic[]): NextStep[] {
  const word = /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  const fixable = findings.some((one) => one.fixable === true);
  const rules = [...new Set(findings.map(ruleIdOf))].slice(0, MOST_RULES);
  return [
    ...(fixable ? [{ command: `quality run ${word}`, why: 'fixes what the tools can fix in it' }] : []),
    ...rules.map((rule) => ({ command: `quality explain ${rule}`, why: 'what the rule wants, how to silence it' })),
    { command: `quality run --check ${word}`, why: 'looks at it again, and writes nothing' },
  ];
}
