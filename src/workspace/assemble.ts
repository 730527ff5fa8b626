/** From looks at single paths to the workspace as everybody sees it. No disk, no processes. */
import { compareText } from '../model/diagnostic.js';
import type { FileFacts } from '../model/file.js';
import type { AttributesOf } from './attributes.js';
import type { Look } from './inspect.js';
import { languageOf } from './languages.js';
import { findMembers, findPackageManager, findPackages, nearestPackage } from './packages.js';
import { protectionOf } from './protection.js';
import type { Sources, Workspace } from './types.js';

type FileLook = Extract<Look, { kind: 'file' }>;

export function assemble(sources: Sources): Workspace {
  const looks = sources.looks.filter((look): look is FileLook => look.kind === 'file').sort(byPath);
  const texts = new Map(looks.map(({ path, facts }) => [path, facts.text]));
  const textOf = (path: string): string | undefined => texts.get(path);
  const excluded = [
    ...sources.leftOut,
    ...sources.looks.flatMap((look) => (look.kind === 'excluded' ? [look.file] : [])),
  ].sort(byPath);
  const packages = findPackages(texts.keys(), textOf);
  const packageOf = nearestPackage(packages);
  const isThere = (path: string): boolean => texts.has(path) || excluded.some((file) => file.path === path);
  return {
    root: sources.root,
    repository: sources.repository,
    files: looks.map((look) => factsOf(look, packageOf(look.path), sources.attributes)),
    excluded,
    packages,
    members: findMembers(packages, textOf),
    packageManager: findPackageManager(packages, isThere),
    conflicts: looks.flatMap(({ path, facts }) =>
      facts.conflict === undefined ? [] : [{ path, line: facts.conflict }],
    ),
    sources,
  };
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareText(a.path, b.path);
}

function factsOf({ path, hash, size, facts }: FileLook, owner: string, attributes: AttributesOf): FileFacts {
  const language = languageOf(path, facts.interpreter);
  const protection = protectionOf({ path, language, marker: facts.marker, attributes: attributes.get(path) });
  return { path, hash, size, language, package: owner, ...(protection === undefined ? {} : { protection }) };
}
