/** Adds to a number in a file, many times, each time under the lock. Arguments: bundle, folder, file, times. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
const [, , bundle, folder, file, times] = process.argv;
const { acquireLock } = await import(bundle);
for (let done = 0; done < Number(times); done++) {
  const lock = await acquireLock({ folder, mode: 'write', what: 'count', timeoutMs: 30_000 });
  if (!lock.ok) throw new Error(lock.failure.message);
  const number = Number(readFileSync(file, 'utf8'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  // In one step: who is killed in the middle of it must not leave an empty file.
  writeFileSync(`${file}.${String(process.pid)}`, String(number + 1));
  renameSync(`${file}.${String(process.pid)}`, file);
  console.log('+1');
  await lock.value.release();
}
