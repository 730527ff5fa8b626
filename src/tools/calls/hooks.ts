/** Tool calls in .pre-commit-config.yaml and lefthook.yml. The `files` and `exclude` patterns of pre-commit are not read. */
import type { ProjectView } from '../tool.js';
import { valuesAt, yamlLines, type YamlLine } from './yaml-lines.js';

export interface HookCommand {
  /** As a line of shell. */
  readonly line: string;
  readonly from: string;
  readonly glob?: string;
}

type View = Pick<ProjectView, 'hasFile' | 'readText'>;

const LEFTHOOK_FILES = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml'];
const PRE_COMMIT_FILE = '.pre-commit-config.yaml';

export async function hookCommands(view: View): Promise<HookCommand[]> {
  const preCommit = view.hasFile(PRE_COMMIT_FILE)
    ? preCommitCommands((await view.readText(PRE_COMMIT_FILE)) ?? '')
    : [];
  const files = LEFTHOOK_FILES.filter((path) => view.hasFile(path));
  const lefthook = await Promise.all(
    files.map(async (path) => lefthookCommands(path, (await view.readText(path)) ?? '')),
  );
  return [...preCommit, ...lefthook.flat()];
}

/** What well-known hooks start, by their id. */
const HOOKS: Readonly<Record<string, string>> = {
  eslint: 'eslint',
  prettier: 'prettier --write',
  black: 'black',
  isort: 'isort',
  ruff: 'ruff check',
  'ruff-check': 'ruff check',
  'ruff-format': 'ruff format',
  flake8: 'flake8',
  mypy: 'mypy',
  shellcheck: 'shellcheck',
  shfmt: 'shfmt',
  'go-fmt': 'gofmt',
  gofmt: 'gofmt',
  goimports: 'goimports',
  'go-imports': 'goimports',
  'golangci-lint': 'golangci-lint run',
  rustfmt: 'rustfmt',
  fmt: 'cargo fmt',
  clippy: 'cargo clippy',
  stylelint: 'stylelint',
  markdownlint: 'markdownlint',
  'markdownlint-cli2': 'markdownlint-cli2',
  actionlint: 'actionlint',
  hadolint: 'hadolint',
  'hadolint-docker': 'hadolint',
  'taplo-format': 'taplo fmt',
  'taplo-lint': 'taplo lint',
  'biome-check': 'biome check',
  'biome-format': 'biome format',
  'biome-lint': 'biome lint',
  'biome-ci': 'biome ci',
  oxlint: 'oxlint',
  cspell: 'cspell',
  dprint: 'dprint fmt',
};

function preCommitCommands(text: string): HookCommand[] {
  const lines = yamlLines(text);
  return lines.flatMap((line, at) => {
    if (line.key !== 'id' || !line.item) return [];
    const fields = siblingsAfter(lines, at);
    const value = (key: string): string[] => {
      const found = fields.find((index) => lines[index]?.key === key);
      return found === undefined ? [] : valuesAt(lines, found);
    };
    const start = value('entry')[0] ?? HOOKS[line.value];
    if (start === undefined) return [];
    const args = value('args').map((argument) => `'${argument.replaceAll("'", "'\\''")}'`);
    return [{ line: [start, ...args].join(' '), from: `${PRE_COMMIT_FILE} ${line.value}`, glob: '*' }];
  });
}

/** Lines of the same mapping, from the one after its first key on. */
function siblingsAfter(lines: readonly YamlLine[], at: number): number[] {
  const indent = lines[at]?.indent ?? 0;
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => line.indent < indent || (line.indent === indent && line.item));
  return after.flatMap((line, offset) =>
    line.indent === indent && (end < 0 || offset < end) ? [at + 1 + offset] : [],
  );
}

/** Placeholders of lefthook that stand for the files. */
const FILES = /(?<=^|\s)['"]?\{(?:staged_files|all_files|push_files|files)\}['"]?(?=\s|$)/g;

function lefthookCommands(path: string, text: string): HookCommand[] {
  const lines = yamlLines(text);
  return lines.flatMap((line, at) => {
    if (line.key !== 'run') return [];
    const command = { line: line.value.replace(FILES, ''), from: path };
    const globs = mappingAround(lines, at).flatMap((index) =>
      lines[index]?.key === 'glob' ? valuesAt(lines, index) : [],
    );
    if (globs.length === 0 && command.line === line.value) return [command];
    return [{ ...command, glob: globs.length > 1 ? `{${globs.join(',')}}` : (globs[0] ?? '*') }];
  });
}

/** Lines of the mapping that holds the line at `at`. */
function mappingAround(lines: readonly YamlLine[], at: number): number[] {
  const indent = lines[at]?.indent ?? 0;
  let first = at;
  while (first > 0 && lines[first]?.item !== true && (lines[first - 1]?.indent ?? -1) >= indent) first--;
  while ((lines[first]?.indent ?? 0) > indent) first++;
  return [first, ...siblingsAfter(lines, first)];
}
