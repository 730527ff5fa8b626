/** What a compiler's code stands for, by the list that the compiler itself has. */
import type { RuleFacts } from './own-rules.js';
import { silenceOf } from './silence.js';

const CODE = /^TS(\d+)$/i;

export function isCode(rule: string): boolean {
  return CODE.test(rule);
}

interface Message {
  readonly code: number;
  readonly message: string;
  readonly reportsUnnecessary?: unknown;
}

/** null where no compiler says such a thing. */
export async function factsOfCode(rule: string): Promise<RuleFacts | null> {
  const { ts } = await import('ts-morph');
  const { Diagnostics } = ts as unknown as { readonly Diagnostics?: Readonly<Record<string, Message>> };
  const code = Number(CODE.exec(rule)?.[1]);
  const found = Object.values(Diagnostics ?? {}).find((one) => one.code === code);
  if (found === undefined) return null;
  const needless = found.reportsUnnecessary !== undefined;
  return {
    tool: 'tsc',
    bare: `TS${String(code)}`,
    what: found.message,
    fix: needless ? 'What is safe to remove `quality cleanup` or `quality run` removes; the rest by hand.' : null,
    silence: silenceOf('tsc', rule),
  };
}
