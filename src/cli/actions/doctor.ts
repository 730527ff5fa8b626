import type { Check, CheckStatus } from '../../doctor/check.js';
import { type Diagnosis, examine } from '../../doctor/doctor.js';
import { ownVersion } from '../../host/own-package.js';
import { resolve } from '../../host/paths.js';
import { type Paint, paintFor, showPath } from '../../reporters/text.js';
import { refuse, wantsColor } from '../terminal.js';

export interface DoctorFlags {
  readonly fix?: true;
  readonly json?: true;
  readonly config?: string;
  readonly color?: boolean;
}

/** Exit code 1 where something is broken. */
export async function doctor({ fix, json, config, color }: DoctorFlags): Promise<void> {
  const request = {
    cwd: process.cwd(),
    fix: fix === true,
    ...(config === undefined ? {} : { configFile: resolve(config) }),
  };
  const examined = await examine(request);
  if (!examined.ok) {
    refuse(examined.failure);
    return;
  }
  const diagnosis = examined.value;
  const text =
    json === true
      ? `${JSON.stringify(diagnosis, null, 2)}\n`
      : show(diagnosis, paintFor(wantsColor(color, process.stdout)));
  process.stdout.write(text);
  if (diagnosis.health === 'unhealthy') process.exitCode = 1;
}

const LOOKS: Readonly<Record<CheckStatus, { readonly sign: string; readonly paint: keyof Paint }>> = {
  ok: { sign: 'ok', paint: 'green' },
  note: { sign: 'note', paint: 'cyan' },
  warning: { sign: 'warning', paint: 'yellow' },
  error: { sign: 'error', paint: 'red' },
};

function show({ health, reasons, checks }: Diagnosis, paint: Paint): string {
  const lines = checks.flatMap((check) => linesOf(check, paint));
  const end = `quality ${ownVersion()}: ${paint.bold(health)}`;
  return [...lines, '', end, ...reasons.map((reason) => `  ${showPath(reason)}`), ''].join('\n');
}

function linesOf({ name, status, summary, details = [], next, fixed }: Check, paint: Paint): string[] {
  const { sign, paint: color } = LOOKS[status];
  return [
    `${paint[color](sign.padEnd(8))}${name.padEnd(12)} ${showPath(summary)}`,
    ...details.map((line) => paint.dim(`${' '.repeat(21)}${showPath(line)}`)),
    ...(fixed === undefined ? [] : [`${' '.repeat(21)}--fix: ${showPath(fixed)}`]),
    ...(next === undefined ? [] : [`${' '.repeat(21)}→ ${showPath(next)}`]),
  ];
}
