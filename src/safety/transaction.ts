/**
 * The only way into the target: prepare, journal, stage, put in place, close.
 *
 * Whatever happens until the first file is put in place leaves the target untouched; from there until the journal is
 * closed, recovery brings every file back (recover.ts). New contents are complete beside their files before the first is
 * put in place, so a full disk is noticed while nothing has happened yet.
 */
import { realpath } from '../host/disk.js';
import type { Edit } from '../model/edit.js';
import type { Write } from './prepare.js';
import { type Applied, type Transaction, applyWave } from './wave.js';

export type { Changed } from './prepare.js';
export type { Applied, AppliedEdit, Transaction } from './wave.js';

const NOTHING: Applied = { applied: [], changedMeanwhile: [], failures: [] };

/** Edits of one file after another are applied in their order, each on the result of the one before. */
export async function applyEdits(transaction: Transaction, edits: readonly Edit[]): Promise<Applied> {
  return applyWrites(transaction, edits);
}

/** As `applyEdits`, for undo: modes and symlinks can be asked for. */
export async function applyWrites(transaction: Transaction, writes: readonly Write[]): Promise<Applied> {
  const real = { ...transaction, root: await realpath(transaction.root) };
  let sum = NOTHING;
  for (const wave of waves(writes)) {
    const applied = await applyWave(real, wave);
    sum = {
      applied: [...sum.applied, ...applied.applied],
      changedMeanwhile: [...sum.changedMeanwhile, ...applied.changedMeanwhile],
      failures: [...sum.failures, ...applied.failures],
    };
  }
  return sum;
}

/** Each holds no path twice. */
function waves(writes: readonly Write[]): Write[][] {
  const seen = new Map<string, number>();
  const result: Write[][] = [];
  for (const write of writes) {
    const number = seen.get(write.path) ?? 0;
    seen.set(write.path, number + 1);
    (result[number] ??= []).push(write);
  }
  return result;
}
