import tseslint from 'typescript-eslint';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';

/**
 * The house, from the top floor down (docs/architecture.md). A file imports only from floors below its own, or from its
 * own folder; types included.
 */
const FLOORS = [
  ['cli'],
  ['doctor', 'init'],
  ['hook', 'action', 'mcp'],
  ['explain'],
  ['root'],
  ['executor'],
  ['jobs', 'planner'],
  ['tools'],
  ['safety', 'workspace'],
  ['git', 'runs', 'config'],
  ['host', 'reporters'],
  ['model'],
];

/** The only floor that may touch disk, processes and machine. */
const DOORS = [
  'node:fs',
  'node:fs/promises',
  'fs',
  'node:child_process',
  'child_process',
  'node:os',
  'os',
  'node:path',
  'path',
  'cross-spawn',
];

/** These stand above the composition root (src/*.ts) and may import it. */
const ABOVE_ROOT = new Set(['cli', 'doctor', 'init', 'hook', 'action', 'mcp', 'explain', 'root']);

const floorRules = FLOORS.flatMap((floor, level) =>
  floor.map((folder) => {
    const allowed = new Set([folder, ...FLOORS.slice(level + 1).flat()]);
    const forbidden = FLOORS.flat().filter((name) => name !== 'root' && !allowed.has(name));
    return {
      files: folder === 'root' ? ['src/*.ts'] : [`src/${folder}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            ...(folder === 'host'
              ? {}
              : {
                  paths: DOORS.map((name) => ({
                    name,
                    message: 'Only src/host may use it; see src/host/disk.ts, process.ts, paths.ts.',
                  })),
                }),
            patterns: [
              ...(forbidden.length === 0
                ? []
                : [
                    {
                      regex: `^\\.{1,2}/(?:\\.\\./)*(?:${forbidden.join('|')})/`,
                      message: `Floor rule: src/${folder} imports only from floors below it (docs/architecture.md).`,
                    },
                  ]),
              ...(ABOVE_ROOT.has(folder)
                ? []
                : [
                    {
                      regex: '^\\.\\./(?:\\.\\./)*(?:quality|open|guard|history|index|demo)\\.js$',
                      message: 'Floor rule: nothing below imports the composition root.',
                    },
                  ]),
            ],
          },
        ],
      },
    };
  }),
);

export default tseslint.config(
  { ignores: ['dist/', 'action/', 'fixtures/', 'coverage/', '.quality/'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })] },
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.mjs', 'bin/*.js', 'vitest.config.ts'] } },
    },
    rules: {
      'import-x/no-cycle': 'error',
      complexity: ['error', 12],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  ...floorRules,
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  // CommonJS.
  { files: ['bin/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['test/**/*.ts'], rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
);
