/** One thing that the doctor looks at, and what becomes of all of them together. */

/** `note`: as it is, and worth knowing; `warning`: works, but not as well as it could; `error`: something is broken. */
export type CheckStatus = 'ok' | 'note' | 'warning' | 'error';
export type Health = 'healthy' | 'degraded' | 'unhealthy';

export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** One line. */
  readonly summary: string;
  readonly details?: readonly string[];
  /** What to do about it: a command, mostly. */
  readonly next?: string;
  /** What `--fix` did about it. */
  readonly fixed?: string;
}

/** A check, and what can be done about it without a risk; absent where there is nothing to do. */
export interface Finding extends Omit<Check, 'name' | 'fixed'> {
  /** Says what it did. */
  readonly fix?: () => Promise<string>;
}

export type Look = () => Promise<Finding>;

/** Looks, and with `fixes` does what is safe and looks again. What goes wrong with looking is a finding itself. */
export async function lookInto(name: string, look: Look, fixes: boolean): Promise<Check> {
  try {
    const found = await look();
    if (!fixes || found.fix === undefined) return checkOf(name, found);
    const outcome = await attempt(found.fix);
    return { ...checkOf(name, await look()), fixed: outcome };
  } catch (error) {
    return { name, status: 'error', summary: `cannot be looked at: ${wordsOf(error)}` };
  }
}

async function attempt(fix: () => Promise<string>): Promise<string> {
  try {
    return await fix();
  } catch (error) {
    return `not now: ${wordsOf(error)}`;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function checkOf(name: string, finding: Finding): Check {
  const check: Finding & { readonly name: string } = { name, ...finding };
  return Object.fromEntries(Object.entries(check).filter(([key]) => key !== 'fix')) as unknown as Check;
}

export function healthOf(checks: readonly Check[]): Health {
  if (checks.some(({ status }) => status === 'error')) return 'unhealthy';
  return checks.some(({ status }) => status === 'warning') ? 'degraded' : 'healthy';
}

export function reasonsFor(checks: readonly Check[]): readonly string[] {
  return ['error', 'warning'].flatMap((wanted) =>
    checks.flatMap(({ name, status, summary }) => (status === wanted ? [`${name}: ${summary}`] : [])),
  );
}
