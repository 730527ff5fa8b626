/** Duplicated code, found by the bundled jscpd in the files that it is given. */
import type { ToolUse } from '../model/tool-use.js';
import { bundledUse } from './bundled-use.js';
import { findClones, CLONE_LANGUAGES } from './jscpd/find-clones.js';
import { findingOfClone, thresholdFindings } from './jscpd/findings.js';
import { cloneProgramVersion } from './jscpd/program.js';
import { distribute } from './output/distribute.js';
import type { Detection, Engine, EngineContext, ProjectView, Tool } from './tool.js';

export { findClones } from './jscpd/find-clones.js';

export const jscpd: Tool = {
  name: 'jscpd',
  roles: ['duplication'],
  grain: 'project',
  runsIn: 'main',
  readsDisk: true,
  adapterVersion: 1,
  detect: (project) => Promise.resolve(detect(project)),
  takes: (_, file) => CLONE_LANGUAGES.has(file.language) && file.protection === undefined,
  open: (use, context) => Promise.resolve(openClones(use, context)),
};

/** Whether clones are looked for is for `verify.checks` to say; nothing of the project's own is needed. */
function detect({ config, files }: ProjectView): Detection {
  if (!files.some((file) => CLONE_LANGUAGES.has(file.language))) return { uses: [], skips: [] };
  const { minLines, minTokens, threshold } = config.dedupe;
  const options = { minLines, minTokens, threshold };
  return { uses: [bundledUse('duplication', { tool: 'jscpd', version: cloneProgramVersion(), options })], skips: [] };
}

function openClones(use: ToolUse, context: EngineContext): Engine {
  const { minLines, minTokens, threshold } = use.options as { minLines: number; minTokens: number; threshold: unknown };
  const { timeoutMs, signal } = context;
  return {
    check: async (files) => {
      const report = await findClones({
        files,
        minLines,
        minTokens,
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
      const found = report.clones.map((clone) => findingOfClone('jscpd', clone));
      return distribute(files, [...found, ...thresholdFindings('jscpd', report, threshold)]);
    },
  };
}
