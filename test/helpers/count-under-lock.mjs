/** Adds to a number in a file, many times, each time under the lock. Arguments: bundle, folder, file, times. */
import { readFileSync, writeFileSync } from 'node:fs';
const [, , bundle, folder, file, times] = process.argv;
const { acquireLock } = await import(bundle);
for (let done = 0; done < Number(times); done++) {
  const lock = await acquireLock({ folder, mode: 'write', what: 'count', timeoutMs: 30_000 });
  if (!lock.ok) throw new Error(lock.failure.message);
  const number = Number(readFileSync(file, 'utf8'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  writeFileSync(file, String(number + 1));
  console.log('+1');
  await lock.value.release();
}
