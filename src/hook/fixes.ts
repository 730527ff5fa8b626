/** Commands that would take away what stands in the way, as they can be typed; none where only a person can. */
import { showCommand } from '../host/process-words.js';
import type { EditRecord } from '../model/edit.js';
import type { Report } from '../model/report.js';
import type { HookRequest } from './request.js';

/** The first report is of the staged files, the next one of the whole project as it would be committed. */
export function fixesOfStaged(request: HookRequest, [staged, project]: readonly Report[]): readonly string[] {
  const run = (workflow: string | undefined): string => quality(['run', '--staged', ...wishes(request, workflow)]);
  const fixes: string[] = [];
  if (staged !== undefined && wouldChange(staged)) fixes.push(run(request.workflow));
  else if (staged !== undefined && isFixable(staged)) fixes.push(run('format-only'));
  if (project !== undefined && wouldChange(project))
    fixes.push(`${quality(['run', ...wishes(request, project.workflow)])}, then stage what it has written`);
  return fixes;
}

/** Commands that would change what is not staged. */
export function fixesBeyond({ configFile }: HookRequest, edits: readonly EditRecord[]): readonly string[] {
  const commands = [...new Set(edits.flatMap(({ tools: [command] }) => command ?? []))];
  const config = configFile === undefined ? [] : ['--config', configFile];
  return [`${quality(['run', '--only', commands.join(','), ...config])}, then stage what has changed`];
}

export interface Pushed {
  /** What the other side has already; null where that is no commit. */
  readonly since: string | null;
  /** Something else is checked out. */
  readonly isElsewhere: boolean;
}

export function fixesOfPushed(
  request: HookRequest,
  reports: readonly Report[],
  { since, isElsewhere }: Pushed,
): readonly string[] {
  const files = since === null ? [] : ['--since', since];
  const then = `, then commit${isElsewhere ? ', with what is pushed checked out' : ''}`;
  const [first] = reports;
  if (first !== undefined && reports.some(wouldChange))
    return [`${quality(['run', ...files, ...wishes(request, first.workflow)])}${then}`];
  return reports.some(isFixable) ? [`${quality(['format', ...files, ...wishes(request, undefined)])}${then}`] : [];
}

export function fixesOfOwn({ hook, args }: HookRequest, report: Report): readonly string[] {
  if (wouldChange(report)) return [quality(['hook', 'run', hook, ...(args.length === 0 ? [] : ['--', ...args])])];
  return isFixable(report) ? [quality(['format'])] : [];
}

/** Of a run that only looks: what it would write. */
function wouldChange({ mode, changes }: Report): boolean {
  return mode === 'check' && changes.length > 0;
}

/** Something that formatters and linters mend themselves, and they had no chance to. */
function isFixable({ findings, steps }: Report): boolean {
  return findings.some(({ fixable }) => fixable === true) && steps.every(({ command }) => command !== 'format');
}

function wishes({ configFile }: HookRequest, workflow: string | undefined): readonly string[] {
  return [
    ...(workflow === undefined ? [] : ['--workflow', workflow]),
    ...(configFile === undefined ? [] : ['--config', configFile]),
  ];
}

function quality(words: readonly string[]): string {
  return showCommand('quality', words);
}
