import type { FileFacts } from '../model/file.js';
import type { ToolUse } from '../model/tool-use.js';
import { detectEslint } from './eslint/detect.js';
import { mayLint, optionsOf } from './eslint/scope.js';
import type { Tool } from './tool.js';

/** ESLint: the project's own, 10 to 5, with flat configuration or eslintrc. Its fixes are `--fix`. */
export const eslint: Tool = {
  name: 'eslint',
  roles: ['lint', 'format'],
  grain: 'file',
  runsIn: 'worker',
  adapterVersion: 1,
  detect: detectEslint,
  takes: (use: ToolUse, file: FileFacts) => mayLint(use, file.path),
  async open(use, context) {
    if (optionsOf(use).mode === 'command-line') {
      const { openCommandLine } = await import('./eslint/command-line.js');
      return openCommandLine(use, context);
    }
    const { openEngine } = await import('./eslint/engine.js');
    return openEngine(use, context);
  },
};
