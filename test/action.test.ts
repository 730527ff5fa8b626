/** The bundle of the action in plain Node, with the environment of each event and servers of this machine as GitHub. */
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { annotate } from '../src/action/annotations.js';
import { say } from '../src/action/log.js';
import {
  type Answer,
  type Asked,
  type Step,
  type StepEnd,
  NPM,
  actionFolder,
  bareMachine,
  checkout,
  commandsIn,
  install,
  loopBack,
  metadata,
  put,
  runStep,
} from './action-rig.js';
import { blocksOf, linesOf, textOf } from './doc-blocks.js';
import { COMMAND, PACKAGE_FOLDER } from './quality.js';
import { type Tree, git, read, repository, temporaryFolder, writeTree } from './rig.js';

const world: { action: string } = { action: '' };
beforeAll(() => {
  world.action = actionFolder();
});

const step = (asked: Omit<Step, 'action'>): Promise<StepEnd> => runStep({ action: world.action, ...asked });

interface Said {
  readonly severity?: 1 | 2;
  readonly message?: string;
  readonly ruleId?: string;
  readonly line?: number;
}

/** A project whose one check says what `findings.json` holds, and which tokens and files of the step it can see. */
function project(findings: Readonly<Record<string, readonly Said[]>>, tree: Tree = {}): Tree {
  const results = Object.entries(findings).map(([filePath, all]) => ({
    filePath,
    messages: all.map((one) => ({ severity: 2, message: 'bad', ruleId: 'rule', line: 1, column: 1, ...one })),
  }));
  return {
    '.quality-config.json': JSON.stringify({
      commands: { say: { run: ['node', 'say.mjs'], output: 'eslint-json' } },
      workflows: { said: { steps: ['say'] } },
      defaultWorkflow: 'said',
    }),
    'findings.json': JSON.stringify(results),
    'say.mjs': `import { readFileSync } from 'node:fs';
const all = JSON.parse(readFileSync('findings.json', 'utf8'));
const withheld = Object.keys(process.env).filter((name) => /^(INPUT_|ACTIONS_R|GITHUB_(OUTPUT|ENV|STEP))/.test(name));
if (withheld.length > 0) all.push({ filePath: 'say.mjs', messages: [{ severity: 2, message: withheld.join(), line: 1, column: 1 }] });
console.log(JSON.stringify(all));
process.exitCode = all.some(({ messages }) => messages.some(({ severity }) => severity === 2)) ? 1 : 0;
`,
    ...Object.fromEntries(Object.keys(findings).map((path) => [path, 'text\n'])),
    ...tree,
  };
}

const UNFORMATTED: Tree = { '.prettierrc.json': '{}\n', 'a.json': '{"a":1}\n' };
const FORMAT = { workflow: 'format-only' };

function errorsOf({ commands }: StepEnd): string[] {
  return commands.flatMap(({ name, message }) => (name === 'error' ? [message] : []));
}

