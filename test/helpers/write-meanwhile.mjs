/**
 * Plays a user who writes every third file of a folder while the new contents are put in place. Arguments: folder, number of
 * files, how (`in-place`, or `rename` as editors do).
 */
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
const [, , root, count, how] = process.argv;
console.log('watching');
const waiting = () => readdirSync(root).filter((name) => name.startsWith('.quality-')).length;
while (waiting() < Number(count) * 0.9);
for (let number = 0; number < Number(count); number += 3) {
  const pause = performance.now() + 0.1;
  while (performance.now() < pause);
  const temp = how === 'rename' ? `${root}/typed-${number}` : `${root}/f${number}`;
  writeFileSync(temp, `user ${number}`);
  if (how === 'rename') renameSync(temp, `${root}/f${number}`);
}
