import { bundledUse } from './bundled-use.js';
import { compilerConfigFiles } from './cleanup/tsconfig.js';
import { isSourcePath } from './cleanup/scope-of-files.js';
import type { Tool } from './tool.js';

const ADAPTER_VERSION = 2;

/**
 * Removes dead code from JavaScript and TypeScript, one file at a time, by deleting text and nothing else: unused imports,
 * unused locals whose value costs nothing to lose, unreachable code, unused private members.
 *
 * Three parties must agree. A fast parser and an analysis of names find candidates (most files have none, and end there);
 * TypeScript, reading that file alone, must find the same; and the tree of the result must be the old tree without the
 * removed nodes. An import goes with all its names, as the compiler and the editors do it; `import 'x'` stays, and so does
 * an import that a comment explains. What becomes of comments is told in `cleanup/ownership.ts`.
 */
export const cleanup: Tool = {
  name: 'cleanup',
  roles: ['cleanup'],
  grain: 'file',
  runsIn: 'worker',
  adapterVersion: ADAPTER_VERSION,

  async detect(project) {
    if (!project.files.some(({ path, language }) => isScript(language) && isSourcePath(path)))
      return { uses: [], skips: [] };
    const paths = project.files.map(({ path }) => path);
    const { level, organizeImports } = project.config.cleanup;
    return {
      uses: [
        bundledUse('cleanup', {
          tool: 'cleanup',
          version: String(ADAPTER_VERSION),
          evidence: 'the workspace has JavaScript or TypeScript',
          configFiles: await compilerConfigFiles(paths, (path) => project.readText(path)),
          options: { level, organizeImports },
        }),
      ],
      skips: [],
    };
  },

  takes: (_use, { path, language }) => isScript(language) && isSourcePath(path),

  async open(use, context) {
    const { openEngine } = await import('./cleanup/engine.js');
    return openEngine(context.root, { organizeImports: use.options.organizeImports === true });
  },
};

function isScript(language: string | null): boolean {
  return language === 'javascript' || language === 'typescript';
}
