// Writes files in the current folder, as told by pairs of path and content.
import { writeFileSync } from 'node:fs';

const words = process.argv.slice(2);
for (let at = 0; at < words.length; at += 2) writeFileSync(words[at], words[at + 1]);
