import type { ToolRole, ToolUse } from '../model/tool-use.js';

type Particular = Pick<ToolUse, 'tool' | 'version'> & Partial<Pick<ToolUse, 'evidence' | 'configFiles' | 'options'>>;

/** The one use of a tool that is part of quality: it looks at the whole workspace, whatever the project has installed. */
export function bundledUse(role: ToolRole, particular: Particular): ToolUse {
  return {
    id: `${particular.tool}@`,
    roles: [role],
    origin: 'bundled',
    root: '',
    entry: '',
    evidence: 'bundled with quality',
    scope: null,
    configFiles: [],
    options: {},
    ...particular,
  };
}