describe('action.yml', () => {
  it('declares the inputs that are read, and the outputs that are written', async () => {
    const { inputs, outputs, text } = metadata();
    const source = readFileSync(join(PACKAGE_FOLDER, 'src/action/inputs.ts'), 'utf8');
    const asked = [...source.matchAll(/\b(?:getInput|getMultilineInput|oneOf|isOn)\('([a-z-]+)'/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(inputs).sort()).toEqual([...new Set(asked)].sort());
    const workspace = install(repository(project({ 'a.txt': [{ severity: 1 }] })));
    const ended = await step({ workspace, inputs: { 'fail-on': 'warning' } });
    const counts = { findings: '1', 'new-findings': '1', 'changed-files': '[]' };
    expect(ended).toMatchObject({ code: 1, outputs: { status: 'clean', 'exit-code': '0', ...counts } });
    expect(Object.keys(ended.outputs).sort()).toEqual([...outputs].sort());
    expect(text).toMatch(/^runs:\n {2}using: node24\n {2}main: action\/index\.js\n$/m);
    expect(readdirSync(join(world.action, 'action'))).toEqual(['dist', 'index.js', 'licenses.txt']);
  });

  it('tells all mistakes in inputs at once', async () => {
    const inputs = { fix: 'comit', 'fail-on': 'warn', cache: 'yes', reports: 'html=/etc/passwd' };
    const ended = await step({ workspace: install(repository(project({}))), inputs });
    expect(ended.code).toBe(1);
    expect(errorsOf(ended).map((message) => message.split('.')[0])).toEqual([
      'fail-on: "warn" is none of error, warning, info, never',
      'cache: "yes" is none of true, false',
      'fix: "comit" is none of patch, write, commit; did you mean commit?',
      'reports: "html=/etc/passwd" is not the name of a format',
    ]);
  });
});

describe('docs/action.md', () => {
  const text = textOf('docs/action.md');

  it('has each input and each output', () => {
    const { inputs, outputs } = metadata();
    const rows = (title: string): string[] => {
      const section = text.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
      return [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name = '']) => name);
    };
    expect([rows('Inputs'), rows('Outputs')]).toEqual([Object.keys(inputs), outputs]);
  });

  it('and the README show workflows with inputs and outputs that there are', () => {
    const { inputs, outputs } = metadata();
    const shown = linesOf([...blocksOf('README.md'), ...blocksOf('docs/action.md')], 'yaml').join('\n');
    const steps = shown
      .split(/(?=- (?:id|uses|run|if): )/)
      .filter((one) => one.includes('OWNER/quality-orchestrator@'));
    const withs = steps.map((one) => /with:( \{.*?\}|\n(?: {10}.*\n?)+)/.exec(one)?.[1] ?? '');
    const given = withs.flatMap((one) => [...one.matchAll(/([a-z-]+): /g)].map(([, name]) => name));
    const used = [...shown.matchAll(/steps\.quality\.outputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect([steps.length, given.length > 8, used.length > 3]).toEqual([7, true, true]);
    expect([
      ...given.filter((name) => !Object.hasOwn(inputs, name ?? '')),
      ...used.filter((name) => !outputs.includes(name ?? '')),
    ]).toEqual([]);
  });
});

describe('a push', () => {
  it('fails for what is wrong, and says where: in annotations, summary, reports and outputs', async () => {
    const workspace = install(repository(UNFORMATTED));
    const ended = await step({ workspace, inputs: { ...FORMAT, reports: 'html, junit' } });
    expect(ended.code).toBe(1);
    expect(ended.commands.filter(({ name }) => name === 'error')).toEqual([
      expect.objectContaining({ properties: { title: 'quality/would-change', file: 'a.json', line: '1' } }),
    ]);
    expect(ended.summary).toMatch(/^### ⚠️ quality: 1 error, 1 file would change\n[^]*`a\.json`/);
    const { outputs } = ended;
    expect(outputs).toMatchObject({ status: 'changes', 'exit-code': '1', findings: '1', 'new-findings': '1' });
    expect(JSON.parse(outputs['changed-files'] ?? '')).toEqual(['a.json']);
    const folder = outputs['report-folder'] ?? '';
    const paths = Object.values(JSON.parse(outputs['report-paths'] ?? '') as Record<string, string>);
    expect([...paths, outputs.patch].sort()).toEqual(
      readdirSync(folder)
        .sort()
        .map((name) => join(folder, name)),
    );
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['junit.xml', 'quality.html', 'quality.sarif']));
    expect(git(workspace, 'status', '--porcelain')).toBe('?? node_modules/\n');
    git(workspace, 'apply', outputs.patch ?? '');
    expect(read(workspace, 'a.json')).toBe('{ "a": 1 }\n');
  });

  it('gets the worst ten of each kind as annotations, and how many more there are', async () => {
    const many = (severity: 1 | 2, words: string): Said[] =>
      Array.from({ length: 14 }, (_, index) => ({ severity, message: `${words} ${index}`, line: index + 1 }));
    const workspace = install(repository(project({ 'a.txt': [...many(1, 'mild'), ...many(2, 'bad')] })));
    const { code, commands, outputs } = await step({ workspace, inputs: { 'fail-on': 'never' } });
    const counts = ['error', 'warning', 'notice'].map((kind) => commands.filter(({ name }) => name === kind).length);
    expect(counts).toEqual([10, 10, 1]);
    expect(commands.at(-1)).toMatchObject({
      name: 'notice',
      message: expect.stringMatching(/^4 errors, 4 warnings /) as string,
    });
    expect([code, outputs]).toMatchObject([0, { findings: '28', status: 'findings' }]);
  });

  it('works in a folder of a checkout that belongs to somebody else, as in a container', async () => {
    const workspace = install(temporaryFolder({ 'out/packages/a': null }));
    writeTree(join(workspace, 'out'), { ...UNFORMATTED, 'packages/a/b.json': '{"b":1}' });
    for (const args of [
      ['init', '--quiet'],
      ['add', '.'],
      ['commit', '--quiet', '--message=x'],
    ])
      git(join(workspace, 'out'), ...args);
    const inputs = { ...FORMAT, 'working-directory': 'out/packages/a', since: 'HEAD' };
    put(workspace, 'out/packages/a/c.json', '{"c":1}');
    const ended = await step({
      workspace,
      inputs,
      env: { GITHUB_SHA: '1'.repeat(40), GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
    });
    expect(ended).toMatchObject({ code: 1, outputs: { 'changed-files': '["packages/a/c.json"]' } });
  });

  it('fails whatever was asked for when quality cannot do its work, and hands on its words', async () => {
    const workspace = install(repository({ '.quality-config.json': '{ "keepRun": 1 }' }));
    const ended = await step({ workspace, inputs: { 'fail-on': 'never' } });
    expect(ended).toMatchObject({ code: 1, outputs: { status: 'failed', 'exit-code': '2', sarif: '' } });
    expect(errorsOf(ended)).toEqual([expect.stringMatching(/^quality ended with exit code 2[^]*keepRun: unknown key/)]);
    expect(ended.summary).toContain('quality ended with exit code 2');
  });
});

/** What the work prints. */
function written(work: () => void): string {
  const parts: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((part) => parts.push(String(part)) > 0);
  try {
    work();
  } finally {
    write.mockRestore();
  }
  return parts.join('');
}

/** An empty property is left out. */
function named(properties: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
}

describe('hostile values', () => {
  const EVIL = '\n::add-path::/evil\n::set-output name=status::clean\r\n##[add-mask]x';
  const NAME = 'a,b::warning::%0A::add-path::`x`|<img src=x> @octocat.txt';

  it('in findings and names of files are text everywhere', async () => {
    const message = `${EVIL}\n| <script>alert(1)</script> @octocat #1 [x](http://evil) ![x](http://evil)`;
    const tree = project(
      { [NAME]: [{ message, ruleId: `r${EVIL}` }] },
      { '.prettierrc.json': '{}', 'x::y.json': '{"a":1}' },
    );
    const { commands, summary, outputs } = await step({ workspace: install(repository(tree)) });
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['add-mask', 'error']));
    expect(commands.filter(({ name }) => name === 'add-mask').map((one) => one.message)).toEqual(['secret-token']);
    const found = commands.find(({ name }) => name === 'error');
    expect(found?.properties.file).toBe(NAME);
    expect(found?.message).toContain('::add-path::/evil\n');
    expect(outputs).toMatchObject({ status: 'findings', findings: '1' });
    expect(summary).toContain('\\<script\\>');
    expect(summary.replace(/`+[^\n]*?`+/g, '')).not.toMatch(
      /(?<!\\)<(?!details|\/details|summary|\/summary)|@octocat|#1\b|(?<!\\)\]\(http:\/\/evil/,
    );
  });

  it('of whatever kind are one annotation each, and never a command', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\r\n%:,;#[\]= \0a-z\u2028]*$/));
    fc.assert(
      fc.property(text, text, text, (message, path, rule) => {
        const log = written(() => {
          say(message);
          annotate([{ level: 'error', message, path, rule, startLine: 3 }]);
        });
        const [found, ...others] = commandsIn(log);
        expect(others).toEqual([]);
        expect(found).toMatchObject({
          name: 'error',
          message,
          properties: { line: '3', ...named({ file: path, title: rule }) },
        });
      }),
      { numRuns: 40, examples: [['a ##[add-path]/evil\n::set-env name=x::y', '::add-mask::x', '##[add-mask]x']] },
    );
  });

  it('in inputs reach git and quality as values, not as flags or commands', async () => {
    const workspace = install(repository(project({})));
    const since = '--upload-pack=touch pwned;$(touch pwned)`touch pwned`';
    const ended = await step({ workspace, inputs: { since } });
    expect(errorsOf(ended)).toEqual([expect.stringContaining('there is no branch, tag or commit')]);
    const paths = await step({
      workspace,
      inputs: { paths: '--config=evil.json\n$(touch pwned)', workflow: `--no-cache${EVIL}` },
    });
    expect([paths.code, paths.outputs['exit-code']]).toEqual([1, '2']);
    expect(paths.commands.every(({ name }) => ['add-mask', 'error'].includes(name))).toBe(true);
    expect(existsSync(join(workspace, 'pwned'))).toBe(false);
  });
});

