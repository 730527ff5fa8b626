import { recoverAll } from '../../recovery.js';
import { sweepTemporaryFolders } from '../../host/temporary-folder.js';
import type { Failure } from '../../model/failure.js';
import { type Target, findTarget } from '../../target.js';
import { count, showPath } from '../../reporters/text.js';
import { refuse } from '../terminal.js';

export interface RecoverFlags {
  readonly force?: boolean;
}

export async function recoverHere(flags: RecoverFlags): Promise<void> {
  const target = await findTarget(process.cwd());
  const failures = target.ok ? await recover(target.value, flags) : [target.failure];
  if (failures.length > 0) refuse(failures);
}

async function recover(target: Target, { force = false }: RecoverFlags): Promise<readonly Failure[]> {
  await sweepTemporaryFolders();
  const recovered = await recoverAll(target, { mode: 'write', what: 'quality recover', force });
  if (!recovered.ok) return recovered.failure;
  if (recovered.value.length === 0) process.stdout.write('Nothing to recover: every run here has ended in order\n');
  for (const { what, restored, leftAlone } of recovered.value) {
    process.stdout.write(`${what} was cut off: ${count(restored.length, 'file')} brought back\n`);
    for (const path of restored) process.stdout.write(`  ${showPath(path)}\n`);
    for (const path of leftAlone)
      process.stdout.write(`  left alone, changed since by someone else: ${showPath(path)}\n`);
  }
  return recovered.value.flatMap((one) => one.failures);
}
