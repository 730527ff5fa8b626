/** What has to be known of a tsconfig before the compiler reads it: what it refers to and what it builds on. */
import { folderOf, posix } from '../../host/paths.js';
import { compareText } from '../../model/diagnostic.js';
import type { ProjectView } from '../tool.js';

export interface TsconfigFacts {
  /** Workspace path. */
  readonly path: string;
  /** Workspace paths of the projects it refers to. */
  readonly references: readonly string[];
  /** Workspace paths of the configs it extends. */
  readonly parents: readonly string[];
  /** It has no files of its own: it only refers to others. */
  readonly isSolution: boolean;
  readonly checkJs: boolean;
}

type Settings = Readonly<Record<string, unknown>>;

export type TsconfigReader = (path: string) => Promise<TsconfigFacts | null>;

/** Each config is read once; null where there is none. */
export function tsconfigReader(project: ProjectView): TsconfigReader {
  const known = new Map<string, Promise<TsconfigFacts | null>>();
  return (path) => {
    const facts = known.get(path) ?? readTsconfig(project, path);
    known.set(path, facts);
    return facts;
  };
}

async function readTsconfig(project: ProjectView, path: string): Promise<TsconfigFacts | null> {
  const text = await project.readText(path);
  if (text === null) return null;
  const { parse } = await import('jsonc-parser');
  const content = settings(parse(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true }));
  const references = list(content.references).flatMap((entry) => referenceTarget(path, settings(entry).path, project));
  const parents = list(content.extends).flatMap((entry) => parentTarget(path, entry));
  const hasFiles = !Array.isArray(content.files) || content.files.length > 0 || content.include !== undefined;
  return {
    path,
    references,
    parents,
    isSolution: references.length > 0 && !hasFiles,
    checkJs: settings(content.compilerOptions).checkJs === true,
  };
}

function settings(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function referenceTarget(from: string, path: unknown, project: ProjectView): string[] {
  return typeof path === 'string' ? [configAt(posix.join(folderOf(from), path), project)] : [];
}

/** A folder stands for the tsconfig.json in it. */
export function configAt(path: string, project: Pick<ProjectView, 'hasFile'>): string {
  const plain = path.replace(/\/+$/, '').replace(/^\.$/, '');
  return project.hasFile(plain) || plain.endsWith('.json') ? plain : posix.join(plain, 'tsconfig.json');
}

function parentTarget(from: string, entry: unknown): string[] {
  if (typeof entry !== 'string' || !/^\.{1,2}(?:\/|$)/.test(entry)) return [];
  const path = posix.join(folderOf(from), entry);
  return [path.endsWith('.json') ? path : `${path}.json`];
}

/** The config and all that it refers to, the ones referred to first; circles end where they begin. */
export async function withReferences(path: string, read: TsconfigReader): Promise<string[]> {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = async (each: string): Promise<void> => {
    if (seen.has(each)) return;
    seen.add(each);
    for (const reference of (await read(each))?.references ?? []) await visit(reference);
    order.push(each);
  };
  await visit(path);
  return order;
}

/** Every config in the workspace that these depend on, themselves included. */
export async function configFilesOf(paths: readonly string[], read: TsconfigReader): Promise<string[]> {
  const found = new Set<string>();
  const queue = [...paths];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    const facts = await read(path);
    if (facts === null) continue;
    found.add(path);
    queue.push(...facts.parents, ...facts.references);
  }
  return [...found].sort(compareText);
}