/** What GitHub has of a pull request: the base, the head, and the merge of both that it makes to try them. */
function proposed(
  before: Tree,
  after: Tree,
): { readonly origin: string; readonly base: string; readonly number: number } {
  const origin = repository({ 'start.txt': '', ...before });
  for (let index = 0; index < 3; index += 1) git(origin, 'commit', '--quiet', '--allow-empty', '--message=more');
  git(origin, 'checkout', '--quiet', '-b', 'topic');
  for (const [path, text] of Object.entries(after)) put(origin, path, text as string);
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message=topic');
  git(origin, 'checkout', '--quiet', 'main');
  const base = git(origin, 'rev-parse', 'HEAD').trim();
  git(origin, 'commit', '--quiet', '--allow-empty', '--message=meanwhile');
  git(origin, 'checkout', '--quiet', '--detach');
  git(origin, 'merge', '--quiet', '--no-ff', '--message=merge', 'topic');
  git(origin, 'update-ref', 'refs/pull/7/merge', 'HEAD');
  git(origin, 'update-ref', 'refs/pull/7/head', 'topic');
  git(origin, 'checkout', '--quiet', 'main');
  return { origin, base, number: 7 };
}

const pullRequest = (base: string, head = 'octo/hello') => ({
  name: 'pull_request',
  ref: 'refs/pull/7/merge',
  payload: {
    action: 'opened',
    number: 7,
    pull_request: {
      number: 7,
      title: '"; touch pwned; ${{ github.token }}',
      head: { ref: '$(touch${IFS}pwned)', repo: { full_name: head } },
      base: { ref: 'main', sha: base, repo: { full_name: 'octo/hello' } },
    },
  },
});

