/** Notes each module that is loaded by `import`. */
import { appendFileSync } from 'node:fs';

const settings = { log: '', pid: 0 };

export function initialize(given) {
  Object.assign(settings, given);
}

export function load(url, context, next) {
  if (url.startsWith('file:'))
    appendFileSync(settings.log, `${JSON.stringify({ pid: settings.pid, kind: 'module', what: url })}\n`);
  return next(url, context);
}
