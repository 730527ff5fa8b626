/** For tools that can only read the disk: the workspace with texts in it that do not stand on disk. */
import { Buffer } from 'node:buffer';
import { listWorkspace, withScratchCopy } from './scratch.js';
import type { EngineContext, SourceText } from './tool.js';

/** Calls `work` with the workspace root where all texts can be read: the real one, or a scratch copy. */
export async function whereTextsStand<T>(
  files: readonly SourceText[],
  { tool, context }: { readonly tool: string; readonly context: EngineContext },
  work: (root: string) => Promise<T>,
): Promise<T> {
  const virtual = files.filter((file) => file.virtual);
  const { root, signal } = context;
  if (virtual.length === 0) return work(root);
  const contents = new Map(virtual.map((file) => [file.path, Buffer.from(file.text, 'utf8')]));
  const listed = [...new Set([...(await listWorkspace(root)), ...contents.keys()])].map((path) => ({ path }));
  const wish = { tool, root, files: listed, contents, ...(signal === undefined ? {} : { signal }) };
  return withScratchCopy(wish, ({ folder }) => work(folder));
}
