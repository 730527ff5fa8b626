import type { Format } from './format.js';
import type { ReporterFactory } from './reporter.js';

/** How a run is shown while it goes on. Each is loaded when it is asked for. */
export const REPORTERS: Readonly<Record<string, () => Promise<ReporterFactory>>> = {
  plain: async () => (await import('./plain.js')).plain,
  live: async () => (await import('./live.js')).live,
  json: async () => (await import('./json.js')).json,
  ndjson: async () => (await import('./ndjson.js')).ndjson,
  agent: async () => (await import('./agent.js')).agent,
};

/** What can be made of a run afterwards. */
export const FORMATS: Readonly<Record<string, () => Promise<Format>>> = {
  text: async () => (await import('./text-report.js')).textReport,
  agent: async () => (await import('./agent.js')).agentReport,
  json: async () => (await import('./json.js')).jsonReport,
  html: async () => (await import('./html.js')).html,
  markdown: async () => (await import('./markdown.js')).markdown,
  sarif: async () => (await import('./sarif.js')).sarif,
  junit: async () => (await import('./junit.js')).junit,
  checkstyle: async () => (await import('./checkstyle.js')).checkstyle,
  gitlab: async () => (await import('./gitlab.js')).gitlab,
};

/** Other questions to a run's log, answered on the terminal. */
export const VIEWS = {
  timing: async () => (await import('./timing-text.js')).timing,
  trend: async () => (await import('./trend-text.js')).trend,
} as const satisfies Readonly<Record<string, () => Promise<Format>>>;
