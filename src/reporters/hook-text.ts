/** What a hook says: one line when all is well, otherwise what stands in the way and what can be done about it. */
import type { Diagnostic } from '../model/diagnostic.js';
import type { Report } from '../model/report.js';
import { count, paintFor, showDuration, showFailure, showFinding, showPath, some } from './text.js';

/** As src/hook gives it. */
export interface HookAnswer {
  readonly kind: 'nothing' | 'passed' | 'blocked' | 'emptied';
  readonly what: string;
  readonly fixed: readonly string[];
  readonly leftAlone: readonly { readonly path: string; readonly reason: string }[];
  readonly notes?: readonly string[];
  readonly reports: readonly Report[];
  /** Commands that would take away what stands in the way. */
  readonly fixes: readonly string[];
  readonly milliseconds: number;
}

interface Setting {
  readonly hook: string;
  readonly color: boolean;
}

const MOST_LINES = 25;
/** Of what cannot be seen anywhere else: it was found in a folder that is gone. */
const MOST_UNKEPT_LINES = 200;

/** What each hook can stop, and what people type to do it once more; the others come when all is done. */
const STOPPED: Readonly<Record<string, readonly [what: string, again: string]>> = {
  'pre-commit': ['the commit', 'git commit'],
  'prepare-commit-msg': ['the commit', 'git commit'],
  'commit-msg': ['the commit', 'git commit'],
  'pre-merge-commit': ['the merge', 'git commit'],
  'pre-push': ['the push', 'git push'],
  'pre-rebase': ['the rebase', 'git rebase'],
  'applypatch-msg': ['the patch', 'git am'],
  'pre-applypatch': ['the patch', 'git am'],
  'pre-auto-gc': ['the garbage collection', 'git gc'],
  'sendemail-validate': ['the mail', 'git send-email'],
};

export function showHook(answer: HookAnswer, setting: Setting): string {
  const lines = LINES[answer.kind](answer, setting);
  return [...lines, ...leftAlone(answer, setting)].map((line) => `${line}\n`).join('');
}

/** null where there is nothing to skip any more. */
export function skipHint(hook: string): string | null {
  const [, again] = STOPPED[hook] ?? [];
  return again === undefined ? null : `Skip:  QUALITY=0 ${again}`;
}

const LINES: Readonly<Record<HookAnswer['kind'], (answer: HookAnswer, setting: Setting) => readonly string[]>> = {
  nothing: ({ what }, { color }) => [`${paintFor(color).green('✓')} quality: ${what}`],
  passed,
  blocked,
  emptied: ({ fixed }, { color }) => {
    const paint = paintFor(color);
    return [
      `${paint.red('✗')} quality: nothing would be left to commit: all that is staged is taken back by fixing it`,
      `  ${some(fixed.map(showPath), MOST_LINES)}`,
      paint.dim('  Nothing was changed. To commit all the same: QUALITY_ALLOW_EMPTY=1 git commit --allow-empty'),
    ];
  },
};

function passed({ what, fixed, milliseconds, reports }: HookAnswer, { color }: Setting): readonly string[] {
  const paint = paintFor(color);
  const parts = [what, ...(fixed.length === 0 ? [] : [`${String(fixed.length)} fixed`]), ...warningsIn(reports)];
  return [`${paint.green('✓')} quality: ${parts.join(', ')} ${paint.dim(`(${showDuration(milliseconds)})`)}`];
}

function warningsIn(reports: readonly Report[]): readonly string[] {
  const warnings = reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'warning').length;
  return warnings === 0 ? [] : [count(warnings, 'warning')];
}

function blocked(answer: HookAnswer, setting: Setting): readonly string[] {
  const paint = paintFor(setting.color);
  const [what] = STOPPED[setting.hook] ?? [];
  const title = what === undefined ? `${setting.hook} has found this` : `this stands in the way of ${what}`;
  const lines = answer.reports.flatMap((report, at) =>
    atMost(at === 0 ? MOST_LINES : MOST_UNKEPT_LINES, report, setting),
  );
  const skip = skipHint(setting.hook);
  const hints = [
    ...whatChanged(answer),
    ...answer.fixes.map((command) => `Fix:   ${command}`),
    ...(skip === null ? [] : [skip]),
  ];
  return [
    `${paint.red('✗')} quality: ${title}`,
    ...lines.map((line) => `  ${line}`),
    ...hints.map((line) => paint.dim(`  ${line}`)),
  ];
}

function atMost(most: number, report: Report, setting: Setting): readonly string[] {
  const lines = linesOf(report, setting);
  const rest = lines.length - most;
  return rest > 0 ? [...lines.slice(0, most), `… and ${String(rest)} more`] : lines;
}

/** And where to see the rest. */
function whatChanged({ reports: [first] }: HookAnswer): readonly string[] {
  const written = first?.mode === 'write' ? first.changes.length : 0;
  const changed = written === 0 ? 'Nothing was changed.' : `${count(written, 'file')} changed.`;
  if (first === undefined || first.exitCode === 0) return [changed];
  const undo = written === 0 ? [] : [`Undo:  quality rollback ${first.run}`];
  return [`${changed} See:  quality report ${first.run}`, ...undo];
}

/** In a run that only looks, what it would change stands in the way; else errors do. */
function linesOf(report: Report, { color }: Setting): readonly string[] {
  const paint = paintFor(color);
  const order = [...report.findings].sort((a, b) => Number(isError(b)) - Number(isError(a)));
  const changes = report.mode === 'check' ? report.changes : [];
  return [
    ...report.failures.flatMap((failure) => [showFailure(failure, paint), `  ${paint.dim(failure.nextStep)}`]),
    ...order.map((finding) => showFinding(finding, paint)),
    ...changes.map(({ path, tools }) => `${showPath(path)}  would be changed  ${paint.dim(tools.join(', '))}`),
  ];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function leftAlone({ leftAlone: left, notes = [] }: HookAnswer, { color }: Setting): readonly string[] {
  const said = left.map(({ path, reason }) => `${showPath(path)} was left as it is: ${reason}`);
  return [...said, ...notes].map((words) => `  ${paintFor(color).yellow('!')} ${words}`);
}
