/**
 * Names as git has them: bytes, of any encoding. Each byte is one character of a `RawPath` (Latin-1), so that names which
 * are no valid UTF-8 survive, and offsets in git's output are those of the bytes.
 */
export type RawPath = string;

export function rawPath(path: string): RawPath {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** For people and for the rest of the program. */
export function readablePath(raw: RawPath): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}

/** What the system takes for the file's name. */
export function filePath(folder: string, raw: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`, 'utf8'), Buffer.from(raw, 'latin1')]);
}

export function rawList(output: Buffer): RawPath[] {
  const text = output.toString('latin1');
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

export function rawInput(paths: readonly RawPath[], end: '\0' | '\n'): Buffer {
  return Buffer.from(paths.map((path) => path + end).join(''), 'latin1');
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n' };

/** As git reads names that are not ended by NUL. */
export function quotePath(raw: RawPath): string {
  return `"${raw.replace(/["\\\n]/g, (char) => ESCAPES[char] ?? char)}"`;
}
