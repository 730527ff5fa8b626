/** Programs that write the hooks of a project from a file of their own: a line in git's folder would not last there. */
import { readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import { READS_INPUT } from './install-names.js';

export interface Manager {
  readonly name: 'lefthook' | 'pre-commit' | 'prek' | 'simple-git-hooks' | 'husky 4' | 'yorkie';
  /** Its file, relative to the work tree. */
  readonly file: string;
  readonly text: string;
}

interface Kind {
  readonly name: Manager['name'];
  readonly files: readonly string[];
  /** Said by the file; its being there is enough when absent. */
  readonly sign?: RegExp;
}

const KINDS: readonly Kind[] = [
  {
    name: 'lefthook',
    files: ['', '.', '.config/'].flatMap((before) =>
      ['yml', 'yaml', 'toml', 'json', 'jsonc'].map((end) => `${before}lefthook.${end}`),
    ),
  },
  { name: 'prek', files: ['prek.toml'] },
  { name: 'pre-commit', files: ['.pre-commit-config.yaml', '.pre-commit-config.yml'] },
  {
    name: 'simple-git-hooks',
    files: ['.simple-git-hooks', 'simple-git-hooks'].flatMap((name) =>
      ['json', 'js', 'cjs', 'mjs'].map((end) => `${name}.${end}`),
    ),
  },
  { name: 'simple-git-hooks', files: ['package.json'], sign: /"simple-git-hooks"\s*:\s*\{/ },
  { name: 'husky 4', files: ['package.json'], sign: /"husky"\s*:\s*\{\s*"hooks"/ },
  { name: 'yorkie', files: ['package.json'], sign: /"gitHooks"\s*:\s*\{/ },
];

export async function findManager(workTree: string): Promise<Manager | null> {
  for (const { name, files, sign } of KINDS) {
    const texts = await Promise.all(files.map((file) => readTextIfThere(join(workTree, file))));
    const at = texts.findIndex((text) => text !== null && (sign?.test(text) ?? true));
    if (at >= 0) return { name, file: files[at] ?? '', text: texts[at] ?? '' };
  }
  return null;
}

/** Does somebody start us in this text already? */
export function callsQuality(text: string, hook: string): boolean {
  return new RegExp(`\\bquality(?:-orchestrator|\\.js)?['"]?\\s+hook\\s+run\\s+${hook}\\b`).test(text);
}

/** Git hands these over as arguments of the hook. */
const TAKES_MESSAGE = new Set(['commit-msg', 'prepare-commit-msg', 'applypatch-msg']);

export function hookCommand(hook: string): string {
  return `npx --no-install quality hook run ${hook}`;
}

/** What a person has to add to the manager's file. */
export function linesToAdd({ name, file }: Manager, hook: string): readonly string[] {
  switch (name) {
    case 'lefthook':
      return lefthookLines(file, hook);
    case 'pre-commit':
      return preCommitHook(hook);
    case 'prek':
      return prekHook(hook);
    case 'yorkie':
      return [`"${hook}": "${hookCommand(hook)} -- $GIT_PARAMS"`];
    case 'simple-git-hooks':
      return [`"${hook}": "${hookCommand(hook)} -- \\"$@\\""`];
    case 'husky 4':
      return [`"${hook}": "${hookCommand(hook)} -- $HUSKY_GIT_PARAMS"`];
  }
}

export function lefthookJob(hook: string): readonly string[] {
  return [
    `${hook}:`,
    '  commands:',
    '    quality:',
    `      run: ${hookCommand(hook)} -- {0}`,
    ...(READS_INPUT.has(hook) ? ['      use_stdin: true'] : []),
  ];
}

/** In the language of the file. */
function lefthookLines(file: string, hook: string): readonly string[] {
  const run = JSON.stringify(`${hookCommand(hook)} -- {0}`);
  const reads = READS_INPUT.has(hook);
  if (file.endsWith('.toml'))
    return [`[${hook}.commands.quality]`, `run = ${run}`, ...(reads ? ['use_stdin = true'] : [])];
  if (!/\.jsonc?$/.test(file)) return lefthookJob(hook);
  const job = `{ "run": ${run}${reads ? ', "use_stdin": true' : ''} }`;
  return [`"${hook}": { "commands": { "quality": ${job} } }`];
}

function prekHook(hook: string): readonly string[] {
  const takes = TAKES_MESSAGE.has(hook);
  return [
    '[[repos]]',
    'repo = "local"',
    '[[repos.hooks]]',
    'id = "quality"',
    'name = "quality"',
    `entry = "${hookCommand(hook)}${takes ? ' --' : ''}"`,
    'language = "system"',
    'always_run = true',
    `pass_filenames = ${String(takes)}`,
    `stages = ["${hook}"]`,
  ];
}

function preCommitHook(hook: string): readonly string[] {
  return [
    '  - repo: local',
    '    hooks:',
    '      - id: quality',
    '        name: quality',
    `        entry: ${hookCommand(hook)}${TAKES_MESSAGE.has(hook) ? ' --' : ''}`,
    '        language: system',
    '        always_run: true',
    `        pass_filenames: ${String(TAKES_MESSAGE.has(hook))}`,
    `        stages: [${hook}]`,
  ];
}
