/** A run's edits as one unified diff that `git apply` takes. */
import { isUtf8 } from 'node:buffer';
import type { EditRecord } from './model/edit.js';

const DEVICE_NULL = '/dev/null';
const SYMLINK = '120000';

type ContentOf = (hash: string) => Promise<Uint8Array>;

/** `contentOf` gives the bytes of a hash; both sides of every edit must be known to it. */
export async function patchOf(edits: readonly EditRecord[], contentOf: ContentOf): Promise<string> {
  const parts: string[] = [];
  for (const edit of edits) {
    const [before, after] = await sidesOf(edit, contentOf);
    // As git has it: a symlink does not become a file; it goes, and the file comes.
    const isReplaced = before?.mode === SYMLINK && after !== null;
    parts.push(await filePatch(edit.path, before, isReplaced ? null : after));
    if (isReplaced) parts.push(await filePatch(edit.path, null, after));
  }
  return parts.join('');
}

/** A file on one side of the diff, its mode as git has it; `text` is null for bytes that are none. null: there is no file. */
type Side = { readonly hash: string | null; readonly mode: string; readonly text: string | null } | null;

async function sidesOf({ before, after, modes, link }: EditRecord, contentOf: ContentOf): Promise<[Side, Side]> {
  const old = before === null ? null : link === undefined ? await contentOf(before) : Buffer.from(link, 'utf8');
  const now = after === null ? null : await contentOf(after);
  return [sideOf(old, link ?? before, modes.before), sideOf(now, after, modes.after)];
}

function sideOf(bytes: Uint8Array | null, hash: string | null, mode: string | null): Side {
  if (bytes === null) return null;
  const isText = !bytes.includes(0) && isUtf8(bytes);
  return { hash, mode: gitMode(mode), text: isText ? Buffer.from(bytes).toString('utf8') : null };
}

const OWNER_EXECUTES = 0o100;

/** git knows of no permission but the exec bit. */
function gitMode(mode: string | null): string {
  if (mode === null || mode === SYMLINK) return mode ?? '100644';
  return (Number.parseInt(mode, 8) & OWNER_EXECUTES) === 0 ? '100644' : '100755';
}

async function filePatch(path: string, before: Side, after: Side): Promise<string> {
  const oldName = before === null ? DEVICE_NULL : quoted(`a/${path}`);
  const newName = after === null ? DEVICE_NULL : quoted(`b/${path}`);
  const header = [`diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}`, ...modeLines(before, after)];
  const lines = await contentLines([oldName, before], [newName, after]);
  // Neither content nor what git can see of the mode.
  return header.length + lines.length === 1 ? '' : `${[...header, ...lines].join('\n')}\n`;
}

type Named<T> = readonly [name: string, what: T];

async function contentLines([oldName, before]: Named<Side>, [newName, after]: Named<Side>): Promise<string[]> {
  if (before?.hash === after?.hash) return [];
  const isBinary = before?.text === null || after?.text === null;
  if (isBinary) return [`Binary files ${oldName} and ${newName} differ`];
  return textLines([oldName, before?.text ?? ''], [newName, after?.text ?? '']);
}

function modeLines(before: Side, after: Side): string[] {
  if (before === null) return [`new file mode ${after?.mode ?? ''}`];
  if (after === null) return [`deleted file mode ${before.mode}`];
  return before.mode === after.mode ? [] : [`old mode ${before.mode}`, `new mode ${after.mode}`];
}

/** Empty where there is no difference. */
async function textLines([oldName, oldText]: Named<string>, [newName, newText]: Named<string>): Promise<string[]> {
  const { structuredPatch } = await import('diff');
  const { hunks } = structuredPatch(oldName, newName, oldText, newText, '', '', { context: 3 });
  if (hunks.length === 0) return [];
  const lines = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  // A tab after a name with blanks is how git tells where the name ends.
  const named = (name: string): string => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);
  return [`--- ${named(oldName)}`, `+++ ${named(newName)}`, ...lines];
}

function range(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${String(start)},${String(lines)}`;
}

/** As git quotes names (core.quotePath=false): only control characters, quotes and backslashes make it necessary. */
function quoted(name: string): string {
  if (!/[\u0000-\u001F\u007F"\\]/.test(name)) return name;
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };
  const escaped = name.replace(
    /[\u0000-\u001F\u007F"\\]/g,
    (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
