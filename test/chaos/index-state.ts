/** What git would commit, and what it has committed: entries by path, as `mode oid stage`. */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.js';

export type Entries = ReadonlyMap<string, string>;

export interface IndexState {
  readonly index: Entries;
  /** The commit, and what is in it; null before the first. */
  readonly head: string | null;
  readonly committed: Entries;
}

export function indexStateOf(top: string): IndexState {
  const head = headOf(top);
  return {
    index: entriesOf(git(top, ['ls-files', '-z', '--stage']), ([mode, oid, stage]) => `${mode} ${oid} ${stage}`),
    head,
    committed: head === null ? new Map() : committedIn(top, head),
  };
}

function committedIn(top: string, commit: string): Entries {
  return entriesOf(git(top, ['ls-tree', '-r', '-z', commit]), ([mode, , oid]) => `${mode} ${oid} 0`);
}

function headOf(top: string): string | null {
  try {
    return git(top, ['rev-parse', '--verify', '--quiet', 'HEAD']).trim();
  } catch {
    return null;
  }
}

type Columns = readonly [string, string, string];

function entriesOf(listed: string, said: (columns: Columns) => string): Entries {
  const lines = listed.split('\0').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      return [line.slice(tab + 1), said(line.slice(0, tab).split(' ') as unknown as Columns)];
    }),
  );
}

export function oidOf(entry: string | null | undefined): string | null {
  return entry?.split(' ')[1] ?? null;
}

export function modeOf(entry: string | undefined): string | null {
  return entry?.split(' ')[0] ?? null;
}

/** Paths on which the two are not the same. */
export function differing(a: Entries, b: Entries): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}

/** A file as it stands on disk; null where there is none. */
export interface DiskFile {
  readonly bytes: Buffer;
  readonly isLink: boolean;
}

export function diskFile(path: string): DiskFile | null {
  try {
    const isLink = lstatSync(path).isSymbolicLink();
    return { bytes: isLink ? Buffer.from(readlinkSync(path)) : readFileSync(path), isLink };
  } catch {
    return null;
  }
}

export function diskFiles(top: string, paths: Iterable<string>): Map<string, DiskFile | null> {
  return new Map([...paths].map((path) => [path, diskFile(join(top, path))]));
}

/** What git would stage of it. */
export function cleanedOid(top: string, path: string, file: DiskFile | null): string | null {
  if (file === null) return null;
  const how = file.isLink ? ['--no-filters'] : ['--path', path];
  return git(top, ['hash-object', '--stdin', ...how], file.bytes).trim();
}
