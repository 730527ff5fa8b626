// A formatter that upper-cases every *.txt of its folder, while somebody else writes to <target>/<name> so many times.
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [target, name, times, counter] = process.argv.slice(2);
const done = existsSync(counter) ? readFileSync(counter, 'utf8').length : 0;
for (const file of readdirSync('.').filter((one) => one.endsWith('.txt')))
  writeFileSync(file, readFileSync(file, 'utf8').toUpperCase());
if (done < Number(times)) {
  appendFileSync(join(target, name), `by hand ${done}\n`);
  appendFileSync(counter, '.');
}
