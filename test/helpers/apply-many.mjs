/** Applies the edits in a JSON file (contents as base64), saying so before and after. Arguments: bundle, root, runDir, file, mark. */
import { readFileSync } from 'node:fs';
const [, , bundle, root, runDir, file, mark] = process.argv;
const { applyEdits, markRun } = await import(bundle);
const edits = JSON.parse(readFileSync(file, 'utf8')).map((edit) => ({
  ...edit,
  after: edit.after === null ? null : Buffer.from(edit.after, 'base64'),
}));
if (mark === 'mark') await markRun(runDir);
console.log('begin');
await applyEdits({ root, runDir, name: 'killed' }, edits);
console.log('applied');
setInterval(() => undefined, 1000);
