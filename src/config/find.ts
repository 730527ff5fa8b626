/** Which files hold the config, and their text. */
import { errorCode, exists, isAbsent, readdir, readFile } from '../host/disk.js';
import { basename, dirname, join, workspacePath } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import type { Source } from './mistake.js';
import { nearest } from './suggest.js';

export const CONFIG_FILE = '.quality-config.json';
const MANIFEST = 'package.json';
const MANIFEST_KEY = 'quality';

/** A file that holds a config. */
export interface FoundSource extends Source {
  /** Relative to the root; null when it lies outside. */
  readonly path: string | null;
}

/** The named file, or those that the root holds: none, one, or two at once, which is the caller's to refuse. */
export async function findSources(
  root: string,
  file?: string,
): Promise<Result<readonly FoundSource[], readonly Failure[]>> {
  if (file !== undefined) return findNamed(root, file);
  const [own, manifest] = await Promise.all([readSource(root, join(root, CONFIG_FILE)), readManifest(root)]);
  const failures = [own, manifest].flatMap((read) => (read.ok ? [] : [read.failure]));
  if (failures.length > 0) return failed(failures);
  return success([own, manifest].flatMap((read) => (read.ok && read.value !== null ? [read.value] : [])));
}

async function findNamed(root: string, file: string): Promise<Result<readonly FoundSource[], readonly Failure[]>> {
  const read = await readSource(root, file);
  if (!read.ok) return failed([read.failure]);
  return read.value === null ? failed([await missing(root, file)]) : success([read.value]);
}

async function missing(root: string, file: string): Promise<Failure> {
  const names = await readdir(dirname(file)).catch(() => []);
  const near = nearest(basename(file), names);
  return {
    kind: 'config-invalid',
    message: `${nameOf(root, file)}: there is no such file`,
    ...(near === null ? {} : { detail: `did you mean \`${nameOf(root, join(dirname(file), near))}\`?` }),
    next: 'Name an existing file with `--config`.',
  };
}

async function readManifest(root: string): Promise<Result<FoundSource | null>> {
  const read = await readSource(root, join(root, MANIFEST));
  // A folder of that name is no manifest; that is not ours to complain about.
  if (!read.ok) return read.failure.message.endsWith(IS_FOLDER) ? success(null) : read;
  return success(read.value !== null && holdsConfig(read.value.text) ? read.value : null);
}

/** A manifest that is no JSON at all may hold a config: then its mistakes of syntax are told, and nothing is assumed. */
function holdsConfig(text: string): boolean {
  if (!/"quality"\s*:/.test(text)) return false;
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null && Object.hasOwn(manifest, MANIFEST_KEY);
  } catch {
    return true;
  }
}

const IS_FOLDER = 'this is a folder, not a file';

async function readSource(root: string, file: string): Promise<Result<FoundSource | null>> {
  const name = nameOf(root, file);
  const bytes = await readBytes(file);
  if (bytes === null) return success(null);
  if (typeof bytes === 'string') return failed(unreadable(name, bytes));
  const text = decode(bytes);
  if (text === null) return failed(unreadable(name, 'this is not UTF-8 text'));
  const base = basename(file) === MANIFEST ? [MANIFEST_KEY] : [];
  return success({ name, text, base, path: workspacePath(root, file) });
}

/** Null: there is none. A string: there is one, and this is why it cannot be read. */
async function readBytes(file: string): Promise<Buffer | string | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === 'EISDIR') return IS_FOLDER;
    if (!isAbsent(error)) return `it cannot be read (${errorCode(error) ?? String(error)})`;
    // A link that leads nowhere or in a circle was meant to be a config: to go on without it would be a guess.
    return (await exists(file)) ? 'this link leads nowhere' : null;
  }
}

function unreadable(name: string, problem: string): Failure {
  return { kind: 'config-invalid', message: `${name}: ${problem}` };
}

/** Without a byte order mark, which is no part of the text: editors do not count it either. */
function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function nameOf(root: string, file: string): string {
  return workspacePath(root, file) ?? file;
}
