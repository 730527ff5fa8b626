/** Which files the code in this process reads: what a tool looked at besides the text it was given. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = ['readFile', 'readFileSync', 'open', 'openSync', 'createReadStream'];
const FOLDERS = ['readdir', 'readdirSync', 'opendir', 'opendirSync'];

export type ReadKind = 'file' | 'folder';

/**
 * Hears of every file and folder that is opened by its name from now on, before it is opened. What Node itself loads by
 * `import` is not heard of, what it loads by `require` is.
 */
export function watchReads(onRead: (path: string, kind: ReadKind) => void): void {
  for (const module of [fs, fs.promises] as unknown as Record<string, unknown>[]) {
    for (const name of [...FILES, ...FOLDERS]) {
      const original = module[name];
      if (typeof original !== 'function') continue;
      const kind = FOLDERS.includes(name) ? 'folder' : 'file';
      const watched = function (this: unknown, ...args: unknown[]): unknown {
        const path = pathOf(args[0]);
        if (path !== null) onRead(path, kind);
        return Reflect.apply(original, this, args);
      };
      module[name] = Object.assign(watched, original);
    }
  }
  // Those who imported the functions by name get the watched ones too.
  syncBuiltinESMExports();
}

function pathOf(argument: unknown): string | null {
  if (typeof argument === 'string') return resolve(argument);
  if (argument instanceof URL && argument.protocol === 'file:') return fileURLToPath(argument);
  return argument instanceof Uint8Array ? resolve(Buffer.from(argument).toString('utf8')) : null;
}

/** Folders of the system and of programs at work, where nothing that a project depends on stands. */
const PASSING = ['/proc/', '/sys/', '/dev/', '/run/', `${tmpdir()}/`];

export function isPassing(path: string): boolean {
  return PASSING.some((folder) => path.startsWith(folder));
}
