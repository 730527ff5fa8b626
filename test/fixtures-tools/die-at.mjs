// Loaded before the command: kills it at its so-manieth change of a name on disk since it began to write, or just after it;
// or holds it at the so-manieth that has to do with such a name (`index.lock#2`), until the file that says so is taken away.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.DIE_AT ?? '0');
const holds = (process.env.HOLD_AT ?? '').split(' ').flatMap((one, index) => {
  const [name, number] = one.split('#');
  return number === undefined ? [] : { index, name, left: Number(number) };
});
const state = { begun: false, count: 0 };
const LONGEST_MS = 3000;

function note(names) {
  holdAt(names);
  if (!state.begun) return;
  state.count += 1;
  if (process.env.DIE_COUNT !== undefined) fs.writeFileSync(process.env.DIE_COUNT, String(state.count));
  if (state.count === at) process.kill(process.pid, 'SIGKILL');
}

function holdAt(names) {
  for (const one of holds) {
    if (!names.includes(one.name)) continue;
    one.left -= 1;
    if (one.left === 0) hold(`${process.env.HOLD_FILE}-${String(one.index)}`);
  }
}

function hold(file) {
  fs.writeFileSync(file, '');
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (const end = Date.now() + LONGEST_MS; fs.existsSync(file) && Date.now() < end;) Atomics.wait(clock, 0, 0, 1);
}

function watch(holder, name) {
  const original = holder[name];
  holder[name] = (...args) => {
    // Of files that are opened only those that are to be written over.
    if (name === 'open' && args[1] !== 'r+') return original.apply(holder, args);
    state.begun ||= args.some((arg) => /\.quality-\d|unproven\.json/.test(String(arg)));
    const names = name.startsWith('writeFile') ? String(args[0]) : args.slice(0, 2).map(String).join(' ');
    note(names);
    const result = original.apply(holder, args);
    if (!(result instanceof Promise)) {
      note(names);
      return result;
    }
    return result.then((value) => {
      note(names);
      return value;
    });
  };
}

if (process.env.QUALITY_WORKER === undefined && process.argv.includes('hook')) {
  for (const name of ['open', 'rename', 'link', 'rm', 'unlink', 'writeFile', 'utimes']) watch(fs.promises, name);
  for (const name of ['renameSync', 'linkSync', 'unlinkSync']) watch(fs, name);
  syncBuiltinESMExports();
}
