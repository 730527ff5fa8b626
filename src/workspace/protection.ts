/** Files that people do not write by hand: verified where a tool wants to, never written by us. */
import type { Attributes } from '../git/index-files.js';
import type { Protection } from '../model/file.js';
import type { Language } from '../model/language.js';
import type { ContentFacts } from './content.js';

export interface Evidence {
  readonly path: string;
  readonly language: Language | null;
  readonly marker: ContentFacts['marker'];
  readonly attributes: Attributes | undefined;
}

/** What .gitattributes says, in either direction, goes before what a name or a comment suggests. */
export function protectionOf(evidence: Evidence): Protection | undefined {
  return generatedBy(evidence) ?? vendoredBy(evidence);
}

function generatedBy({ path, language, marker, attributes }: Evidence): Protection | undefined {
  if (attributes?.generated === true) return { kind: 'generated', evidence: '.gitattributes: linguist-generated' };
  if (attributes?.generated === false) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (LOCK_FILES.has(name)) return { kind: 'generated', evidence: `lock file: ${name}` };
  if (GENERATED_NAME.test(path)) return { kind: 'generated', evidence: `name: ${name}` };
  if (marker === undefined || !isComment(marker.text, language)) return undefined;
  return { kind: 'generated', evidence: `marker in line ${marker.line}: ${marker.text}` };
}

const PROSE: ReadonlySet<Language | null> = new Set<Language>(['markdown', 'mdx', 'text']);

/** `#` and `*` start a comment in code, and a title and a list in prose. */
function isComment(line: string, language: Language | null): boolean {
  return !PROSE.has(language) || line.startsWith('<!--') || line.startsWith('{/*');
}

function vendoredBy({ path, attributes }: Evidence): Protection | undefined {
  if (attributes?.vendored === true) return { kind: 'vendored', evidence: '.gitattributes: linguist-vendored' };
  if (attributes?.vendored === false) return undefined;
  const folder = VENDORED.exec(path)?.[1] ?? vendorFolder(path);
  return folder === undefined ? undefined : { kind: 'vendored', evidence: `folder: ${folder}/` };
}

const LOCK_FILES: ReadonlySet<string> = new Set(
  (
    'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock deno.lock Cargo.lock go.sum go.work.sum ' +
    'poetry.lock pdm.lock uv.lock pixi.lock Pipfile.lock composer.lock Gemfile.lock flake.lock mix.lock pubspec.lock ' +
    'Podfile.lock Package.resolved MODULE.bazel.lock .terraform.lock.hcl gradle.lockfile .pnp.cjs .pnp.loader.mjs'
  ).split(' '),
);

const GENERATED_NAME = new RegExp(
  [
    '[.-]min\\.(?:js|mjs|cjs|css)$',
    '\\.bundle\\.(?:js|mjs|cjs|css)$',
    '\\.(?:js|mjs|cjs|css|ts)\\.map$',
    '\\.pb\\.(?:go|gw\\.go|cc|h|swift|dart)$',
    '_pb2(?:_grpc)?\\.pyi?$',
    '_pb\\.(?:js|ts|d\\.ts)$',
    '\\.(?:g|freezed|gr|mocks)\\.dart$',
    '\\.(?:g|g\\.i|designer|Designer)\\.cs$',
    '(?:^|/)__generated__/',
    '(?:^|/)next-env\\.d\\.ts$',
  ].join('|'),
);

/** Folders that hold nothing but other people's code, wherever they stand. */
const VENDORED = new RegExp(
  '(?:^|/)(' +
    'node_modules|bower_components|jspm_packages|web_modules|third[-_]?party|3rd[-_]?party|' +
    '\\.yarn/(?:releases|plugins|sdks|versions|unplugged|cache)|Godeps/_workspace|Carthage/Checkouts|Pods' +
    ')/',
  'i',
);

const VENDOR = /(?:^|\/)(vendors?)\//;
const OWN_CODE = new Set(
  'src source sources app apps lib features feature modules pages components domain domains api views routes'.split(
    ' ',
  ),
);

/** `vendor/` at the top of a package is other people's code; below `src/` it is as likely a name of the project's own trade. */
function vendorFolder(path: string): string | undefined {
  const match = VENDOR.exec(path);
  if (match === null) return undefined;
  const above = path.slice(0, match.index).split('/');
  return above.some((name) => OWN_CODE.has(name)) ? undefined : match[1];
}
