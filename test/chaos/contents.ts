/** What stands in generated files, and what they are called. */
import type { Random } from './random.js';

export interface Content {
  readonly bytes: Buffer;
  readonly mode: number;
  /** Text of a symlink; then the bytes count for nothing. */
  readonly link?: string;
}

/** A file as it is committed, staged and on disk; null where it is not. */
export interface PlannedFile {
  readonly path: string;
  readonly committed: Content | null;
  readonly staged: Content | null;
  readonly work: Content | null;
  readonly intentToAdd?: true;
}

const FOLDERS = ['', '', '', 'src/', 'src/deep/er/', 'a b/', "it's/", '-dash/', 'caf\u00e9/', 'cafe\u0301/', '😀/'];

const BASES = [
  'plain',
  'with space',
  ' leading',
  'trailing ',
  "quo'te",
  'quo"te',
  'line\nbreak',
  'tab\there',
  '-rf',
  '--help',
  '*star',
  '[class]',
  '{a,b}',
  '$HOME',
  '`id`',
  '#hash',
  '!bang',
  ':colon',
  ':(top)x',
  'back\\slash',
  'percent%20',
  '.hidden',
  'n\u00e4',
  'na\u0308',
  '👩‍👩‍👧',
  'UPPER',
];

const EXTENSIONS = ['.js', '.js', '.js', '.ts', '.ts', '.mjs', '.json', '.css', '.md', '.bin', '.txt', '.sh', ''];

/** A path that nothing else has. The number keeps apart what only letter case or Unicode form would. */
export function drawPath(random: Random, number: number, extensions: readonly string[] = EXTENSIONS): string {
  const base = random.chance(0.4) ? `file${String(number)}` : `${random.pick(BASES)}${String(number)}`;
  return `${random.pick(FOLDERS)}${base}${random.pick(extensions)}`;
}

const SCRIPTS: readonly ((id: string) => string)[] = [
  (id) => `export const ${id} = { a:1,b : 2 }\n`,
  (id) => `import {a} from "./a.js"\nexport const ${id} = { a:a }\n`,
  (id) => `import {a,b} from "./a.js"\n\nexport function ${id}( x ){\n    return a+x\n}\n`,
  (id) => `import fs from "node:fs"\nexport const ${id}=1\n`,
  (id) => `import { a } from './a.js';\n\nexport const ${id} = a;\n`,
  (id) => `export const ${id} = 1;\n`,
  (id) => `function ${id}(){ return 1; console.log('never') }\nexport default ${id}\n`,
  (id) => `export const ${id} = [\n${'  1,2,   3,\n'.repeat(40)}]\n`,
  () => 'export const broken = {\n',
  () => '',
];

const OTHERS: Readonly<Record<string, (id: string) => string>> = {
  '.json': (id) => `{"${id}":[1,2,\n3]}`,
  '.css': (id) => `.${id}{color:red;background:blue}\n`,
  '.md': (id) => `# ${id}\n* one\n* two\n\n\n\ntext  \n`,
  '.sh': (id) => `#!/bin/sh\necho ${id}\n`,
};

/** Contents of a file with this name: mostly what a tool will change. */
export function drawContent(random: Random, path: string): Buffer {
  const extension = /\.[a-z]+$/.exec(path)?.[0] ?? '';
  const id = `v${random.word()}`;
  if (extension === '.bin' || random.chance(0.03))
    return Buffer.from(Array.from({ length: random.below(3000) }, () => random.below(256)));
  const isScript = ['.js', '.ts', '.mjs'].includes(extension);
  const text = isScript ? random.pick(SCRIPTS)(id) : (OTHERS[extension] ?? ((word: string) => `${word}  \n`))(id);
  const ended = random.chance(0.1) ? text.trimEnd() : text;
  const withEndings = random.chance(0.15) ? ended.replaceAll('\n', '\r\n') : ended;
  return Buffer.from(random.chance(0.06) ? `\uFEFF${withEndings}` : withEndings);
}
