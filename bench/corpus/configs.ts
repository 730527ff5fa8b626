/** The config files of a corpus: what a project with these tools has. */

/** Rules that the sources break as they are: both sides would spend their time printing. */
const BROKEN = [
  'prefer-const',
  'prefer-rest-params',
  'prefer-spread',
  'no-var',
  ...[
    'ban-ts-comment',
    'no-array-constructor',
    'no-duplicate-enum-values',
    'no-empty-object-type',
    'no-explicit-any',
    'no-misused-new',
    'no-namespace',
    'no-non-null-asserted-optional-chain',
    'no-require-imports',
    'no-this-alias',
    'no-unnecessary-type-constraint',
    'no-unsafe-declaration-merging',
    'no-unsafe-function-type',
    'no-unused-expressions',
    'no-unused-vars',
    'no-wrapper-object-types',
    'triple-slash-reference',
  ].map((rule) => `@typescript-eslint/${rule}`),
];

/** All that follows is formatted: a corpus is clean but for what a scenario spoils. */
const ESLINT = `import tseslint from "typescript-eslint";

const broken = [
${BROKEN.map((rule) => `  "${rule}",`).join('\n')}
];

export default tseslint.config(...tseslint.configs.recommended, {
  rules: Object.fromEntries(broken.map((rule) => [rule, "off"])),
});
`;

/** For a peer without a cleanup of its own: ESLint takes unused imports away. */
const ESLINT_IMPORTS = `import tseslint from "typescript-eslint";

export default tseslint.config({
  files: ["**/*.{js,ts,tsx}"],
  extends: [tseslint.configs.base],
  rules: {
    "@typescript-eslint/no-unused-vars": [
      "warn",
      { args: "none", enableAutofixRemoval: { imports: true } },
    ],
  },
});
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "esnext",
    "module": "esnext",
    "moduleResolution": "bundler",
    "lib": ["esnext", "dom", "dom.iterable"],
    "types": ["node"],
    "strict": false,
    "skipLibCheck": true,
    "noEmit": true,
    "allowImportingTsExtensions": true
  },
  "include": ["packages"]
}
`;

const SCRIPTS = {
  lint: 'eslint .',
  types: 'tsc',
  'lint:fix': 'eslint --fix .',
  format: 'prettier --write .',
  imports: 'eslint --fix --config eslint.imports.config.js packages',
  'format:check': 'prettier --check .',
};

/** `bare`: sources only; `lint`: Prettier and ESLint; `types`: the type checker as well. */
export type Kind = 'bare' | 'lint' | 'types';

export function configFiles(kind: Kind): Readonly<Record<string, string>> {
  const dependencies = ['eslint', 'prettier', 'typescript-eslint', ...(kind === 'types' ? ['typescript'] : [])];
  const manifest = {
    name: 'corpus',
    private: true,
    type: 'module',
    ...(kind === 'types' ? { scripts: SCRIPTS } : {}),
    ...(kind === 'bare' ? {} : { devDependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) }),
  };
  return {
    '.gitignore': 'node_modules\n.quality\n',
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    ...(kind === 'bare' ? {} : { '.prettierrc.json': '{}\n', 'eslint.config.js': ESLINT }),
    ...(kind === 'types' ? { 'eslint.imports.config.js': ESLINT_IMPORTS, 'tsconfig.json': TSCONFIG } : {}),
  };
}
