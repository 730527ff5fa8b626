// Ignores TERM and never ends; so do its child and a grandchild in a session of its own, which go on writing to the file
// that is named first. With `leave`, the program itself ends at once and leaves the others behind.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const [file, role = 'leader'] = process.argv.slice(2);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
const again = (next, options) => spawn(process.execPath, [import.meta.filename, file, next], options);
if (role === 'leader' || role === 'leave') again('child', { stdio: 'inherit' });
if (role === 'child') again('grandchild', { stdio: 'inherit', detached: true });
if (role === 'leave') setTimeout(() => process.exit(0), 300);
setInterval(() => appendFileSync(file, `${role}\n`), 20);
