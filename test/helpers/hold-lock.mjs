/** Takes a lock, says so, and holds it until it is killed. Arguments: bundle, folder, mode. */
const [, , bundle, folder, mode] = process.argv;
const { acquireLock } = await import(bundle);
const lock = await acquireLock({ folder, mode, what: 'quality run --held', timeoutMs: 10_000 });
console.log(lock.ok ? 'held' : lock.failure.message);
setInterval(() => undefined, 1000);
