import type { Language } from './language.js';

/** Why a file is left out of everything. */
export type ExclusionReason =
  'too-large' | 'binary' | 'excluded' | 'outside' | 'unreadable' | 'not-a-file' | 'not-utf8' | 'filtered';

export interface ExcludedFile {
  readonly path: string;
  readonly reason: ExclusionReason;
  /** In words for people: "12.4 MiB, over maxFileSize 10 MiB". */
  readonly detail: string;
}

/** Why a file is verified but never written by us. */
export interface Protection {
  readonly kind: 'generated' | 'vendored' | 'symlink';
  /** What shows it: ".gitattributes: linguist-generated", "marker in line 1: @generated". */
  readonly evidence: string;
}

export interface FileFacts {
  /** Relative to the workspace root, `/` between folders, exactly as git or the disk spells it. */
  readonly path: string;
  /** Of the raw bytes on disk, as `git hash-object --no-filters` would say (SHA-1). */
  readonly hash: string;
  readonly size: number;
  readonly language: Language | null;
  /** Folder of the nearest package.json above the file, relative to the root; "" is the root. */
  readonly package: string;
  readonly protection?: Protection;
}

export interface PackageFacts {
  /** Relative to the workspace root; "" is the root. */
  readonly dir: string;
  readonly name: string | null;
  /** The parsed package.json; null when it does not parse. */
  readonly manifest: Readonly<Record<string, unknown>> | null;
}
