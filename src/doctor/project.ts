/** The config, and the tools that the project's own files ask for. */
import type { Failure } from '../model/failure.js';
import { nextStepOf } from '../model/failure.js';
import { usesOf } from '../model/plan.js';
import type { Result } from '../model/result.js';
import type { ToolSkip } from '../model/tool-use.js';
import type { Opened, Prepared } from '../open.js';
import { runProcess } from '../host/process.js';
import { cloneProgram } from '../tools/jscpd/program.js';
import type { Finding } from './check.js';

export function lookAtConfig(opened: Result<Opened, readonly Failure[]>): Promise<Finding> {
  if (!opened.ok) return Promise.resolve(findingOf(opened.failure));
  const { source } = opened.value.loaded;
  return Promise.resolve({ status: 'ok', summary: source ?? 'none: the defaults' });
}

function findingOf(failures: readonly Failure[]): Finding {
  const [first] = failures;
  const details = failures.flatMap(({ path, message, detail }) => [
    `${path === undefined ? '' : `${path}: `}${message}`,
    ...(detail === undefined ? [] : detail.split('\n')),
  ]);
  const summary = failures.length === 1 && first !== undefined ? first.message : `${String(failures.length)} mistakes`;
  return { status: 'error', summary, details, ...(first === undefined ? {} : { next: nextStepOf(first) }) };
}

/** What a plan of the default workflow would use, and what it would use if it were there. */
export function lookAtTools(prepared: Result<Prepared, readonly Failure[]> | null): Promise<Finding> {
  if (prepared === null)
    return Promise.resolve({ status: 'note', summary: 'not looked for: the config does not load' });
  if (!prepared.ok) return Promise.resolve(findingOf(prepared.failure));
  const { plan } = prepared.value;
  const uses = usesOf(plan);
  const missing = plan.skips.filter(({ wanted }) => wanted);
  const details = [
    ...new Set([
      ...uses.map(({ tool, version, origin, evidence }) => `${tool} ${version} (${origin}): ${evidence}`),
      ...missing.map((skip) => `missing: ${wordsFor(skip)}`),
      ...plan.skips.flatMap((skip) => (skip.wanted ? [] : [`not used: ${wordsFor(skip)}`])),
    ]),
  ];
  const [first] = missing;
  if (first === undefined) return Promise.resolve({ status: 'ok', summary: `${String(uses.length)} in use`, details });
  const names = [...new Set(missing.map(({ tool }) => tool))].join(', ');
  const status = missing.every(({ ofMachine }) => ofMachine === true) ? 'warning' : 'error';
  return Promise.resolve({
    status,
    summary: `the project asks for ${names}, and cannot have it`,
    details,
    next: first.hint,
  });
}

function wordsFor({ tool, root, reason, hint }: ToolSkip): string {
  return `${tool}${root === '' ? '' : ` in ${root}`}: ${reason}${hint === '' ? '' : `; ${hint}`}`;
}

/** Its program comes in a package of its own for each platform, which a package manager may have left out. */
export async function lookAtCloneProgram(cwd: string): Promise<Finding> {
  const { file, args } = await cloneProgram();
  const result = await runProcess(file, [...args, '--version'], { cwd, timeoutMs: 10_000 });
  const words = `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`.trim();
  if (result.exitCode === 0) return { status: 'ok', summary: words.split('\n')[0] ?? '' };
  const next = 'Install quality again with optional dependencies: npm install --include=optional quality-orchestrator';
  return { status: 'warning', summary: 'the bundled one does not start: no clones are found', details: [words], next };
}
