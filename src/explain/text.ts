/** An explanation as text: for people and for programs that read text alike. */
import { unreachable } from '../model/result.js';
import type { NextStep } from '../reporters/agent/next-steps.js';
import { readable } from '../reporters/characters.js';
import {
  type Paint,
  count,
  paintFor,
  showCounts,
  showFailure,
  showFinding,
  showPath,
  some,
} from '../reporters/text.js';
import type { Explanation, FileExplanation, RuleExplanation, RunExplanation } from './explanation.js';

export function showExplanation(explanation: Explanation, color: boolean): string {
  const paint = paintFor(color);
  const lines = [...linesOf(explanation, paint), ...section('next', explanation.next.map(showNext), paint)];
  return `${lines.map(readable).join('\n')}\n`;
}

function linesOf(explanation: Explanation, paint: Paint): string[] {
  switch (explanation.kind) {
    case 'rule':
      return ruleLines(explanation, paint);
    case 'file':
      return fileLines(explanation, paint);
    case 'run':
      return runLines(explanation, paint);
    default:
      return unreachable(explanation);
  }
}

function showNext({ command, why }: NextStep): string {
  return `${command}  # ${why}`;
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint.bold(title), ...lines.map((line) => `  ${line}`)];
}

function ruleLines({ rule, what, url, fix, setting, silence, seen }: RuleExplanation, paint: Paint): string[] {
  const found =
    seen === null
      ? ['no run has looked yet']
      : [
          `${count(seen.findings, 'finding')} in run ${seen.run}`,
          ...seen.examples.map((finding) => showFinding(finding, paint)),
        ];
  return [
    paint.bold(rule),
    `  ${what}`,
    ...(url === null ? [] : [`  ${url}`]),
    ...section('fix', [fix], paint),
    ...section('set to', setting === null ? [] : [setting], paint),
    ...section('silence', silence, paint),
    ...section('found', found, paint),
  ];
}

function fileLines(file: FileExplanation, paint: Paint): string[] {
  const { path, line, language, run, findings, others, tools, chain, skipped } = file;
  const where = line === null ? showPath(path) : `${showPath(path)}:${String(line)}`;
  const more = others === 0 ? [] : [`${count(others, 'finding')} in other lines`];
  const found = run === null ? ['no run has looked yet'] : findings.map((finding) => showFinding(finding, paint));
  return [
    `${paint.bold(where)}${language === null ? '' : `  ${language}`}`,
    ...section(
      run === null ? 'found' : `found by run ${run}`,
      [...(found.length === 0 ? ['nothing'] : found), ...more],
      paint,
    ),
    ...section(
      'tools',
      tools.map(({ tool, version, asked, evidence, configs }) => {
        const decides = configs.length === 0 ? '' : `; decided by ${configs.map(showPath).join(', ')}`;
        return `${tool} ${version}: ${asked.join(', ')}  ${paint.dim(`${evidence}${decides}`)}`;
      }),
      paint,
    ),
    ...section('format chain', chain === null ? [] : [chain], paint),
    ...section('skipped', skipped, paint),
  ];
}

const MOST_PATHS = 5;

function runLines(run: RunExplanation, paint: Paint): string[] {
  const { counts, refused, takenBack, failures, notices } = run;
  const code = run.exitCode === null ? '' : `, exit code ${String(run.exitCode)}`;
  const before = counts.before === null ? [] : [`first verify: ${showCounts(counts.before)}`];
  const after = counts.after === null ? [] : [`last verify: ${showCounts(counts.after)}`];
  return [
    `${paint.bold(`run ${run.run}`)}  ${run.workflow}, ${run.mode}: ${run.status}${code}${run.rolledBack ? ', rolled back' : ''}`,
    ...[...before, ...after].map((line) => `  ${line}`),
    ...section('gate', run.gate === '' ? [] : [run.gate], paint),
    ...run.phases.flatMap(({ phase, reason, steps }) =>
      section(
        `${phase}  ${reason}`,
        steps.map((step) => {
          const changed =
            step.changed.length === 0
              ? ''
              : `; ${count(step.changed.length, 'edit')}: ${some(step.changed.map(showPath), MOST_PATHS)}`;
          return `${step.step}: ${step.status}, ${count(step.files, 'file')}, ${step.reason}${changed}`;
        }),
        paint,
      ),
    ),
    ...section(
      'not kept',
      refused.flatMap(({ step, path, reason, findings }) => [
        `${showPath(path)} in ${step}: ${reason}`,
        ...findings.map((finding) => `  ${showFinding(finding, paint)}`),
      ]),
      paint,
    ),
    ...section(
      'taken back',
      takenBack.map(({ step, paths, reason }) => `${some(paths.map(showPath), MOST_PATHS)} in ${step}: ${reason}`),
      paint,
    ),
    ...section(
      'failed',
      failures.map((failure) => `${showFailure(failure, paint)}. ${failure.nextStep}`),
      paint,
    ),
    ...section('notices', notices, paint),
  ];
}