interface Comment {
  readonly id: number;
  body: string;
  readonly user?: { readonly type: string };
  readonly author_association?: string;
}

/** The comments of a pull request, as api.github.com keeps them: thirty others fill the first page. */
async function comments(canWrite = true) {
  const all: Comment[] = Array.from({ length: 30 }, (_, id) => ({
    id,
    body: 'Looks good',
    author_association: 'NONE',
  }));
  const path = '/repos/octo/hello/issues/7/comments';
  const answer = ({ method, path: asked, body }: Asked, url: string): Answer => {
    const { pathname, searchParams } = new URL(asked, url);
    if (method === 'GET' && pathname === path) {
      const page = Number(searchParams.get('page') ?? '1');
      const link = page * 30 < all.length ? `<${url}${path}?per_page=100&page=${page + 1}>; rel="next"` : '';
      return { body: all.slice((page - 1) * 30, page * 30), headers: { link } };
    }
    if (!canWrite)
      return { status: 403, body: { message: 'Resource not accessible by integration', msg: 'cache read denied' } };
    const text = (JSON.parse(body.toString('utf8')) as { body: string }).body;
    if (method === 'POST' && pathname === path) all.push({ id: all.length, body: text, user: { type: 'Bot' } });
    const changed = all.find(({ id }) => method === 'PATCH' && pathname === `/repos/octo/hello/issues/comments/${id}`);
    if (changed !== undefined) changed.body = text;
    return { status: method === 'POST' ? 201 : 200, body: {} };
  };
  const { url, asked } = await loopBack(answer);
  const cache = { ACTIONS_RESULTS_URL: `${url}/`, ACTIONS_CACHE_SERVICE_V2: 'true' };
  return { all, asked, env: { GITHUB_API_URL: url, ...cache } };
}

