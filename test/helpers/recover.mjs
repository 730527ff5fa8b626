/** Recovers every unfinished run of a target. Arguments: bundle, root. */
const [, , bundle, root] = process.argv;
const { findUnfinished, recoverRun } = await import(bundle);
console.log('begin');
for (const run of await findUnfinished(root)) await recoverRun(root, run);
console.log('recovered');
