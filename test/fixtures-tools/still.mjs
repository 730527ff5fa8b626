// Fails when the file grows while nobody should be writing to it any more.
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const before = statSync(process.argv[2]).size;
await sleep(500);
if (statSync(process.argv[2]).size > before) process.exitCode = 1;
