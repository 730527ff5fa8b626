/** A workflow for GitHub that checks what is proposed. */
import { gitOutput } from '../git/git.js';
import { exists, readdir, readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import { usesOf } from '../model/plan.js';
import { packageManagerOf } from '../tools/packages.js';
import type { Project } from './project.js';

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
  return workflowText(project);
}

async function isOnGithub(root: string): Promise<boolean> {
  if (await exists(join(root, '.github'))) return true;
  const url = await gitOutput(root, ['config', '--get', 'remote.origin.url']);
  return url.ok && /\bgithub\.com[:/]/.test(url.value.toString('utf8'));
}

function workflowText(project: Project): string {
  const steps = [
    ['- uses: actions/checkout@v5'],
    ...managerSteps(project),
    ...pythonSteps(project),
    [`- run: npx --yes ${PACKAGE} run --check`],
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
    'jobs:',
    '  quality:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    ...steps.flat().map((line) => `      ${line}`),
    '',
  ].join('\n');
}

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
