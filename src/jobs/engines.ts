import { absolutePath, join } from '../host/paths.js';
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
}

/** Opens each engine once and keeps it: loading a tool costs more than most jobs. */
export function createEngines(settings: EngineSettings): { engineOf: EngineSource; close: () => Promise<void> } {
  const opened = new Map<string, Promise<Engine>>();
  const open = (use: ToolUse): Promise<Engine> =>
    toolOf(use).open(use, {
      root: settings.root,
      stateFolder: join(settings.cacheFolder, use.tool.replaceAll(/[^\w.-]/g, '_')),
      timeoutMs: settings.timeoutMs,
      ...(settings.signal === undefined ? {} : { signal: settings.signal }),
    });
  return {
    engineOf: async (use) => {
      settings.enter?.(absolutePath(settings.root, use.root));
      const key = JSON.stringify([use.id, use.version, use.options]);
      const engine = opened.get(key) ?? open(use);
      opened.set(key, engine);
      return engine;
    },
    close: async () => {
      for (const engine of await Promise.allSettled(opened.values())) {
        if (engine.status === 'fulfilled') await engine.value.close?.();
      }
    },
  };
}