describe('a pull request', () => {
  it('gets one comment, which later runs update, on whatever page it stands', async () => {
    const { origin, base } = proposed(project({ 'a.txt': [{ message: 'bad' }] }), { 'b.txt': '' });
    const workspace = install(checkout(origin, 'refs/pull/7/merge'));
    const { all, asked, env } = await comments();
    const check = { workspace, event: pullRequest(base), inputs: { comment: 'true' }, env };
    expect((await step(check)).log).toContain('Comment on the pull request: created');
    expect(all[30]?.body).toMatch(
      /^<!-- quality-orchestrator \w+ -->\n### ⚠️ quality: 1 error[^]*octo\/hello\/actions\/runs\/1658821493\)$/,
    );
    // Somebody copies it.
    all[3] = { id: 3, body: all[30]?.body ?? '', author_association: 'CONTRIBUTOR' };
    put(workspace, 'findings.json', '[]');
    expect(await step(check)).toMatchObject({ code: 0, log: expect.stringContaining('updated') as string });
    expect([all.length, all[30]?.body.includes('✅'), all[3].body.includes('✅')]).toEqual([31, true, false]);
    expect(new Set(asked.map(({ token }) => token))).toEqual(new Set(['Bearer secret-token']));
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET', 'PATCH']);
  });

  it('from a fork passes and fails as any other, without comment, push and cache', async () => {
    const { origin, base } = proposed(UNFORMATTED, { 'b.txt': 'b\n' });
    const event = pullRequest(base, 'mallory/hello');
    const { env } = await comments(false);
    const workspace = install(checkout(origin, 'refs/pull/7/merge'));
    const asked = { workspace, event, inputs: { ...FORMAT, comment: 'true', fix: 'commit', cache: 'true' }, env };
    const bad = await step(asked);
    expect(bad).toMatchObject({
      code: 1,
      outputs: { status: 'changes', patch: expect.stringMatching(/\.patch$/) as string },
    });
    expect(bad.log).toContain('No comment: the token has no right to write one (403)');
    expect(git(workspace, 'status', '--porcelain')).toBe('?? node_modules/\n');
    put(workspace, 'a.json', '{ "a": 1 }\n');
    const good = await step(asked);
    expect(good).toMatchObject({ code: 0, outputs: { status: 'clean', patch: '' } });
    expect(good.log).toContain('Comment on the pull request: nothing to say');
  });

  it('is compared with what it would be merged into, in a checkout one commit deep', async () => {
    const { origin, base } = proposed(UNFORMATTED, { 'b.json': '{"b":1}\n' });
    const env = {
      GITHUB_SHA: git(origin, 'rev-parse', 'refs/pull/7/merge').trim(),
    };
    for (const [ref, inputs] of [
      ['refs/heads/topic', { since: 'base' }],
      ['refs/pull/7/merge', { since: 'main' }],
    ] as const) {
      const workspace = install(checkout(origin, ref));
      const ended = await step({ workspace, event: pullRequest(base), inputs: { ...FORMAT, ...inputs }, env });
      expect({ ref, inputs, files: ended.outputs['changed-files'] }).toEqual({ ref, inputs, files: '["b.json"]' });
    }
  });

  it('with new-only fails for its own findings only, wherever they are', async () => {
    const { origin, base } = proposed(project({ 'a.txt': [{ message: 'old' }] }), {
      'findings.json': project({ 'a.txt': [{ message: 'old' }, { message: 'new' }] })['findings.json'] as string,
    });
    const workspace = install(checkout(origin, 'refs/pull/7/merge'));
    const check = { workspace, event: pullRequest(base), inputs: { 'new-only': 'true' } };
    const ended = await step(check);
    expect([ended.code, errorsOf(ended)]).toEqual([1, ['new']]);
    expect(ended.outputs).toMatchObject({ findings: '2', 'new-findings': '1' });
  });
});

