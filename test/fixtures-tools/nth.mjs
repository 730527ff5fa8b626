// A test that fails at its n-th calls: node nth.mjs <file that counts> <n>[,<n>…]
import { appendFileSync, readFileSync } from 'node:fs';

const [counter, failing] = process.argv.slice(2);
appendFileSync(counter, '.');
const call = readFileSync(counter, 'utf8').length;
if (failing.split(',').includes(String(call))) {
  console.log('not ok 1 - sometimes');
  process.exitCode = 1;
}
