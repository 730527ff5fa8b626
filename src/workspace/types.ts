/** The workspace as everybody sees it. */
import type { Config } from '../config/schema.js';
import type { Repository } from '../git/repository.js';
import type { ExcludedFile, FileFacts, PackageFacts } from '../model/file.js';
import type { AttributesOf } from './attributes.js';
import type { FactsCache } from './facts-cache.js';
import type { Look } from './inspect.js';
import type { PackageManager } from './packages.js';

export interface Workspace {
  /** Absolute, symlinks resolved. */
  readonly root: string;
  readonly repository: Repository | null;
  /** Sorted by path. */
  readonly files: readonly FileFacts[];
  /** Sorted by path. */
  readonly excluded: readonly ExcludedFile[];
  /** Every folder with a package.json. */
  readonly packages: readonly PackageFacts[];
  /** Folders of the packages that the root declares as its workspaces; the root itself is not among them. */
  readonly members: readonly string[];
  readonly packageManager: PackageManager | null;
  /** Files that hold conflict markers, committed ones too; ask `conflictMarkers`. */
  readonly conflicts: readonly ConflictMarker[];
  /** For `refreshFiles` alone. */
  readonly sources: Sources;
}

export interface ConflictMarker {
  readonly path: string;
  readonly line: number;
}

/** What a workspace is made of; kept with it, so that single files can be looked at again. */
export interface Sources {
  readonly root: string;
  readonly repository: Repository | null;
  readonly config: Pick<Config, 'maxFileSize' | 'excludedPatterns'>;
  readonly looks: readonly Look[];
  /** Left out before anything was looked at: submodules, names that are not UTF-8. */
  readonly leftOut: readonly ExcludedFile[];
  /** Paths that git does not vouch for: they may stand on disk otherwise than in the index. */
  readonly changed: ReadonlySet<string>;
  readonly attributes: AttributesOf;
  /** Does any attribute file speak of what matters here? */
  readonly attributesMatter: boolean;
  readonly cache: FactsCache;
  readonly onRead?: (path: string) => void;
}
