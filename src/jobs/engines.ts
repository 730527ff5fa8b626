import { absolutePath, join } from '../host/paths.js';
import type { Dependencies } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { toolOf } from '../tools/registry.js';
import type { Engine } from '../tools/tool.js';
import type { EngineSource } from './run-job.js';

export interface EngineSettings {
  readonly root: string;
  /** `.quality/cache`, absolute. */
  readonly cacheFolder: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called with the absolute folder of a use before its engine is opened or used. */
  readonly enter?: (folder: string) => void;
  readonly noteReach?: (use: ToolUse, dependsOn: Dependencies) => void;
  readonly released?: () => void;
}

/**
 * Opens each engine once and keeps it: loading a tool costs more than most jobs. Under another setting the one before is
 * of no use any more.
 */
export function createEngines(settings: EngineSettings): EngineSource {
  const opened = new Map<string, { readonly key: string; readonly engine: Promise<Engine> }>();
  const open = (use: ToolUse): Promise<Engine> =>
    toolOf(use).open(use, {
      root: settings.root,
      stateFolder: join(settings.cacheFolder, use.tool.replaceAll(/[^\w.-]/g, '_')),
      timeoutMs: settings.timeoutMs,
      ...(settings.signal === undefined ? {} : { signal: settings.signal }),
      noteReach: (dependsOn) => settings.noteReach?.(use, dependsOn),
      ...(settings.released === undefined ? {} : { released: settings.released }),
    });
  return (use) => {
    settings.enter?.(absolutePath(settings.root, use.root));
    const key = JSON.stringify([use.version, use.options, use.setting]);
    const known = opened.get(use.id);
    if (known?.key === key) return known.engine;
    const engine = open(use);
    opened.set(use.id, { key, engine });
    return engine;
  };
}
