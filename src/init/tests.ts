/** The project's own checks that no tool here stands for: its tests, and checkers that come with a framework. */
import { packageManagerOf } from '../tools/packages.js';
import { invocationsOf, scriptsOf } from '../tools/calls/scripts.js';
import { type Project, doesWorkOf, rootScripts } from './project.js';
import { taskEverywhere } from './monorepo.js';
import type { Setting } from './setting.js';

interface OwnCheck {
  readonly run: readonly string[];
  /** For people: "package.json scripts.test". */
  readonly from: string;
}

export async function testsSetting(project: Project): Promise<Setting | null> {
  const checks = [...insteadOfTools(project), ...(await ownTests(project))];
  if (checks.length === 0) return null;
  const from = checks.map((check) => check.from).join(', ');
  return {
    path: ['verify', 'tests'],
    value: checks.map(({ run }) => [...run]),
    reason: `From ${from}. They run with every verify, and judge each edit.`,
  };
}

function insteadOfTools({ prepared }: Project): OwnCheck[] {
  return prepared.plan.skips.flatMap(({ instead, reason }) =>
    instead === undefined ? [] : [{ run: instead, from: reason.split(': ')[0] ?? reason }],
  );
}

async function ownTests(project: Project): Promise<OwnCheck[]> {
  const scripts = rootScripts(project);
  if (typeof scripts.test === 'string')
    return isWorthwhile(scripts.test, project)
      ? [{ run: testCommand(project), from: 'package.json scripts.test' }]
      : [];
  for (const ask of OTHERS) {
    const found = await ask(project);
    if (found !== null) return [found];
  }
  return [];
}

/** `bun test` would be another program. */
function testCommand({ view }: Project): readonly string[] {
  const manager = packageManagerOf(view);
  return manager === 'bun' ? ['bun', 'run', 'test'] : [manager, 'test'];
}

/** What npm writes into a new package.json. */
const PLACEHOLDER = /no test specified|^\s*(?:exit\b|true\b|echo\b[^&|;]*$)/;
const NEVER_ENDS =
  /--watch(?:All)?(?![\w=-]|=false)|(?:^|\s)(?:vitest|jest|ava)\s+watch\b|\bng test\b(?!.*--watch=false)/;

/** Something that ends, and that is more than tools which run here anyway. */
function isWorthwhile(script: string, project: Project): boolean {
  if (PLACEHOLDER.test(script) || NEVER_ENDS.test(script)) return false;
  const root = project.view.packages.find(({ dir }) => dir === '');
  const started = invocationsOf(script, '', root === undefined ? undefined : scriptsOf(root));
  return started.length === 0 || started.some(({ tool }) => !doesWorkOf(tool, project));
}

/** How a program of the project is started. */
const EXECUTES = { npm: ['npx'], pnpm: ['pnpm', 'exec'], yarn: ['yarn'], bun: ['bunx'] } as const;

type Ask = (project: Project) => Promise<OwnCheck | null>;

const OTHERS: readonly Ask[] = [
  async ({ view }) => {
    const found = await taskEverywhere('test', view);
    if (found === null || view.packages.some((one) => NEVER_ENDS.test(scriptsOf(one).get('test') ?? ''))) return null;
    return { run: [...EXECUTES[packageManagerOf(view)], ...found.run], from: found.from };
  },
  async ({ view }) => {
    const makefile = ['Makefile', 'GNUmakefile', 'makefile'].find((path) => view.hasFile(path));
    const text = makefile === undefined ? null : await view.readText(makefile);
    const tests = /^(?:test|check)(?=\s*:(?!=))/m.exec(text ?? '')?.[0];
    return tests === undefined || (await view.findExecutable('make', '')) === null
      ? null
      : { run: ['make', tests], from: `${makefile ?? ''} ${tests}` };
  },
  program('go.mod', 'go', ['test', './...']),
  program('Cargo.toml', 'cargo', ['test']),
  program('pytest.ini', 'pytest'),
  program('pyproject.toml', 'pytest', [], /^\[tool\.pytest\b/m),
];

/** Where this file is there, with these words in it, and the program is installed: else every run would fail. */
function program(file: string, name: string, args: readonly string[] = [], sign?: RegExp): Ask {
  return async ({ view }) => {
    if (!view.hasFile(file) || (await view.findExecutable(name, '')) === null) return null;
    if (sign?.test((await view.readText(file)) ?? '') === false) return null;
    return { run: [name, ...args], from: file };
  };
}
