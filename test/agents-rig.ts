/** A project that ESLint and Prettier look at, and the command with something on its standard input. */
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND, PACKAGE_FOLDER } from './quality.js';
import { GIT_ENV, type Tree, repository } from './rig.js';

/** A rule of a plugin, and options of another one. */
const ESLINT_CONFIG = `const noFoo = {
  meta: {
    docs: {
      description: "Disallow foo",
      url: "https://example.invalid/no-foo",
    },
    hasSuggestions: true,
  },
  create: () => ({}),
};

export default [
  {
    plugins: { own: { rules: { "no-foo": noFoo } } },
    rules: {
      "no-undef": "error",
      "prefer-const": ["warn", { destructuring: "all" }],
      "own/no-foo": "error",
    },
  },
];
`;

export const UNTIDY = `let value = 1
foo(value); foo(value);
function unneeded() {}
export { value }
`;
/** What a run makes of it. */
export const TIDY = `const value = 1;
foo(value);
foo(value);
export { value };
`;

export function project(more: Tree = {}): string {
  const folder = repository({
    'package.json': '{\n  "name": "agents",\n  "private": true,\n  "type": "module"\n}\n',
    '.prettierrc.json': '{}\n',
    '.gitignore': 'node_modules\n.quality\nignored/\n',
    'eslint.config.js': ESLINT_CONFIG,
    'src/clean.js': 'export const clean = 1;\n',
    'src/untidy.js': UNTIDY,
    ...more,
  });
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export interface Filtered {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

export function filter(cwd: string, input: string | Buffer, ...args: string[]): Filtered {
  const env = { ...process.env, ...GIT_ENV, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'run', '--stdin', ...args], {
    cwd,
    input,
    env,
  });
  return { code: status, out: stdout, err: stderr.toString('utf8') };
}
