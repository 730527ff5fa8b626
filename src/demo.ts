/**
 * `npm run demo`: the main job on the bundled sample project, in a temporary git repository of its own. Exits 0 when the
 * run did what `fixtures/sample.expected.json` says.
 */
import { now } from './host/clock.js';
import { evidenceOf } from './evidence.js';
import { cp, keptTemporaryFolder, readTextIfThere, symlink } from './host/disk.js';
import { git } from './git/git.js';
import { ownFolder } from './host/own-package.js';
import { join } from './host/paths.js';
import type { Report } from './model/report.js';
import { run } from './run.js';
import { showFailures } from './reporters/failures.js';
import { plain } from './reporters/plain.js';

interface Expected {
  readonly exitCode: number;
  readonly changed: readonly string[];
  readonly findings: readonly string[];
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'quality demo',
  GIT_AUTHOR_EMAIL: 'demo@example.invalid',
  GIT_COMMITTER_NAME: 'quality demo',
  GIT_COMMITTER_EMAIL: 'demo@example.invalid',
};

async function demo(): Promise<number> {
  const folder = await copySample();
  process.stdout.write(`The sample project is in ${folder}\n\n`);
  const out = (text: string): void => void process.stdout.write(text);
  const reporter = plain({
    output: {
      out,
      progress: out,
      color: process.stdout.isTTY,
      terminal: { write: out, columns: () => 80, now, unicode: true },
    },
    verbosity: 'normal',
  });
  const result = await run(
    { cwd: folder, commandLine: ['run'] },
    { onEvent: reporter.onEvent, onPlan: reporter.onPlan },
  );
  if (!result.ok) {
    out(showFailures(result.failure, false));
    return 1;
  }
  await reporter.onEnd({ ...result.value, evidence: evidenceOf(result.value) });
  const expected = JSON.parse(
    (await readTextIfThere(join(ownFolder(), 'fixtures', 'sample.expected.json'))) ?? '{}',
  ) as Expected;
  const differences = compare(expected, result.value);
  out(
    differences.length === 0
      ? '\nThe run did what the sample expects.\n'
      : `\nNot what the sample expects:\n${differences.join('\n')}\n`,
  );
  return differences.length === 0 ? 0 : 1;
}

async function copySample(): Promise<string> {
  const folder = await keptTemporaryFolder('quality-demo');
  await cp(join(ownFolder(), 'fixtures', 'sample'), folder, { recursive: true });
  await symlink(join(ownFolder(), 'node_modules'), join(folder, 'node_modules'));
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--no-verify', '--message=The sample project'],
  ]) {
    const result = await git(folder, args, { env: IDENTITY });
    if (result.exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr.toString('utf8')}`);
  }
  return folder;
}

function compare(expected: Expected, actual: { readonly exitCode: number; readonly report: Report }): string[] {
  const changed = actual.report.changes.map((change) => change.path);
  const found = actual.report.findings.map(({ path, tool, rule }) => `${path ?? ''} ${tool} ${rule ?? ''}`);
  return [
    differ('exit code', String(expected.exitCode), String(actual.exitCode)),
    differ('changed files', expected.changed.join(', '), changed.join(', ')),
    differ('remaining findings', expected.findings.join(', '), found.join(', ')),
  ].flat();
}

function differ(what: string, expected: string, actual: string): string[] {
  return expected === actual
    ? []
    : [`  ${what}: expected ${expected}\n  ${' '.repeat(what.length)}       got ${actual}`];
}

void demo().then((exitCode) => {
  process.exitCode = exitCode;
});
