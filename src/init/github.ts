/** A workflow for GitHub that checks what is proposed. */
import { gitOutput } from '../git/git.js';
import { exists, readdir, readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import { usesOf } from '../model/plan.js';
import { packageManagerOf } from '../tools/packages.js';
import type { Project } from './project.js';
import { testsSetting } from './tests.js';

export const PACKAGE = 'quality-orchestrator';
export const GITHUB_FILE = '.github/workflows/quality.yml';
const WORKFLOWS = '.github/workflows';

/** null: it is not on GitHub, or a workflow of its starts quality already. */
export async function githubWorkflow(project: Project): Promise<string | null> {
  const { root, repository } = project.prepared;
  if (repository?.prefix !== '' || !(await isOnGithub(root))) return null;
  const names: readonly string[] = await readdir(join(root, WORKFLOWS)).catch(() => []);
  const texts = await Promise.all(names.map((name) => readTextIfThere(join(root, WORKFLOWS, name))));
  if (names.includes('quality.yml') || texts.some((text) => /\bquality(?:-orchestrator)? run\b/.test(text ?? '')))
    return null;
  const tests = await testsSetting(project);
  const isPytest = JSON.stringify(tests?.value ?? []).includes('"pytest"');
  return workflowText(project, isPytest ? await pytestSteps(project) : []);
}

async function isOnGithub(root: string): Promise<boolean> {
  if (await exists(join(root, '.github'))) return true;
  const url = await gitOutput(root, ['config', '--get', 'remote.origin.url']);
  return url.ok && /\bgithub\.com[:/]/.test(url.value.toString('utf8'));
}

function workflowText(project: Project, moreSteps: readonly (readonly string[])[]): string {
  const steps = [
    ['- uses: actions/checkout@v5'],
    ...managerSteps(project),
    ...pythonSteps(project),
    ...moreSteps,
    ...CACHE,
    [`- run: npx --yes ${PACKAGE} run --check --report markdown=${SUMMARY} --report sarif=${SARIF}`],
    ...RESULTS,
  ];
  return [
    'name: quality',
    'on:',
    '  pull_request:',
    '  push:',
    '    branches:',
    '      - main',
    '      - master',
    'permissions:',
    '  contents: read',
    '  security-events: write',
    'jobs:',
    '  quality:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    ...steps.flat().map((line) => `      ${line}`),
    '',
  ].join('\n');
}

/** Where git ignores them. */
const SUMMARY = '.quality/summary.md';
const SARIF = '.quality/quality.sarif';

/** What has not changed is not looked at again. */
const CACHE = [
  [
    '- uses: actions/cache@v4',
    '  with:',
    '    path: .quality/cache',
    '    key: quality-${{ github.run_id }}',
    '    restore-keys: quality-',
  ],
];

const RESULTS = [
  ['- if: always()', `  run: cat ${SUMMARY} >> "$GITHUB_STEP_SUMMARY"`],
  [
    '# Findings as annotations; where code scanning is not available, the summary has to do.',
    '- if: always()',
    '  continue-on-error: true',
    '  uses: github/codeql-action/upload-sarif@v4',
    '  with:',
    `    sarif_file: ${SARIF}`,
  ],
];

const INSTALLS = {
  npm: 'npm ci',
  pnpm: 'pnpm install --frozen-lockfile',
  yarn: 'yarn install',
  bun: 'bun install',
} as const;

function managerSteps({ view }: Project): string[][] {
  const manager = packageManagerOf(view);
  const node = ['- uses: actions/setup-node@v5', '  with:', '    node-version: 24'];
  if (!view.hasFile('package.json')) return [node];
  const install = manager === 'npm' && !view.hasFile('package-lock.json') ? 'npm install' : INSTALLS[manager];
  const enable = manager === 'bun' ? [['- uses: oven-sh/setup-bun@v2']] : [['- run: corepack enable']];
  return [node, ...(manager === 'npm' ? [] : enable), [`- run: ${install}`]];
}

/** Tools that stand for themselves. */
const WITH_PIPX = new Set(['ruff', 'black', 'isort', 'flake8']);

/** In the versions that were found here. */
function pythonSteps({ prepared: { plan } }: Project): string[][] {
  const missing = plan.skips.filter(({ wanted }) => wanted).map(({ tool }) => ({ tool, version: 'unknown' }));
  const found = [...usesOf(plan), ...missing].flatMap(({ tool, version }) => {
    const name = tool.replace(/^ruff-.*/, 'ruff');
    return WITH_PIPX.has(name) ? [version === 'unknown' ? name : `${name}==${version}`] : [];
  });
  return [...new Set(found)].map((name) => [`- run: pipx install ${name}`]);
}

/** The project itself is installed where it can be: its tests import it. */
async function pytestSteps({ view }: Project): Promise<string[][]> {
  const isPackage =
    view.hasFile('setup.py') || /^\[project\]/m.test((await view.readText('pyproject.toml').catch(() => null)) ?? '');
  return [
    ['- uses: actions/setup-python@v6', '  with:', '    python-version: 3.x'],
    [`- run: pip install pytest${isPackage ? ' --editable .' : ''}`],
  ];
}
