/** Files in every state that one commit may find them in: what is in HEAD, in the index and on disk afterwards. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { blobsIn, bytes, commit, hookEnvironment, hooked, onDisk, run } from './hook-rig.js';
import { git } from './rig.js';

/** A version of a file: content of a regular one, or what else stands there (`commit`: a submodule); null: nothing. */
type Version =
  | string
  | { readonly exec: string }
  | { readonly link: string }
  | { readonly folder: Readonly<Record<string, string>> }
  | { readonly commit: string }
  | null;

interface Situation {
  readonly what: string;
  /** Bytes as Latin-1. */
  readonly path: string;
  readonly before?: Version;
  readonly staged: Version;
  /** The same as what is staged, unless told. */
  readonly disk?: Version;
  /** In HEAD and in the index afterwards. */
  readonly committed: Version;
  readonly left?: Version;
  readonly said?: string;
}

const M = 'export const a   =  1\n';
const N = 'export const a = 1;\n';
const B = 'export const a   =  1\n\nfunction f() {}\n\nfunction g() {}\n\nfunction h() {}\n';
const BN = B.replace(M, N);
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 8\n`;
const FOLDER: Version = { folder: {} };
const OTHER_LINES = 'changes that are not staged touch the same lines';

const NAMES = [
  'with space.js',
  ' leading space.js',
  'line\nbreak.js',
  'tab\there.js',
  "quo'te.js",
  'quo"te.js',
  '-rf.js',
  '--help.js',
  '*star.js',
  '[class].js',
  '{a,b}.js',
  '$HOME.js',
  '`id`.js',
  '#hash.js',
  '!bang.js',
  ':colon.js',
  ':(top)x.js',
  'back\\slash.js',
  'percent%20.js',
  latin1('nfc-\u00e9.js'),
  latin1('nfd-e\u0301.js'),
  latin1('👩‍👩‍👧/😀.js'),
  'HEAD',
  'stash.js',
  'trailing space .js',
  'a b/c d/e f.js',
  '.hidden.js',
  '.config/x.js',
  '"quoted".js',
  'semi;colon.js',
  'and&or|.js',
  '(paren) <angle>.js',
  '@scope/+plus=~tilde^caret,comma.js',
  '%s %d.js',
  'carriage\rreturn.js',
  'escape\x1b[31m.js',
  'delete\x7f.js',
  '...js',
  latin1('\u202Ertl.js'),
  latin1('한글/한글.js'),
  latin1('\uFEFFbom-name.js'),
  latin1('same-\u00c5.js'),
  latin1('same-A\u030a.js'),
  latin1('same-\u212b.js'),
  `${'long'.repeat(62)}.js`,
  `${'deep/'.repeat(60)}x.js`,
].map((path) => (path === 'HEAD' ? 'HEAD.js' : path));

const TABLE: readonly Situation[] = [
  { what: 'a new file, staged as a whole', path: 'new.js', staged: M, committed: N },
  { what: 'a changed file, staged as a whole', path: 'changed.js', before: 'old();\n', staged: M, committed: N },
  { what: 'a file that is clean already', path: 'clean.js', before: 'old();\n', staged: N, committed: N },
  { what: 'a messy file in HEAD, not touched', path: 'old-mess.js', before: M, staged: M, committed: M },
  { what: 'a messy change that is not staged', path: 'unstaged.js', before: N, staged: N, disk: M, committed: N },
  {
    what: 'another change below, not staged',
    path: 'below.js',
    staged: B,
    disk: `${B}let  mine\n`,
    committed: BN,
    left: `${BN}let  mine\n`,
  },
  {
    what: 'another change above, not staged',
    path: 'above.js',
    staged: `first();\n\n\n${B}`,
    disk: `second();\n\n\n${B}`,
    committed: `first();\n\n${BN}`,
    left: `second();\n\n${BN}`,
  },
  {
    what: 'a deletion of other lines, not staged',
    path: 'cut.js',
    staged: B,
    disk: B.replace('function h() {}\n', ''),
    committed: BN,
    left: BN.replace('function h() {}\n', ''),
  },
  {
    what: 'the same lines changed again, not staged',
    path: 'same-lines.js',
    staged: M,
    disk: 'export const a   =  2\n',
    committed: N,
    left: 'export const a   =  2\n',
    said: OTHER_LINES,
  },
  { what: 'formatted on disk, not staged so', path: 'ahead.js', staged: M, disk: N, committed: N, left: N },
  {
    what: 'formatted on disk with another change',
    path: 'ahead-and-more.js',
    staged: B,
    disk: `${BN}more()\n`,
    committed: BN,
    left: `${BN}more()\n`,
  },
  {
    what: 'reverted on disk',
    path: 'reverted.js',
    before: 'old();\n',
    staged: M,
    disk: 'old();\n',
    committed: N,
    left: 'old();\n',
    said: OTHER_LINES,
  },
  { what: 'gone from disk', path: 'gone.js', staged: M, disk: null, committed: N, left: null },
  {
    what: 'a link to a folder in its place on disk',
    path: 'now-link.js',
    staged: M,
    disk: { link: '.' },
    committed: N,
    left: { link: '.' },
  },
  {
    what: 'a folder in its place on disk',
    path: 'now-folder.js',
    staged: M,
    disk: { folder: { 'mine.txt': 'mine' } },
    committed: N,
    left: { folder: { 'mine.txt': 'mine' } },
  },
  { what: 'deleted', path: 'deleted.js', before: M, staged: null, committed: null },
  {
    what: 'deleted, still on disk',
    path: 'untracked-now.js',
    before: M,
    staged: null,
    disk: M,
    committed: null,
    left: M,
  },
  { what: 'never added', path: 'untracked.js', staged: null, disk: M, committed: null, left: M },
  { what: 'made executable', path: 'chmod.js', before: M, staged: { exec: M }, committed: { exec: N } },
  {
    what: 'executable and changed',
    path: 'exec.js',
    before: { exec: 'old();\n' },
    staged: { exec: M },
    committed: { exec: N },
  },
  {
    what: 'made executable on disk only',
    path: 'chmod-disk.js',
    staged: M,
    disk: { exec: M },
    committed: N,
    left: { exec: N },
  },
  { what: 'a symlink', path: 'link.js', staged: { link: 'new.js' }, committed: { link: 'new.js' } },
  { what: 'a symlink to nowhere', path: 'nowhere.js', staged: { link: 'not there' }, committed: { link: 'not there' } },
  { what: 'a link that becomes a file', path: 'link-to-file.js', before: { link: 'new.js' }, staged: M, committed: N },
  {
    what: 'a file that becomes a link',
    path: 'file-to-link.js',
    before: M,
    staged: { link: 'new.js' },
    committed: { link: 'new.js' },
  },
  {
    what: 'a file staged, a link on disk',
    path: 'type.js',
    staged: M,
    disk: { link: 'new.js' },
    committed: N,
    left: { link: 'new.js' },
  },
  {
    what: 'a link staged, a file on disk',
    path: 'type-back.js',
    staged: { link: 'new.js' },
    disk: M,
    committed: { link: 'new.js' },
    left: M,
  },
  { what: 'binary', path: 'picture.png', staged: '\x89PNG\0\0', committed: '\x89PNG\0\0' },
  { what: 'binary by its content', path: 'binary.js', staged: 'a  =\0 1', committed: 'a  =\0 1' },
  { what: 'no UTF-8', path: 'latin.js', staged: 'a  = "\xe9"\n', committed: 'a  = "\xe9"\n' },
  { what: 'UTF-16', path: 'utf16.js', staged: '\xff\xfea\0', committed: '\xff\xfea\0' },
  { what: 'empty', path: 'empty.js', staged: '', committed: '' },
  { what: 'emptied', path: 'emptied.js', before: M, staged: '', committed: '' },
  { what: 'without a last line break', path: 'no-end.js', staged: 'a  =  1', committed: 'a = 1;\n' },
  { what: 'with a BOM', path: 'bom.js', staged: latin1('\uFEFFa  =  1\n'), committed: latin1('\uFEFFa = 1;\n') },
  { what: 'CR LF in the repository', path: 'crlf.js', staged: 'a  =  1\r\n', committed: 'a = 1;\n' },
  {
    what: 'CR LF on disk by an attribute',
    path: 'eol.win.js',
    staged: 'a  =  1\n',
    disk: 'a  =  1\r\n',
    committed: 'a = 1;\n',
    left: 'a = 1;\r\n',
  },
  {
    what: 'CR LF on disk, another change not staged',
    path: 'eol-part.win.js',
    staged: B,
    disk: `${B}mine()\n`.replaceAll('\n', '\r\n'),
    committed: BN,
    left: `${BN}mine()\n`.replaceAll('\n', '\r\n'),
  },
  {
    what: 'both kinds of line ends on disk',
    path: 'eol-mixed.win.js',
    staged: 'a  =  1\nb  =  2\n',
    disk: 'a  =  1\r\nb  =  2\n',
    committed: 'a = 1;\nb = 2;\n',
    left: 'a  =  1\r\nb  =  2\n',
    said: OTHER_LINES,
  },
  {
    what: 'filtered',
    path: 'secret.rot.js',
    staged: 'N  =  1\n',
    disk: 'A  =  1\n',
    committed: 'N  =  1\n',
    left: 'A  =  1\n',
    said: 'a filter of .gitattributes',
  },
  { what: 'generated', path: 'generated.js', staged: `// @generated\n${M}`, committed: `// @generated\n${M}` },
  { what: 'ignored by Prettier', path: 'ignored.js', staged: M, committed: M },
  { what: 'of a language that nobody formats', path: 'notes.txt', staged: 'a   b\n', committed: 'a   b\n' },
  {
    what: 'ignored by git, and so by Prettier, and added by force',
    path: 'forced.ignored.js',
    staged: M,
    committed: M,
  },
  { what: 'far down', path: 'a/b/c/d/e/f.js', staged: M, committed: N },
  { what: 'JSON', path: 'data.json', staged: '{"a":1}', committed: '{ "a": 1 }\n' },
  { what: 'CSS', path: 'style.css', staged: 'a{b:c}', committed: 'a {\n  b: c;\n}\n' },
  { what: 'with a name that is no UTF-8', path: 'latin-\xe9.js', staged: M, committed: M, said: 'not valid UTF-8' },
  { what: 'not to be written on disk', path: 'read-only.js', staged: M, committed: N, left: M, said: 'read-only' },
  { what: 'moved', path: 'moved/to.js', staged: `${B}moved()\n`, committed: `${BN}moved();\n` },
  { what: 'moved away', path: 'moved-from.js', before: B, staged: null, committed: null },
  { what: 'with another case of letters', path: 'Case.js', staged: M, committed: N },
  { what: 'as a file where a folder was', path: 'folder-then.js', staged: M, committed: N },
  {
    what: 'in the folder that becomes a file',
    path: 'folder-then.js/x.js',
    before: M,
    staged: null,
    disk: null,
    committed: null,
  },
  {
    what: 'the folder that was a file',
    path: 'file-then.js/x.js',
    staged: M,
    committed: N,
  },
  {
    what: 'the file that became a folder',
    path: 'file-then.js',
    before: M,
    staged: null,
    disk: null,
    committed: null,
    left: FOLDER,
  },
  {
    what: 'moved and edited, edited again on disk',
    path: 'moved/and-edited.js',
    staged: `${B}moved()\n`,
    disk: `${B}moved()\nagain()\n`,
    committed: `${BN}moved();\n`,
    left: `${B}moved()\nagain()\n`,
    said: OTHER_LINES,
  },
  {
    what: 'the same name in other letters, another content',
    path: 'CASE.js',
    staged: `${M}upper()\n`,
    committed: `${N}upper();\n`,
  },
  { what: 'renamed to other letters only', path: 'README.js', before: M, staged: null, committed: null },
  { what: 'renamed from other letters only', path: 'Readme.js', staged: M, committed: N },
  {
    what: 'binary, changed again on disk',
    path: 'part.png',
    staged: '\x89PNG\0\0',
    disk: '\x89PNG\0\x01',
    committed: '\x89PNG\0\0',
  },
  { what: 'a binary file that becomes text', path: 'was-binary.js', before: '\0\0', staged: M, committed: N },
  {
    what: 'a text that becomes binary',
    path: 'now-binary.js',
    before: M,
    staged: '\0a  =  1\n',
    committed: '\0a  =  1\n',
  },
  {
    what: 'no UTF-8, changed again on disk',
    path: 'latin-part.js',
    staged: 'a  = "\xe9"\n',
    disk: 'a  = "\xe9\xe9"\n',
    committed: 'a  = "\xe9"\n',
  },
  {
    what: 'UTF-8 staged, other bytes added on disk',
    path: 'utf8-then-latin.js',
    staged: B,
    disk: `${B}// \xe9\n`,
    committed: BN,
    left: `${BN}// \xe9\n`,
  },
  {
    what: 'with a BOM, another change not staged',
    path: 'bom-part.js',
    staged: latin1(`\uFEFF${B}`),
    disk: latin1(`\uFEFF${B}mine()\n`),
    committed: latin1(`\uFEFF${BN}`),
    left: latin1(`\uFEFF${BN}mine()\n`),
  },
  {
    what: 'without a last line break, a line added on disk',
    path: 'no-end-part.js',
    staged: `${B}end()`,
    disk: `${B}end()\nmine()\n`,
    committed: `${BN}end();\n`,
    left: `${B}end()\nmine()\n`,
    said: OTHER_LINES,
  },
  { what: 'nothing but blanks staged', path: 'blanks.js', staged: ' \t\n\n', committed: '' },
  { what: 'blanks at the ends of lines', path: 'trailing.js', staged: 'a();  \t\nb();\t\n', committed: 'a();\nb();\n' },
  {
    what: 'line ends of a Mac of long ago',
    path: 'cr.js',
    staged: 'a  =  1\rb  =  2\r',
    committed: 'a = 1;\nb = 2;\n',
  },
  {
    what: 'CR LF in the repository, another change not staged',
    path: 'crlf-part.js',
    staged: B.replaceAll('\n', '\r\n'),
    disk: `${B}mine()\n`.replaceAll('\n', '\r\n'),
    committed: BN,
    left: `${B}mine()\n`.replaceAll('\n', '\r\n'),
    said: OTHER_LINES,
  },
  { what: 'staged empty, filled on disk', path: 'filled.js', staged: '', disk: M, committed: '' },
  { what: 'emptied on disk', path: 'emptied-disk.js', staged: M, disk: '', committed: N, left: '', said: OTHER_LINES },
  {
    what: 'changes on both sides of the fix, not staged',
    path: 'around.js',
    staged: `top();\n\n\n\n${B}`,
    disk: `mine();\ntop();\n\n\n\n${B}mine()\n`,
    committed: `top();\n\n${BN}`,
    left: `mine();\ntop();\n\n${BN}mine()\n`,
  },
  {
    what: 'thousands of lines, one of them changed on disk',
    path: 'big.js',
    staged: `${'f();\n'.repeat(4000)}g( )\n`,
    disk: `mine()\n${'f();\n'.repeat(4000)}g( )\n`,
    committed: `${'f();\n'.repeat(4000)}g();\n`,
    left: `mine()\n${'f();\n'.repeat(4000)}g();\n`,
  },
  {
    what: 'a very long line',
    path: 'long-line.js',
    staged: `a = '${'x'.repeat(200_000)}'\n`,
    committed: `a =\n  '${'x'.repeat(200_000)}';\n`,
  },
  { what: 'no longer executable', path: 'unexec.js', before: { exec: M }, staged: M, committed: N },
  { what: 'only made executable, neat', path: 'chmod-neat.js', before: N, staged: { exec: N }, committed: { exec: N } },
  {
    what: 'made executable, other lines changed on disk',
    path: 'chmod-part.js',
    before: B,
    staged: { exec: B },
    disk: { exec: `${B}mine()\n` },
    committed: { exec: BN },
    left: { exec: `${BN}mine()\n` },
  },
  {
    what: 'made executable in the index only',
    path: 'chmod-index.js',
    before: N,
    staged: { exec: M },
    disk: M,
    committed: { exec: N },
    left: N,
  },
  {
    what: 'a link that points elsewhere',
    path: 'relink.js',
    before: { link: 'a' },
    staged: { link: 'b' },
    committed: { link: 'b' },
  },
  {
    what: 'a link that points elsewhere again on disk',
    path: 'relink-part.js',
    before: { link: 'a' },
    staged: { link: 'b' },
    disk: { link: 'c' },
    committed: { link: 'b' },
  },
  {
    what: 'a link that becomes a file, a link again on disk',
    path: 'link-file-link.js',
    before: { link: 'a' },
    staged: M,
    disk: { link: 'b' },
    committed: N,
    left: { link: 'b' },
  },
  {
    what: 'a file that becomes a link, a file again on disk',
    path: 'file-link-file.js',
    before: M,
    staged: { link: 'a' },
    disk: `${M}mine()\n`,
    committed: { link: 'a' },
  },
  {
    what: 'a link whose target reads like a script',
    path: 'script-link.js',
    staged: { link: 'a  =  1' },
    committed: { link: 'a  =  1' },
  },
  {
    what: 'the commit of a submodule',
    path: 'sub',
    staged: { commit: '1'.repeat(40) },
    disk: FOLDER,
    committed: { commit: '1'.repeat(40) },
  },
  {
    what: 'another commit of a submodule',
    path: 'sub-moved',
    before: { commit: '1'.repeat(40) },
    staged: { commit: '2'.repeat(40) },
    disk: FOLDER,
    committed: { commit: '2'.repeat(40) },
  },
  {
    what: 'a submodule that becomes a file',
    path: 'sub-then.js',
    before: { commit: '1'.repeat(40) },
    staged: M,
    committed: N,
  },
  {
    what: 'a file that becomes a submodule',
    path: 'then-sub.js',
    before: M,
    staged: { commit: '1'.repeat(40) },
    disk: FOLDER,
    committed: { commit: '1'.repeat(40) },
  },
  {
    what: 'deleted, and made anew on disk',
    path: 'resurrected.js',
    before: N,
    staged: null,
    disk: `${M}mine()\n`,
    committed: null,
    left: `${M}mine()\n`,
  },
  {
    what: 'an identifier that git writes on disk',
    path: 'x.ident.js',
    staged: `// $Id$\n\n${B}`,
    disk: `// $Id: 0123 $\n\n${B}`,
    committed: `// $Id$\n\n${BN}`,
    left: `// $Id: 0123 $\n\n${BN}`,
  },
  {
    what: 'in another encoding on disk',
    path: 'x.wide.js',
    staged: 'a  =  1\n',
    disk: 'a\0 \0=\0 \x001\0\n\0',
    committed: 'a  =  1\n',
    left: 'a\0 \0=\0 \x001\0\n\0',
    said: 'a filter of .gitattributes',
  },
  {
    what: 'a pointer of Git LFS, its content on disk',
    path: 'x.lfs.js',
    staged: POINTER,
    disk: 'a  =  1\n',
    committed: POINTER,
    left: 'a  =  1\n',
    said: 'a filter of .gitattributes',
  },
  { what: 'generated, by an attribute', path: 'x.made.js', staged: M, committed: M },
  { what: 'binary, by an attribute', path: 'x.bin.js', staged: M, committed: N },
  {
    what: 'merged and compared in another way, by attributes',
    path: 'x.odd.js',
    staged: B,
    disk: `${B}mine()\n`,
    committed: BN,
    left: `${BN}mine()\n`,
  },
  {
    what: 'LF everywhere by an attribute, CR LF on disk',
    path: 'eol-lf.unix.js',
    staged: B,
    disk: `${B}mine()\n`.replaceAll('\n', '\r\n'),
    committed: BN,
    left: `${BN}mine()\n`.replaceAll('\n', '\r\n'),
  },
  { what: 'never to be touched by line ends', path: 'x.raw.js', staged: 'a  =  1\r\n', committed: 'a = 1;\n' },
  { what: 'among the installed packages, added by force', path: 'node_modules/p/index.js', staged: M, committed: M },
  { what: 'TypeScript', path: 't.ts', staged: 'const a : number=1\n', committed: 'const a: number = 1;\n' },
  {
    what: 'TypeScript that declares',
    path: 't.d.ts',
    staged: 'declare  const a:number\n',
    committed: 'declare const a: number;\n',
  },
  { what: 'JSX', path: 't.jsx', staged: '<a   b />\n', committed: '<a b />;\n' },
  { what: 'Markdown', path: 't.md', staged: '*  a\n*  b\n', committed: '- a\n- b\n' },
  {
    what: 'YAML, another change not staged',
    path: 't.yml',
    staged: 'a:   1\n\nb: 2\n\nc: 3\n',
    disk: 'a:   1\n\nb: 2\n\nc: 4\n',
    committed: 'a: 1\n\nb: 2\n\nc: 3\n',
    left: 'a: 1\n\nb: 2\n\nc: 4\n',
  },
  {
    what: 'a lock file',
    path: 'package-lock.json',
    staged: '{"lockfileVersion":3}',
    committed: '{"lockfileVersion":3}',
  },
  {
    what: 'a script without an ending',
    path: 'bin/run',
    staged: { exec: '#!/usr/bin/env node\na  =  1\n' },
    committed: { exec: '#!/usr/bin/env node\na = 1;\n' },
  },
  ...NAMES.map((path) => ({ what: `called ${JSON.stringify(path)}`, path, staged: M, committed: N })),
];

