/**
 * YAML as lines, for the few plain files that name tools (pre-commit, lefthook, lint-staged). Not a parser: anchors, flow
 * mappings and multi-line scalars other than `|` and `>` are passed over, never misread as something else.
 */

export interface YamlLine {
  /** Column of the key or value, the dash of a list item not counted. */
  readonly indent: number;
  /** It begins a list item. */
  readonly item: boolean;
  readonly key: string | null;
  /** Quotes removed; of a block scalar, its lines. */
  readonly value: string;
}

export function yamlLines(text: string): YamlLine[] {
  const raw = text.split(/\r?\n/);
  const lines: YamlLine[] = [];
  for (let at = 0; at < raw.length; at++) {
    const line = readLine(raw[at] ?? '');
    if (line === null) continue;
    const block = /^([|>])[+-]?\d*$/.exec(line.value)?.[1];
    if (block === undefined) {
      lines.push({ ...line, value: unquote(line.value) });
      continue;
    }
    const body = blockLines(raw, at + 1, line.indent);
    lines.push({ ...line, value: body.join(block === '|' ? '\n' : ' ') });
    at += body.length;
  }
  return lines;
}

function readLine(raw: string): YamlLine | null {
  const dashes = /^\s*(?:-\s+)*/.exec(raw)?.[0] ?? '';
  const body = withoutComment(raw.slice(dashes.length)).trimEnd();
  if (body === '' || body === '-' || body === '---') return null;
  const pair = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#[{][^#]*?)\s*:(?:\s+(.*))?$/.exec(body);
  const item = dashes.includes('-');
  return pair?.[1] === undefined
    ? { indent: dashes.length, item, key: null, value: body }
    : { indent: dashes.length, item, key: unquote(pair[1]), value: pair[2] ?? '' };
}

function withoutComment(text: string): string {
  const match = /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#]|(?<=\S)#|["'])*?)(?:(?<=\s|^)#.*)?$/.exec(text);
  return match?.[1] ?? text;
}

function blockLines(raw: readonly string[], from: number, indent: number): string[] {
  const body: string[] = [];
  for (const line of raw.slice(from)) {
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
    body.push(line.trim());
  }
  return body;
}

function unquote(value: string): string {
  if (/^'.*'$/s.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(value)) return value.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return value;
}

/** `[--fix, "--max-warnings=0"]`, or null when it is no flow list. */
function flowList(value: string): string[] | null {
  const inner = /^\[(.*)\]$/s.exec(value.trim())?.[1];
  if (inner === undefined) return null;
  const items = inner.match(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\s][^,]*/g) ?? [];
  return items.map((item) => unquote(item.trim()));
}

/** The values of a key: on its own line, as a flow list, or as the list items below it. */
export function valuesAt(lines: readonly YamlLine[], at: number): string[] {
  const line = lines[at];
  if (line === undefined) return [];
  if (line.value !== '') return flowList(line.value) ?? [line.value];
  const below = lines.slice(at + 1);
  const end = below.findIndex((next) => !next.item || next.key !== null || next.indent <= line.indent);
  return (end < 0 ? below : below.slice(0, end)).map((next) => next.value);
}
