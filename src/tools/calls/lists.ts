/** Tool calls in lint-staged lists: package.json, .lintstagedrc in JSON or plain YAML, lint-staged.config.js with literals only. */
import { basename, folderOf } from '../../host/paths.js';
import type { ProjectView } from '../tool.js';
import { yamlLines, valuesAt } from './yaml-lines.js';

/** One line of a list: files by glob, and a command that gets their names. */
export interface StagedCommand {
  readonly glob: string;
  readonly command: string;
  readonly from: string;
  readonly dir: string;
}

type Lists = Readonly<Record<string, readonly string[]>>;

const NAMES = ['.lintstagedrc', '.lintstagedrc.json', '.lintstagedrc.yaml', '.lintstagedrc.yml'];
const SCRIPT_NAMES = ['lint-staged.config', '.lintstagedrc'].flatMap((name) =>
  ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `${name}.${extension}`),
);

type View = Pick<ProjectView, 'packages' | 'filesNamed' | 'readText'>;

export async function stagedCommands(view: View): Promise<StagedCommand[]> {
  const inManifests = view.packages.flatMap(({ dir, manifest }) =>
    commandsIn(listsFrom(manifest?.['lint-staged']), dir, `${inFolder(dir, 'package.json')} lint-staged`),
  );
  const files = view.filesNamed(...NAMES, ...SCRIPT_NAMES);
  const inFiles = await Promise.all(
    files.map(async (path) =>
      commandsIn(await readLists(path, (await view.readText(path)) ?? ''), folderOf(path), path),
    ),
  );
  return [...inManifests, ...inFiles.flat()];
}

function inFolder(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}

function commandsIn(lists: Lists, dir: string, from: string): StagedCommand[] {
  return Object.entries(lists).flatMap(([glob, commands]) => commands.map((command) => ({ glob, command, from, dir })));
}

/** Functions and anything else that only running the file could tell are passed over. */
function listsFrom(value: unknown): Lists {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).map(([glob, commands]: [string, unknown]) => {
    const list: unknown[] = Array.isArray(commands) ? commands : [commands];
    return [glob, list.filter((command) => typeof command === 'string')] as const;
  });
  return Object.fromEntries(entries);
}

async function readLists(path: string, text: string): Promise<Lists> {
  const name = basename(path);
  if (SCRIPT_NAMES.includes(name)) return listsFrom(await literalExport(name, text));
  if (!name.endsWith('.json') && !text.trimStart().startsWith('{')) return yamlLists(text);
  const { parse } = await import('jsonc-parser');
  return listsFrom(parse(text) as unknown);
}

function yamlLists(text: string): Lists {
  const lines = yamlLines(text);
  const keys = lines.flatMap((line, at) =>
    line.indent === 0 && line.key !== null ? [[line.key, valuesAt(lines, at)]] : [],
  );
  return Object.fromEntries(keys) as Lists;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The object that a config file exports, as far as it is written out as literals. */
async function literalExport(name: string, text: string): Promise<unknown> {
  const { parseSync } = await import('oxc-parser');
  const body = parseSync(name, text).program.body as unknown as readonly Node[];
  const variables = new Map<string, Node>();
  for (const declared of body
    .filter((node) => node.type === 'VariableDeclaration')
    .flatMap((node) => nodes(node.declarations)))
    if (isNode(declared.id) && isNode(declared.init)) variables.set(String(declared.id.name), declared.init);
  const exported = body.map(exportedBy).find((node) => node !== null) ?? null;
  const value = exported?.type === 'Identifier' ? variables.get(String(exported.name)) : exported;
  return value === null || value === undefined ? undefined : literal(value);
}

function exportedBy(node: Node): Node | null {
  if (node.type === 'ExportDefaultDeclaration') return isNode(node.declaration) ? unwrap(node.declaration) : null;
  const expression = node.expression;
  if (!isNode(expression) || expression.type !== 'AssignmentExpression') return null;
  const { left, right } = expression;
  const isModule = isNode(left) && isNode(left.object) && left.object.name === 'module';
  return isModule && isNode(right) ? unwrap(right) : null;
}

/** `{…} satisfies Configuration`, `({…})`. */
function unwrap(node: Node): Node {
  return isNode(node.expression) ? unwrap(node.expression) : node;
}

function literal(node: Node): unknown {
  if (node.type === 'Literal') return node.value;
  if (node.type === 'ArrayExpression') return nodes(node.elements).map(literal);
  if (node.type !== 'ObjectExpression') return undefined;
  const entries = nodes(node.properties).flatMap((property) => {
    const { key, value, computed } = property;
    if (!isNode(key) || !isNode(value) || computed === true) return [];
    return [[String(key.value ?? key.name), literal(unwrap(value))]];
  });
  return Object.fromEntries(entries) as unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
