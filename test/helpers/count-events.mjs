/**
 * Loaded before everything else (NODE_OPTIONS=--import=…): notes what each Node process does, from outside of it. One line
 * of JSON for each event goes to the file named in COUNT_EVENTS.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import module, { register, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const log = process.env.COUNT_EVENTS;
const append = fs.appendFileSync;
const own = process.pid;

function note(kind, what) {
  append(log, `${JSON.stringify({ pid: own, kind, what })}\n`);
}

function wrap(object, name, before) {
  const original = object[name];
  object[name] = Object.assign(function (...words) {
    before(...words);
    return Reflect.apply(original, this, words);
  }, original);
}

const noteRead = (path) => {
  if (typeof path === 'string') note('read', path);
  else if (path instanceof URL) note('read', fileURLToPath(path));
  else if (path instanceof Uint8Array) note('read', Buffer.from(path).toString('utf8'));
};
for (const name of ['readFile', 'readFileSync', 'open', 'openSync', 'createReadStream']) wrap(fs, name, noteRead);
for (const name of ['readFile', 'open']) wrap(fs.promises, name, noteRead);

// All ways but the synchronous ones go through this method.
wrap(childProcess.ChildProcess.prototype, 'spawn', ({ file, args }) => note('process', [file, ...args.slice(1)]));
for (const name of ['spawnSync', 'execFileSync', 'execSync'])
  wrap(childProcess, name, (file, words) => note('process', [file, ...(Array.isArray(words) ? words : [])]));
syncBuiltinESMExports();

for (const extension of ['.js', '.json'])
  wrap(module._extensions, extension, (_module, path) => note('module', pathToFileURL(path).href));
register('./count-modules.mjs', import.meta.url, { data: { log, pid: own } });
