/** As much of TOML as it takes to look up a string or a list of strings in a section of somebody's pyproject.toml. */

/** The lines of `[section]`, or of the head of the file for "". null when there is no such section. */
export function tomlSection(source: string, section: string): string | null {
  const headings = [...source.matchAll(/^[ \t]*\[+[ \t]*([^\]\r\n]+?)[ \t]*\]+[ \t]*(?:#.*)?$/gm)];
  const first = headings[0]?.index ?? source.length;
  if (section === '') return source.slice(0, first);
  const at = headings.findIndex((heading) => heading[1]?.replace(/["\s]/g, '') === section);
  const heading = headings[at];
  if (heading === undefined) return null;
  return source.slice(heading.index + heading[0].length, headings[at + 1]?.index ?? source.length);
}

const STRING = /'''(?:\r?\n)?([\s\S]*?)'''|"""(?:\r?\n)?([\s\S]*?)"""|'([^'\r\n]*)'|"((?:[^"\\\r\n]|\\.)*)"/;

/** `key = "…"` in the lines of a section, single, multi-line and literal strings alike. */
export function tomlString(lines: string, key: string): string | null {
  const value = valueOf(lines, key);
  const match = value === null ? null : new RegExp(`^(?:${STRING.source})`).exec(value);
  return match === null ? null : stringOf(match);
}

/** `key = ["…", "…"]` in the lines of a section. */
export function tomlStrings(lines: string, key: string): readonly string[] | null {
  const value = valueOf(lines, key);
  if (value?.startsWith('[') !== true) return null;
  const end = closing(value);
  return [...value.slice(1, end).matchAll(new RegExp(`#[^\\n]*|${STRING.source}`, 'g'))]
    .filter((match) => !match[0].startsWith('#'))
    .map(stringOf);
}

function valueOf(lines: string, key: string): string | null {
  const match = new RegExp(`^[ \\t]*"?${key}"?[ \\t]*=[ \\t]*`, 'm').exec(lines);
  return match === null ? null : lines.slice(match.index + match[0].length);
}

/** Where the list ends: brackets within strings and comments do not count. */
function closing(value: string): number {
  const parts = value.matchAll(new RegExp(`#[^\\n]*|${STRING.source}|\\]`, 'g'));
  for (const part of parts) if (part[0] === ']') return part.index;
  return value.length;
}

function stringOf(match: RegExpMatchArray | RegExpExecArray): string {
  const literal = match[1] ?? match[3];
  if (literal !== undefined) return literal;
  return (match[2] ?? match[4] ?? '').replace(
    /\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n\s*|.)/g,
    (_, escape: string) => {
      if (/^[uU]/.test(escape)) return String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
      return ESCAPES[escape] ?? (escape.trim() === '' ? '' : escape);
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
