/** JSON of unknown shape, looked at with care: a field that is not of the expected type is absent. */
import { type OutputContext, outputFault } from './context.js';

export type JsonRecord = Readonly<Record<string, unknown>>;

export function parseJson(output: string, expected: string, context: OutputContext): unknown {
  try {
    return JSON.parse(output.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw outputFault(context, expected, output);
  }
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `at(value, 'location.row')`: undefined where a step of the way is missing. A number picks from a list. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path.split('.')) {
    here = Array.isArray(here) ? (here as readonly unknown[])[Number(step)] : record(here)[step];
  }
  return here;
}
