import { type Diagnostic, newDiagnostics } from '../model/diagnostic.js';
import type { RunState } from '../model/run-state.js';

/** With `--new-only` all of them; else those that the run before did not have; where there was none, those that were not there when this one began. */
export function freshFindings(
  findings: readonly Diagnostic[],
  { base, firstFindings, findings: last, extraFindings }: RunState,
  earlier: readonly Diagnostic[] | null,
): readonly Diagnostic[] {
  if (base !== null) return findings;
  if (earlier !== null) return newDiagnostics(earlier, findings);
  return firstFindings === null || last === null ? [] : newDiagnostics([...firstFindings, ...extraFindings], findings);
}