function nameOf(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
}

function put(folder: string, path: string, version: Version): void {
  const name = nameOf(folder, path);
  rmSync(name, { recursive: true, force: true });
  if (version === null) return;
  mkdirSync(nameOf(folder, dirname(path)), { recursive: true });
  if (typeof version === 'object' && 'link' in version) symlinkSync(version.link, name);
  else if (typeof version === 'object' && !('exec' in version)) {
    mkdirSync(name);
    for (const [inner, content] of Object.entries('folder' in version ? version.folder : {}))
      writeFileSync(Buffer.concat([name, Buffer.from(`/${inner}`)]), content);
  } else writeFileSync(name, Buffer.from(typeof version === 'string' ? version : version.exec, 'latin1'));
  if (typeof version === 'object' && 'exec' in version) chmodSync(name, 0o755);
}

function shown(version: Version): string | null {
  if (version === null) return null;
  if (typeof version === 'string') return `100644 ${version}`;
  if ('folder' in version) return 'folder';
  if ('commit' in version) return `160000 ${version.commit}`;
  return 'link' in version ? `120000 ${version.link}` : `100755 ${version.exec}`;
}

/** What stands on disk is not asked: the table says what is in the index. */
function stage(folder: string, rows: readonly (readonly [path: string, version: Version])[]): void {
  const lines = rows.map(([path, version]) => {
    if (version === null) return `0 ${'0'.repeat(40)}\t${path}\0`;
    const [mode, content] = [shown(version)!.slice(0, 6), shown(version)!.slice(7)];
    if (mode === '160000') return `${mode} ${content}\t${path}\0`;
    return `${mode} ${given(folder, content, 'hash-object', '-w', '--stdin').trim()}\t${path}\0`;
  });
  given(folder, lines.join(''), 'update-index', '-z', '--index-info');
}

