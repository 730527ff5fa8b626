import { type Finding, data } from './data.js';
import { h } from './dom.js';

/** The lines around a finding, the range marked; says so where the text is not there. */
export function sourceOf({ path, line, column, endLine, endColumn }: Finding): HTMLElement {
  const lines = Object.entries(data.sources[path] ?? {})
    .map(([number, text]) => [Number(number), text] as const)
    .filter(([number]) => number >= line - 2 && number <= Math.max(line, endLine) + 2)
    .slice(0, 12);
  if (line === 0) return h('p', { class: 'quiet' }, 'This is about the file as a whole.');
  if (lines.length === 0) return h('p', { class: 'quiet' }, 'The source is not in this report.');
  const rows = lines.map(([number, text]) => {
    const isMarked = number >= line && number <= Math.max(line, endLine);
    const from = number === line ? column - 1 : 0;
    const to =
      number === endLine && endColumn > 0 ? endColumn - 1 : endLine > number ? text.length : endOfWord(text, from);
    return h(
      'span',
      { class: isMarked ? 'line marked' : 'line' },
      h('span', { class: 'number' }, String(number)),
      ...(isMarked
        ? [
            text.slice(0, from),
            h('mark', {}, text.slice(from, Math.max(to, from + 1))),
            text.slice(Math.max(to, from + 1)),
          ]
        : [text]),
      '\n',
    );
  });
  return h('pre', { class: 'source', tabindex: 0, role: 'group', 'aria-label': 'Source' }, h('code', {}, ...rows));
}

/** Where a tool names only where it begins. */
function endOfWord(text: string, from: number): number {
  return from + Math.max(1, /^[\w$]*/.exec(text.slice(from))?.[0].length ?? 1);
}

const KINDS: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'hunk' };
const MOST_LINES = 400;

/** A unified diff without the lines that name the file, which stands above it. */
export function diffOf(patch: string | null, path: string): HTMLElement {
  if (patch === null)
    return h(
      'p',
      { class: 'quiet' },
      'The diff is too long to be shown here: ',
      h('code', {}, 'quality diff'),
      ' prints it.',
    );
  const lines = patch.replace(/\n$/, '').split('\n');
  const first = Math.max(
    0,
    lines.findIndex((line) => line.startsWith('@@') || line.startsWith('Binary')),
  );
  const shown = lines.slice(first, first + MOST_LINES);
  const rest = lines.length - first - shown.length;
  const rows = shown.map((line) => h('span', { class: `line ${KINDS[line[0] ?? ''] ?? ''}` }, `${line}\n`));
  return h(
    'pre',
    { class: 'source diff', tabindex: 0, role: 'group', 'aria-label': `Diff of ${path}` },
    h('code', {}, ...rows, ...(rest > 0 ? [`… and ${String(rest)} more lines`] : [])),
  );
}
