/** A job in lefthook's file, where that can be done without knowing more of YAML than that lines stand for themselves. */
import { type Manager, lefthookJob } from './managers.js';

const BEGIN = '# >>> quality hook';
const END = '# <<< quality hook';

/** The file with a section of ours at its end; null where that is not certain to mean what it should. */
export function withLefthookJob({ file, text }: Manager, hook: string): string | null {
  if (!/\.ya?ml$/.test(file) || !isPlain(text) || hasKey(text, hook)) return null;
  const note = text === '' || text.endsWith('\n') ? '' : ' (line end added by it)';
  const section = [`${BEGIN} ${hook}${note}`, ...lefthookJob(hook), END, ''].join('\n');
  return `${text}${note === '' ? '' : '\n'}${section}`;
}

/** The file as it was before. */
export function withoutLefthookJob(text: string, hook: string): string | null {
  const match = new RegExp(`^${BEGIN} ${hook}( \\(.*\\))?\\n[^]*?^${END}\\n`, 'm').exec(text);
  if (match === null) return null;
  const before = text.slice(0, match.index);
  return (match[1] === undefined ? before : before.replace(/\n$/, '')) + text.slice(match.index + match[0].length);
}

/** One mapping in block style: every line at the left edge is a key, a comment or the end of a list below a key. */
function isPlain(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => /^\S/.test(line) && !line.startsWith('#'));
  return (
    !text.includes('\r') && lines.every((line) => /^(?:[\w-]+:(?:\s|$)|- )/.test(line)) && !endsInBlockScalar(text)
  );
}

/** A comment behind a block scalar would end it as well as a key does, but a file that ends so is left to its owner. */
function endsInBlockScalar(text: string): boolean {
  const keys = text.split('\n').filter((line) => /^\s*[\w-]+:/.test(line));
  return /[|>][+-]?\s*$/.test(keys.at(-1) ?? '');
}

function hasKey(text: string, key: string): boolean {
  return new RegExp(`^(['"]?)${key}\\1\\s*:`, 'm').test(text);
}