function given(folder: string, input: string, ...args: string[]): string {
  const env = hookEnvironment();
  return execFileSync('git', args, { cwd: folder, env, input: Buffer.from(input, 'latin1') }).toString('latin1');
}

const ATTRIBUTES = `*.win.js text eol=crlf
*.unix.js text eol=lf
*.rot.js filter=rot
*.lfs.js filter=lfs diff=lfs merge=lfs -text
*.wide.js text working-tree-encoding=UTF-16LE
*.ident.js ident
*.made.js linguist-generated
*.bin.js binary
*.raw.js -text
*.odd.js diff=odd merge=union export-ignore whitespace=trailing-space
`;

interface World {
  folder: string;
  said: string;
  code: number | null;
  head: Record<string, string>;
  index: Record<string, string>;
}

describe('files of one commit', () => {
  const world: World = { folder: '', said: '', code: null, head: {}, index: {} };

  beforeAll(() => {
    const folder = hooked({
      '.gitattributes': ATTRIBUTES,
      '.prettierignore': 'ignored.js\n',
      '.gitignore': '*.ignored.js\n',
    });
    const rot = "tr 'A-Za-z' 'N-ZA-Mn-za-m'";
    for (const verb of ['clean', 'smudge']) git(folder, 'config', `filter.rot.${verb}`, rot);
    git(folder, 'config', 'filter.lfs.required', 'true');
    git(folder, 'config', 'filter.lfs.clean', `printf '${POINTER.replaceAll('\n', '\\n')}' #`);
    git(folder, 'config', 'filter.lfs.smudge', 'exit 1;');
    git(folder, 'config', 'diff.odd.textconv', 'exit 1;');
    stage(
      folder,
      TABLE.flatMap(({ path, before }) => (before === undefined ? [] : [[path, before] as const])),
    );
    expect(run(folder, ['commit', '--quiet', '--no-verify', '-m', 'before']).err).toBe('');
    stage(
      folder,
      TABLE.flatMap(({ path, staged }) => (staged === null ? [[path, staged] as const] : [])),
    );
    stage(
      folder,
      TABLE.flatMap(({ path, staged }) => (staged === null ? [] : [[path, staged] as const])),
    );
    const onDiskNow = (one: Situation): Version => (one.disk === undefined ? one.staged : one.disk);
    for (const one of TABLE) if (onDiskNow(one) === null) put(folder, one.path, null);
    for (const one of TABLE) if (onDiskNow(one) !== null) put(folder, one.path, onDiskNow(one));
    chmodSync(join(folder, 'read-only.js'), 0o444);
    const { code, out } = commit(folder);
    Object.assign(world, { folder, code, said: out, head: blobsIn(folder, 'HEAD'), index: blobsIn(folder, '') });
  }, 120_000);

  it('is made', () => expect([world.code, world.said]).toEqual([0, expect.stringContaining('staged files')]));

  it.each(TABLE)('$what: $path', ({ path, disk, committed, left, said }) => {
    const follows = left === undefined ? (disk === undefined ? committed : disk) : left;
    const expected = { head: shown(committed) ?? undefined, index: shown(committed) ?? undefined };
    expect({ head: world.head[path], index: world.index[path] }).toEqual(expected);
    expect(onDisk(world.folder, path)).toBe(shown(follows));
    const words = world.said
      .split('\n')
      .filter((line) => line.includes(`! ${path} `))
      .join('\n');
    if (said === undefined) expect(words).toBe('');
    else if (!path.includes('\xe9')) expect(words).toContain(said);
  });

  it('leaves nothing behind', () => {
    expect(bytes(world.folder, 'status', '--porcelain', '-z', '--', 'new.js', 'crlf.js', 'exec.js')).toBe('');
    const rest = bytes(world.folder, 'ls-files', '-z', '--others', '--exclude-standard').split('\0').sort();
    expect(rest).toEqual(['', 'now-folder.js/mine.txt', 'resurrected.js', 'untracked-now.js', 'untracked.js']);
  });
});
