// Loaded before the command: kills it at its so-manieth change of a name on disk since it began to write, or just after it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.DIE_AT ?? '0');
const state = { begun: false, count: 0 };

function note() {
  state.count += 1;
  if (process.env.DIE_COUNT !== undefined) fs.writeFileSync(process.env.DIE_COUNT, String(state.count));
  if (state.count === at) process.kill(process.pid, 'SIGKILL');
}

function watch(holder, name) {
  const original = holder[name];
  holder[name] = (...args) => {
    state.begun ||= args.some((arg) => /\.quality-\d|unproven\.json/.test(String(arg)));
    if (!state.begun) return original.apply(holder, args);
    note();
    const result = original.apply(holder, args);
    if (!(result instanceof Promise)) {
      note();
      return result;
    }
    return result.then((value) => {
      note();
      return value;
    });
  };
}

if (process.env.QUALITY_WORKER === undefined && process.argv.includes('hook')) {
  for (const name of ['rename', 'link', 'rm', 'unlink', 'writeFile', 'utimes']) watch(fs.promises, name);
  for (const name of ['renameSync', 'linkSync', 'unlinkSync']) watch(fs, name);
  syncBuiltinESMExports();
}
