/** A run's edits as one unified diff that `git apply` takes. */
import type { EditRecord } from './model/edit.js';

const DEVICE_NULL = '/dev/null';

/** `contentOf` gives the bytes of a hash; both sides of every edit must be known to it. */
export async function patchOf(
  edits: readonly EditRecord[],
  contentOf: (hash: string) => Promise<Uint8Array>,
): Promise<string> {
  const parts: string[] = [];
  for (const edit of edits) {
    // The log does not say which permissions were changed to which.
    if (edit.before === edit.after) continue;
    const [before, after] = await Promise.all([sideOf(edit.before, contentOf), sideOf(edit.after, contentOf)]);
    parts.push(await filePatch(edit.path, before, after));
  }
  return parts.join('');
}

/** null: there is no file on this side. */
type Side = { readonly text: string } | 'binary' | null;

async function sideOf(hash: string | null, contentOf: (hash: string) => Promise<Uint8Array>): Promise<Side> {
  if (hash === null) return null;
  const bytes = await contentOf(hash);
  return bytes.includes(0) ? 'binary' : { text: Buffer.from(bytes).toString('utf8') };
}

async function filePatch(path: string, before: Side, after: Side): Promise<string> {
  const { structuredPatch } = await import('diff');
  const header = [`diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}`];
  if (before === null) header.push('new file mode 100644');
  if (after === null) header.push('deleted file mode 100644');
  const oldName = before === null ? DEVICE_NULL : quoted(`a/${path}`);
  const newName = after === null ? DEVICE_NULL : quoted(`b/${path}`);
  if (before === 'binary' || after === 'binary')
    return `${header.join('\n')}\nBinary files ${oldName} and ${newName} differ\n`;
  const { hunks } = structuredPatch(path, path, before?.text ?? '', after?.text ?? '', '', '', { context: 3 });
  if (hunks.length === 0) return `${header.join('\n')}\n`;
  const lines = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  // A tab after a name with blanks is how git tells where the name ends.
  const named = (name: string): string => (name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name);
  return `${[...header, `--- ${named(oldName)}`, `+++ ${named(newName)}`, ...lines].join('\n')}\n`;
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
