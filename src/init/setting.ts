/** One line of the proposed config, and the text that all of them make. */
import type { JsonValue } from '../model/json.js';

export interface Setting {
  /** `["verify", "tests"]` */
  readonly path: readonly [string] | readonly [string, string];
  readonly value: JsonValue;
  /** Why it is proposed, for people; it becomes the comment above the line. */
  readonly reason: string;
}

export interface Layout {
  /** One step to the right. */
  readonly indent: string;
  /** Some programs that read every JSON file of a project refuse comments. */
  readonly comments: boolean;
}

/** Formatters break longer lines. */
const WIDTH = 80;

export function renderConfig(settings: readonly Setting[], layout: Layout): string {
  if (settings.length === 0) return '{}\n';
  const keys = [...new Set(settings.map(({ path }) => path[0]))];
  const members = keys.map((key) => sectionLines(key, settings, layout));
  return `${['{', ...indented(joined(members), layout), '}'].join('\n')}\n`;
}

/** A key of the config, with the comment above it. */
function sectionLines(key: string, settings: readonly Setting[], layout: Layout): string[] {
  const own = settings.filter(({ path }) => path[0] === key);
  const [first] = own;
  if (first?.path.length === 1) return [...comment(first.reason, layout), ...member(key, first.value, layout, 1)];
  const inner = own.map(({ path, value, reason }) => [
    ...comment(reason, layout),
    ...member(path[1] ?? '', value, layout, 2),
  ]);
  return [`${JSON.stringify(key)}: {`, ...indented(joined(inner), layout), '}'];
}

function member(key: string, value: JsonValue, { indent }: Layout, level: number): string[] {
  const before = `${JSON.stringify(key)}: `;
  const column = level * indent.length;
  const [first = '', ...rest] = valueLines(value, { indent, column, used: column + before.length + 1 });
  return [`${before}${first}`, ...rest];
}

interface Place {
  readonly indent: string;
  /** Where the line begins that the value stands on. */
  readonly column: number;
  /** Columns that are taken on it, a comma behind the value included. */
  readonly used: number;
}

/** As formatters write it: on one line where there is room, else one item for each line. */
function valueLines(value: JsonValue, { indent, column, used }: Place): string[] {
  const flat = inline(value);
  if (typeof value !== 'object' || value === null) return [flat];
  if (used + flat.length <= WIDTH && !isTable(value)) return [flat];
  const next = { indent, column: column + indent.length };
  const items = isList(value)
    ? value.map((item) => valueLines(item, { ...next, used: next.column + 1 }))
    : entriesOf(value).map(([key, item]) => {
        const before = `${JSON.stringify(key)}: `;
        const [first = '', ...rest] = valueLines(item, { ...next, used: next.column + before.length + 1 });
        return [`${before}${first}`, ...rest];
      });
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  return [open, ...joined(items).map((line) => `${indent}${line}`), close];
}

/** Several lists, or several objects, stand below each other however short they are. */
function isTable(value: JsonValue): boolean {
  return isList(value) && value.length > 1 && value.every((item) => sizeOf(item) > 1);
}

function sizeOf(value: JsonValue): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function inline(value: JsonValue): string {
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = entriesOf(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function entriesOf(value: Members | readonly JsonValue[]): [string, JsonValue][] {
  return Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item]]));
}

/** Members, with commas between them. */
function joined(members: readonly (readonly string[])[]): string[] {
  return members.flatMap((lines, at) =>
    at === members.length - 1 ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''},`],
  );
}

function indented(lines: readonly string[], { indent }: Layout): string[] {
  return lines.map((line) => `${indent}${line}`);
}

function comment(text: string, { comments }: Layout): string[] {
  return comments ? [`// ${text}`] : [];
}
