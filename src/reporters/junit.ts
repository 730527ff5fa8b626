/** JUnit XML as Jenkins, GitLab, Azure and CircleCI read it: a suite for each tool, a failed case for each finding. */
import type { Diagnostic } from '../model/diagnostic.js';
import { xml } from './characters.js';
import type { Format, RunRecord } from './format.js';
import { type Problem, problemsOf, ruleIdOf } from './problems.js';
import { groupBy, showPlace } from './text.js';

export const junit: Format = (record) => {
  const problems = problemsOf(record.state);
  const found = groupBy(problems, ({ finding }) => finding.tool);
  const silent = toolsOf(record).filter((tool) => !found.some((group) => group[0]?.finding.tool === tool));
  const suites = [...found.map((group) => suiteOf(group, record)), ...silent.map((tool) => passedSuite(tool, record))];
  const failures = problems.filter(isFailure).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="quality" tests="${problems.length + silent.length}" failures="${failures}" errors="0" time="${secondsOf(record)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
};

/** A note is worth reading and no reason to fail. */
function isFailure({ finding }: Problem): boolean {
  return finding.severity !== 'info';
}

function toolsOf({ events }: RunRecord): string[] {
  const tools = events.flatMap((event) =>
    event.type === 'job-finished' || event.type === 'answers-known' ? event.tools : [],
  );
  return [...new Set(tools)].sort();
}

function suiteOf(group: readonly Problem[], record: RunRecord): string {
  const tool = group[0]?.finding.tool ?? '';
  const failures = group.filter(isFailure).length;
  return [
    `  <testsuite name="${xml(tool)}" tests="${group.length}" failures="${failures}" errors="0" skipped="0" time="0" timestamp="${timeOf(record)}">`,
    ...group.map((problem) => caseOf(problem, record)),
    '  </testsuite>',
  ].join('\n');
}

/** A suite without a case counts as "no tests were run" in some CI servers. */
function passedSuite(tool: string, record: RunRecord): string {
  return [
    `  <testsuite name="${xml(tool)}" tests="1" failures="0" errors="0" skipped="0" time="0" timestamp="${timeOf(record)}">`,
    `    <testcase classname="${xml(tool)}" name="no findings" time="0"/>`,
    '  </testsuite>',
  ].join('\n');
}

function caseOf(problem: Problem, { place: { prefix } }: RunRecord): string {
  const { finding } = problem;
  const place = showPlace({ ...finding, path: finding.path === null ? null : `${prefix}${finding.path}` });
  const file = finding.path === null ? '' : ` file="${xml(`${prefix}${finding.path}`)}"`;
  const line = finding.start === undefined ? '' : ` line="${finding.start.line}"`;
  const first = finding.message.split('\n', 1)[0] ?? '';
  const open = `    <testcase classname="${xml(ruleIdOf(finding))}" name="${xml(`${place} ${first}`)}"${file}${line} time="0"`;
  const body = xml(bodyOf(finding, place));
  return isFailure(problem)
    ? `${open}><failure type="${finding.severity}" message="${xml(first)}">${body}</failure></testcase>`
    : `${open}><system-out>${body}</system-out></testcase>`;
}

function bodyOf(finding: Diagnostic, place: string): string {
  const link = finding.url === undefined ? '' : `\n${finding.url}`;
  return `${place}: ${finding.severity}: ${finding.message} (${ruleIdOf(finding)})${link}`;
}

/** Without the fraction: the form that all readers take. */
function timeOf({ report }: RunRecord): string {
  return report.startedAt.replace(/\.\d+Z$/, '');
}

function secondsOf({ report }: RunRecord): string {
  return ((report.milliseconds ?? 0) / 1000).toFixed(3);
}
