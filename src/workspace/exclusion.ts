/** What is left out by name alone, before anything is read. */
import picomatch from 'picomatch';
import type { ExcludedFile } from '../model/file.js';
import { folderOf } from '../host/paths.js';

/** The pattern that leaves a path out, or null. */
export type PatternTest = (path: string) => string | null;

interface Pattern {
  readonly text: string;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  readonly matches: (path: string) => boolean;
}

/**
 * Patterns read as in a .gitignore: without a slash they mean a name at any depth, a folder takes all below it along,
 * the last match decides, and `!` takes back.
 */
export function patternTest(patterns: readonly string[]): PatternTest {
  const compiled = patterns.map(compile);
  const folders = new Map<string, string | null>([['', null]]);
  const decide = (path: string, isFolder: boolean): string | null => {
    const last = compiled.findLast((each) => (isFolder || !each.foldersOnly) && each.matches(path));
    return last === undefined || last.negated ? null : last.text;
  };
  const folder = (path: string): string | null => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const answer = folder(folderOf(path)) ?? decide(path, true);
    folders.set(path, answer);
    return answer;
  };
  return compiled.length === 0 ? () => null : (path) => folder(folderOf(path)) ?? decide(path, false);
}

function compile(text: string): Pattern {
  const negated = text.startsWith('!');
  const bare = negated ? text.slice(1) : text;
  const foldersOnly = bare.endsWith('/');
  const glob = bare.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  const anywhere = !bare.replace(/\/+$/, '').includes('/');
  const matcher = picomatch(glob, { dot: true, nonegate: true });
  const matches = anywhere ? (path: string) => matcher(path.slice(path.lastIndexOf('/') + 1)) : matcher;
  return { text, negated, foldersOnly, matches: (path) => matches(path) };
}

/** Only those that are never text: the others are looked into. */
const BINARY_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'png jpg jpeg jfif gif webp avif heic ico icns bmp tif tiff psd sketch xcf ' +
    'woff woff2 ttf otf eot ttc mp3 mp4 m4a m4v mov avi mkv webm ogg ogv oga wav flac aac opus ' +
    'zip gz tgz bz2 xz zst br 7z rar tar jar war ear apk ipa aar whl egg gem nupkg deb rpm dmg iso ' +
    'pdf doc docx xls xlsx ppt pptx odt ods odp exe dll so dylib wasm pyc pyo ' +
    'sqlite sqlite3 parquet arrow npy npz pkl onnx safetensors lockb p12 pfx keystore jks'
  ).split(' '),
);

export function binaryByName(path: string): ExcludedFile | null {
  const dot = path.lastIndexOf('.');
  const extension = path.slice(dot + 1).toLowerCase();
  if (dot < 0 || !BINARY_EXTENSIONS.has(extension)) return null;
  return { path, reason: 'binary', detail: `.${extension} file` };
}

/** Never listed, not even as left out: git's own and ours. */
export function isHidden(path: string): boolean {
  return /(?:^|\/)(?:\.git|\.quality)(?:\/|$)/.test(path);
}

/** "12.4 MiB". */
function readableSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kibibytes = bytes / 1024;
  return kibibytes < 1024 ? `${kibibytes.toFixed(1)} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`;
}

export function tooLarge(path: string, size: number, limit: number): ExcludedFile {
  return { path, reason: 'too-large', detail: `${readableSize(size)}, over maxFileSize ${readableSize(limit)}` };
}
