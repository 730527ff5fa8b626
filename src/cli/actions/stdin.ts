/** `quality run --stdin`: a filter for editors. Whatever happens it prints the text: nobody's buffer is emptied. */
import { fixBuffer } from '../../buffer.js';
import type { Failure } from '../../model/failure.js';
import type { Request } from '../../open.js';
import { showFindingLines } from '../../reporters/findings-text.js';
import { showFailures } from '../../reporters/failures.js';
import { paintFor, showPath } from '../../reporters/text.js';
import type { RunFlags } from '../options.js';
import { withSignals } from '../signals.js';
import { refuse, wantsColor } from '../terminal.js';

export async function runOnStandardInput({ paths = [], ...request }: Request, flags: RunFlags): Promise<void> {
  const text = await readStandardInput();
  const file = flags.stdinFilepath;
  if (file === undefined || paths.length > 0) {
    process.stdout.write(text);
    refuse([file === undefined ? NO_NAME : ONE_FILE]);
    return;
  }
  const printed = { text: text as Uint8Array };
  try {
    const outcome = await withSignals((signal) => fixBuffer(request, { file, text }, { signal }));
    if (outcome.ok) {
      const { report, exitCode } = outcome.value;
      printed.text = outcome.value.text;
      if (report !== null) say(report, flags);
      process.exitCode = exitCode;
    } else refuse(outcome.failure);
  } finally {
    process.stdout.write(printed.text);
  }
}

const NO_NAME: Failure = {
  kind: 'usage',
  message: '`--stdin` does not say whose text it is',
  next: 'Name the file with `--stdin-filepath`, such as `quality run --stdin --stdin-filepath src/a.ts`.',
};
const ONE_FILE: Failure = {
  kind: 'usage',
  message: '`--stdin` takes one text, and no paths',
  next: 'Name the file with `--stdin-filepath` alone.',
};

type Said = NonNullable<Extract<Awaited<ReturnType<typeof fixBuffer>>, { ok: true }>['value']['report']>;

function say({ findings, refused, failures }: Said, { color }: RunFlags): void {
  const colored = wantsColor(color, process.stderr);
  // A warning about the project as a whole is nothing to hear at each keystroke.
  const own = findings.filter(({ path, severity }) => path !== null || severity === 'error');
  process.stderr.write(showFindingLines(own, paintFor(colored)));
  for (const { path, reason } of refused) process.stderr.write(`${showPath(path)}  not kept: ${reason}\n`);
  if (failures.length > 0) process.stderr.write(showFailures(failures, colored));
}

async function readStandardInput(): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