describe('other events', () => {
  it('merge_group: what the group changes', async () => {
    const { origin, base } = proposed(UNFORMATTED, { 'b.json': '{"b":1}\n' });
    const ref = 'refs/heads/gh-readonly-queue/main/pr-7-929f8209d40f77f4abc622a499c93a83babdbe64';
    git(origin, 'update-ref', ref, 'refs/pull/7/merge');
    const payload = {
      action: 'checks_requested',
      merge_group: {
        head_sha: git(origin, 'rev-parse', ref).trim(),
        head_ref: ref,
        base_sha: base,
        base_ref: 'refs/heads/main',
      },
    };
    const workspace = install(checkout(origin, ref));
    const ended = await step({
      workspace,
      event: { name: 'merge_group', ref, payload },
      inputs: { ...FORMAT, since: 'base', fix: 'commit', comment: 'true' },
    });
    expect(ended).toMatchObject({ code: 1, outputs: { 'changed-files': '["b.json"]' } });
    expect(ended.log).toMatch(/no right to push[^]*No comment: merge_group is of no pull request/);
  });

  it('schedule, and a push by force: everything, for there is nothing to compare with', async () => {
    const workspace = install(repository(UNFORMATTED));
    const events = [
      { name: 'schedule', payload: { schedule: '0 3 * * *' } },
      { name: 'push', payload: { ref: 'refs/heads/main', before: '1'.repeat(40), forced: true } },
    ];
    for (const event of events) {
      const ended = await step({ workspace, event, inputs: { ...FORMAT, since: 'base', 'new-only': 'true' } });
      expect(ended).toMatchObject({ code: 1, outputs: { 'changed-files': '["a.json"]' } });
      expect(ended.log).toContain('There is nothing to compare with');
    }
  });
});

describe('fix: commit', () => {
  const inputs = { ...FORMAT, fix: 'commit', 'commit-message': 'Format\n\n$(touch pwned)' };

  it('pushes what was changed, and nothing else, to the branch that is checked out', async () => {
    const origin = repository(UNFORMATTED);
    const branch = `a';touch\${IFS}pwned;\`touch\${IFS}pwned\`&|-x"`;
    git(origin, 'branch', branch);
    const workspace = install(checkout(origin, `refs/heads/${branch}`));
    put(workspace, 'left-over.txt', 'of a step before\n');
    put(workspace, '.husky/pre-commit', '#!/bin/sh\ntouch pwned\n');
    chmodSync(join(workspace, '.husky/pre-commit'), 0o755);
    git(workspace, 'config', 'core.hooksPath', '.husky');
    const ended = await step({ workspace, inputs });
    expect(ended).toMatchObject({ code: 0, outputs: { status: 'clean', 'changed-files': '["a.json"]' } });
    expect(git(origin, 'show', '--name-only', '--format=%an|%B', branch)).toBe(
      'github-actions[bot]|Format\n\n$(touch pwned)\n\n\na.json\n',
    );
    expect(git(origin, 'show', `${branch}:a.json`)).toBe('{ "a": 1 }\n');
    expect([existsSync(join(workspace, 'pwned')), existsSync(join(origin, 'pwned'))]).toEqual([false, false]);
    expect(read('/', ended.outputs.patch ?? '')).toContain('+{ "a": 1 }');
  });

  it('never overwrites a branch that has moved on, and fails', async () => {
    const origin = repository(UNFORMATTED);
    const workspace = install(checkout(origin, 'refs/heads/main'));
    git(origin, 'commit', '--quiet', '--allow-empty', '--message=meanwhile');
    git(origin, 'checkout', '--quiet', '--detach');
    const ended = await step({ workspace, inputs });
    expect([ended.code, /^Failed: .*/m.exec(ended.log)?.[0]]).toEqual([
      1,
      'Failed: the fixes could not be pushed to refs/heads/main; the patch has them',
    ]);
    expect(git(origin, 'log', '-1', '--format=%s', 'main')).toBe('meanwhile\n');
  });

  it('says what to do where no branch is checked out', async () => {
    const { origin, base } = proposed(UNFORMATTED, { 'b.txt': '' });
    const workspace = install(checkout(origin, 'refs/pull/7/merge'));
    const ended = await step({ workspace, event: pullRequest(base), inputs });
    expect([ended.code, errorsOf(ended)[0]]).toEqual([1, expect.stringContaining('ref: ${{ github.head_ref }}')]);
  });
});

