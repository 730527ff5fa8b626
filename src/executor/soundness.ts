/**
 * The syntax gate: what parsed before must parse after, whatever else decides later. Looked at as soon as it is known what a
 * file becomes, while tools are at work on others.
 */
import { setImmediate } from 'node:timers/promises';
import { readIfThere } from '../host/disk.js';
import { absolutePath } from '../host/paths.js';
import type { Edit } from '../model/edit.js';
import type { FileOutcome } from '../model/job.js';
import { parses } from '../tools/syntax.js';
import type { RunContext } from './context.js';

export interface Soundness {
  /** What these files become will be asked about. */
  readonly look: (files: readonly FileOutcome[]) => void;
  readonly parses: (path: string, after: Uint8Array) => Promise<boolean>;
}

export function createSoundness(): Soundness {
  const known = new WeakMap<Uint8Array, boolean>();
  const look = async (path: string, after: Uint8Array): Promise<boolean> => {
    const answer = known.get(after) ?? (await parses(path, after));
    known.set(after, answer);
    return answer;
  };
  return {
    look: (files) => {
      const all = async (): Promise<void> => {
        for (const { path, after } of files) {
          if (after === undefined) continue;
          await look(path, after);
          // Workers wait for what they get next.
          await setImmediate();
        }
      };
      // What goes wrong here goes wrong again when it is asked for, and is told then.
      void all().catch(() => undefined);
    },
    parses: look,
  };
}

/**
 * False only when the text before the edit parses and the text after it does not: a dialect that the parser does not know
 * (Flow, say) fails both ways and says nothing about the edit.
 */
export async function stillParses({ path, after }: Edit, context: RunContext): Promise<boolean> {
  if (after === null || (await context.soundness.parses(path, after))) return true;
  const before = await contentNow(path, context);
  return before !== null && !(await parses(path, before));
}

export async function contentNow(path: string, { tree, root }: RunContext): Promise<Uint8Array | null> {
  return tree.get(path)?.content ?? readIfThere(absolutePath(root, path));
}
