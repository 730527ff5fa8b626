import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../corpus/world.js';
import type { Contender } from '../measure/contest.js';
import { git } from '../measure/tree.js';
import { tool } from '../places.js';
import { nodeAlone, ours } from './contenders.js';
import { type Scenario, at, ratioBound } from './scenario.js';

const RATIO = 2.5;

const FILES = {
  '.quality-config.json': `${JSON.stringify({
    commands: { nothing: { run: ['true'] }, 'nothing-with-files': { run: ['true', '{files}'] } },
    workflows: { staged: { steps: ['nothing-with-files'] }, 'of-project': { steps: ['nothing'] } },
  })}\n`,
  '.lintstagedrc.json': '{ "*.ts": "true" }\n',
  'lefthook.yml': "pre-commit:\n  commands:\n    nothing:\n      glob: '*.ts'\n      run: 'true'\n",
  '.pre-commit-config.yaml':
    "repos:\n  - repo: local\n    hooks:\n      - { id: nothing, name: nothing, entry: 'true', language: system }\n",
  'turbo.json': '{ "tasks": { "//#nothing": {} } }\n',
  'package.json': `${JSON.stringify({
    name: 'corpus',
    private: true,
    packageManager: 'npm@10.0.0',
    workspaces: ['packages/*'],
    scripts: { nothing: 'true', wired: 'wireit' },
    wireit: { wired: { command: 'true', files: ['packages/**'], output: [] } },
  })}\n`,
};

export const orchestration: Scenario = {
  name: 'orchestration',
  about: 'a tool that does nothing: what is left is the orchestrator',
  sizes: [100],
  measure: async (context, size) => {
    const wanted = { size, kind: 'bare', files: FILES } as const;
    const [here, there] = [context.makeWorld(wanted), context.makeWorld(wanted)];
    const [staged, whole] = [context.makeWorld(wanted), context.makeWorld(wanted)];
    stageOne(there);
    const measured = await context.contest([
      { ...ours(here, 'run', '--only', 'nothing'), warm: true },
      nodeAlone(here),
      peer(there, 'npm run', ['npm', 'run', '--silent', 'nothing']),
      peer(there, 'wireit', ['npm', 'run', '--silent', 'wired']),
      peer(there, 'turbo', [...tool('turbo'), 'run', '//#nothing']),
      peer(there, 'lint-staged', tool('lint-staged')),
      peer(there, 'lefthook', [...tool('lefthook'), 'run', 'pre-commit']),
      peer(there, 'prek', [...tool('prek'), 'run']),
      // What was staged and looked at before would not be looked at again.
      { ...ours(staged, 'run', '--staged'), name: 'quality, staged', warm: true, before: () => stageOne(staged) },
      {
        ...ours(whole, 'run', '--staged', '--workflow', 'of-project'),
        name: 'quality, staged, of the project',
        warm: true,
        before: () => stageOne(whole),
      },
    ]);
    const bounds = [0, 8, 9].map((ours) => ratioBound('of node -e 0', [at(measured, ours), at(measured, 1)], RATIO));
    return [{ scenario: 'orchestration', size, changed: 0, measured, bounds, differences: [] }];
  },
};

/** What runs at a commit wants something to commit. */
function stageOne({ folder, paths }: World): void {
  const [path = ''] = paths;
  appendFileSync(join(folder, path), '// staged\n');
  git(folder, 'add', path);
}

function peer({ folder }: World, name: string, words: readonly string[]): Contender {
  return { name, folder, warm: true, commands: [{ words }] };
}