describe('where the project has not installed quality', () => {
  it('the version of the action runs, with tools that npm brings, without a trace in the project', async () => {
    const workspace = repository(UNFORMATTED);
    const ended = await step({ workspace, inputs: { ...FORMAT, fix: 'write' }, env: bareMachine({ npm: NPM }) });
    expect(ended).toMatchObject({ code: 0, outputs: { status: 'clean', 'changed-files': '["a.json"]' } });
    expect(git(workspace, 'status', '--porcelain')).toBe(' M a.json\n');
    expect(readdirSync(world.action).sort()).toEqual(['action', 'bin', 'package-lock.json', 'package.json']);
  });

  it('says what to do when npm cannot', async () => {
    const ended = await step({ workspace: repository(UNFORMATTED), env: bareMachine({}) });
    expect(ended.code).toBe(1);
    expect(errorsOf(ended)).toEqual([expect.stringContaining('Add quality-orchestrator to the devDependencies')]);
  });

  it('but for Plug’n’Play, where Yarn starts the one of the project', async () => {
    const pnp = '  ["packageRegistryData", [\\\n    ["quality-orchestrator", [\\\n      ["npm:9.8.7", {\\\n';
    const workspace = repository({ ...UNFORMATTED, '.pnp.cjs': pnp, 'packages/a/b.txt': '' });
    const words = '[ "$1 $2 $3" = "run --top-level quality" ] && shift 3 && exec';
    const env = bareMachine({ yarn: `${words} '${process.execPath}' '${COMMAND}' "$@"` });
    const ended = await step({ workspace, inputs: { ...FORMAT, 'working-directory': 'packages' }, env });
    expect(ended).toMatchObject({ code: 0, outputs: { status: 'clean' } });
  });
});

/** The service behind the cache, with room for one entry. */
async function cacheService() {
  const kept: { key: string; blob: Buffer } = { key: '', blob: Buffer.alloc(0) };
  const { url } = await loopBack(({ method, path, body }, own) => {
    if (path.startsWith('/account/blob')) {
      if (method === 'PUT' && !path.includes('comp=blocklist')) kept.blob = body;
      const headers = { 'content-type': 'application/octet-stream', 'content-length': String(kept.blob.length) };
      return method === 'PUT' ? { status: 201, body: Buffer.alloc(0) } : { headers, body: kept.blob };
    }
    const asked = JSON.parse(body.toString('utf8')) as { readonly key: string };
    const blob = `${own}/account/blob/x?sig=secret`;
    switch (path.replace('/twirp/github.actions.results.api.v1.CacheService/', '')) {
      case 'CreateCacheEntry':
        kept.key = asked.key;
        return { body: { ok: true, signed_upload_url: blob } };
      case 'FinalizeCacheEntryUpload':
        return { body: { ok: true, entry_id: '1' } };
      default:
        return { body: { ok: kept.key !== '', signed_download_url: blob, matched_key: kept.key } };
    }
  });
  return { kept, env: { ACTIONS_RESULTS_URL: `${url}/`, ACTIONS_CACHE_SERVICE_V2: 'true' } };
}

describe('the cache of GitHub Actions', () => {
  it('brings back what an earlier job has found out, and keeps what this one has', async () => {
    const { kept, env } = await cacheService();
    const inputs = { ...FORMAT, cache: 'true' };
    const workspace = install(repository(UNFORMATTED));
    const first = await step({ workspace, inputs, env });
    expect([first.code, kept.key]).toEqual([1, expect.stringMatching(/^quality-[\w.-]+-[0-9a-f]{40}$/)]);
    rmSync(join(workspace, '.quality'), { recursive: true });
    git(workspace, 'commit', '--quiet', '--allow-empty', '--message=again');
    const before = kept.key;
    const second = await step({ workspace, inputs, env });
    expect(second.log).toContain(`What earlier runs have found out is here: ${before}`);
    expect(second.log).toContain('2 answers known from before');
    expect(kept.key).not.toBe(before);
    expect(second.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });
});
