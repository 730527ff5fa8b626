/**
 * The edits of this run that stand in the target, by file: a stack of contents from the first to the last, so that any of
 * them can be taken back. Contents are blobs in the run's folder; here are only their hashes.
 */
import type { EditRecord } from '../model/edit.js';
import type { AppliedEdit } from '../safety/transaction.js';

export interface Layer extends EditRecord, Pick<AppliedEdit, 'madeFolders' | 'removedFolders'> {
  readonly step: string;
}

/** As the log names it. */
export function recordOf({ path, before, after, modes, link, tools }: Layer): EditRecord {
  return { path, before, after, modes, tools, ...(link === undefined ? {} : { link }) };
}

export interface Ledger {
  /** Where someone else has written in between, what was below is theirs now: nothing goes back beyond what they wrote. */
  readonly add: (layer: Layer) => void;
  /** Layers of a file, first to last. */
  readonly of: (path: string) => readonly Layer[];
  /** Takes the topmost layer away. */
  readonly pop: (path: string) => void;
  readonly paths: () => readonly string[];
}

export function createLedger(): Ledger {
  const stacks = new Map<string, Layer[]>();
  return {
    add: (layer) => {
      const stack = stacks.get(layer.path) ?? [];
      const continues = stack.at(-1)?.after === layer.before;
      stacks.set(layer.path, continues ? [...stack, layer] : [layer]);
    },
    of: (path) => stacks.get(path) ?? [],
    pop: (path) => {
      const stack = stacks.get(path);
      stack?.pop();
      if (stack?.length === 0) stacks.delete(path);
    },
    paths: () => [...stacks.keys()].sort(),
  };
}
