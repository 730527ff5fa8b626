/** What is seen on a real terminal while a run goes on, frame by frame. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createScreen } from '../src/reporters/live/screen.js';
import { COMMAND, quality } from './quality.js';
import { repository, temporaryFolder } from './rig.js';

const SCRIPT = '/usr/bin/script';
/** Slow enough for some frames to be drawn. */
const SLOW = 'process.stdout.write(""); setTimeout(() => process.exit(1), 700);\n';

const STEP = /^ {2}[✓✗] /u;

const world = { root: '', pidFile: '' };

/** Interrupts the run that has started it, and waits to be ended with it. */
const stopOf = (pidFile: string): string =>
  `import { readFileSync } from 'node:fs';\nprocess.kill(Number(readFileSync(${JSON.stringify(pidFile)}, 'utf8')), 'SIGINT');\nsetTimeout(() => 0, 60_000);\n`;

beforeAll(() => {
  world.pidFile = join(temporaryFolder(), 'pid');
  world.root = repository({
    '.gitattributes': '* text\n',
    '.prettierrc.json': '{}\n',
    '.quality-config.json': JSON.stringify({
      commands: {
        slow: { run: ['node', 'slow.js'], effect: 'reads' },
        stop: { run: ['node', 'stop.js'], effect: 'reads' },
      },
    }),
    '.prettierignore': '.quality-config.json\nslow.js\nstop.js\npackage.json\n',
    'package.json': '{ "type": "module" }\n',
    'a.js': 'a;\n',
    'b.js': 'b  ;\n',
    'slow.js': SLOW,
    'stop.js': stopOf(world.pidFile),
  });
});

interface Seen {
  readonly raw: string;
  /** What stands on the screen in the end. */
  readonly lines: readonly string[];
  readonly frames: number;
}

function onTerminal(env: Record<string, string>, columns: number, ...args: string[]): Seen {
  const command = `stty cols ${columns} rows 30; "${process.execPath}" "${COMMAND}" ${args.join(' ')}`;
  const { stdout } = spawnSync(SCRIPT, ['-qec', command, '/dev/null'], {
    cwd: world.root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: world.root, LANG: 'C.UTF-8', TERM: 'xterm', ...env },
  });
  return screenOf(stdout);
}

/** As much of a terminal as is needed: up, carriage return, erasing. Styles take no place. */
function screenOf(raw: string): Seen {
  const lines: string[] = [];
  const at = { row: 0, column: 0 };
  const current = (): string => lines[at.row] ?? '';
  const moves: Readonly<Record<string, (number: number) => void>> = {
    A: (number) => (at.row -= number),
    K: () => (lines[at.row] = current().slice(0, at.column)),
    J: () => lines.splice(at.row, Infinity, current().slice(0, at.column)),
    m: () => undefined,
  };
  const write = (text: string): void => {
    lines[at.row] = `${current().slice(0, at.column)}${text}${current().slice(at.column + text.length)}`;
    at.column += text.length;
  };
  for (const [part, number, move] of raw.matchAll(/\u001B\[([\d;]*)([AKJm])|\r|\n|[^\r\n\u001B]+/g)) {
    if (move !== undefined) moves[move]?.(Number(number));
    else if (part === '\r') at.column = 0;
    else if (part === '\n') at.row += 1;
    else write(part);
  }
  return {
    raw,
    lines: Array.from({ length: lines.length }, (_, row) => lines[row] ?? ''),
    frames: raw.split('\u001B[K').length - 1,
  };
}

describe('the block at the end of the screen', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'x'), maxLength: 40 }).map((text) => `|${text}|`);
  const step = fc.oneof(
    fc.record({ draw: fc.array(line, { maxLength: 4 }) }),
    fc.record({ print: line, below: fc.array(line, { maxLength: 3 }) }),
    fc.constant({ clear: true }),
  );

  it('leaves what was printed and the last block, whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 2, max: 30 }), (steps, columns) => {
        const written: string[] = [];
        const terminal = { columns: () => columns, unicode: true, now: () => 0 };
        const screen = createScreen({ ...terminal, write: (text) => void written.push(text) });
        const printed: string[] = [];
        let block: readonly string[] = [];
        for (const one of steps) {
          if ('draw' in one) screen.draw((block = one.draw));
          else if ('print' in one) screen.print(`${printed[printed.push(one.print) - 1] ?? ''}\n`, (block = one.below));
          else screen.clear();
          if ('clear' in one) block = [];
        }
        // Each is one write, or none where nothing has changed: what is half done is never seen.
        expect(written.length).toBeLessThanOrEqual(steps.length);
        // As the terminal's line discipline has it.
        const seen = screenOf(written.join('').replaceAll('\n', '\r\n')).lines.map((text) => text.trimEnd());
        const wanted = [...printed, ...block.map((text) => text.slice(0, columns - 1))].map((text) => text.trimEnd());
        expect(seen.slice(0, wanted.length)).toEqual(wanted);
        expect(seen.slice(wanted.length).join('')).toBe('');
      }),
    );
  });

  it('is wholly taken away on a terminal that has become narrower', () => {
    const written: string[] = [];
    const size = { columns: 40 };
    const terminal = { columns: () => size.columns, unicode: true, now: () => 0 };
    const screen = createScreen({ ...terminal, write: (text) => void written.push(text) });
    screen.draw(['x'.repeat(35), 'short']);
    size.columns = 20;
    screen.clear();
    // The first of the two has been wrapped by then.
    expect(written.at(-1)).toBe('\u001B[3A\r\u001B[J');
  });
});

describe.skipIf(!existsSync(SCRIPT))('on a terminal (needs util-linux’ script)', () => {
  const plainLines = (): string[] =>
    quality(world.root, 'run', '--check', '--no-cache', '--only', 'verify,slow').out.split('\n');
  const withoutTimes = (lines: readonly string[]): string[] =>
    lines.map((line) =>
      line
        .replace(/\d+(\.\d+)? m?s\b/g, 'T')
        .replace(/\d{8}-\d{6}-\w{4}/g, 'RUN')
        .trimEnd(),
    );
  /** What stands there, with the lines of the two steps, either of which may end first, in one order. */
  const inOrder = (lines: readonly string[]): string[] => {
    const said = withoutTimes(lines).filter((line) => line !== '');
    const steps = said.filter((line) => STEP.test(line)).toSorted();
    return said.map((line) => (STEP.test(line) ? (steps.shift() ?? '') : line));
  };
  const args = ['run', '--check', '--no-cache', '--only', 'verify,slow'];

  it('draws what is at work, and leaves in the end the very lines that a pipe gets', () => {
    const seen = onTerminal({}, 100, ...args);
    expect(seen.frames).toBeGreaterThan(2);
    expect(seen.raw).toMatch(/slow .* 1 job at work of \d+ at most/s);
    expect(inOrder(seen.lines)).toEqual(inOrder(plainLines()));
    expect(seen.raw).toContain('\u001B[32m');
  });

  it('never draws wider than the terminal', () => {
    const seen = onTerminal({ NO_COLOR: '1' }, 30, ...args);
    const drawn = seen.raw.split(/\r?\n/).filter((line) => line.includes('\u001B[K'));
    expect(drawn.length).toBeGreaterThan(2);
    for (const line of drawn) expect(line.replace(/\u001B\[\d*[A-Zm]|\r/g, '').length).toBeLessThan(30);
  });

  it('has no colours with NO_COLOR, and only ASCII in a locale that has no more', () => {
    const seen = onTerminal({ NO_COLOR: '1', LANG: 'C' }, 100, ...args);
    expect(seen.raw).not.toMatch(/\u001B\[[\d;]*m/);
    expect(seen.raw).not.toMatch(/[^\u0000-\u007F]/);
  });

  it.each<Record<string, string>>([{ TERM: 'dumb' }, { CI: 'true' }])('draws nothing with %j', (env) => {
    expect(onTerminal({ NO_COLOR: '1', ...env }, 100, ...args).raw).not.toContain('\u001B');
  });

  it('says of a step that was stopped that it was, and takes the block away', () => {
    const stopped = ['run', '--check', '--no-cache', '--only', 'stop'];
    const seen = onTerminal({ NO_COLOR: '1' }, 100, ...stopped, `& echo $! > ${world.pidFile}; wait $!`);
    const last = seen.lines.filter((line) => line !== '').join('\n');
    expect(last).toMatch(/✗ stop-1 +stopped before it was done/);
    expect(last).toContain('Interrupted; everything was put back as it was');
    expect(last).not.toContain('at work');
  });

  it('shows findings and nothing else with --quiet', () => {
    const { raw } = onTerminal({ NO_COLOR: '1' }, 100, 'run', '--check', '--quiet', '--only', 'verify');
    expect(raw).toBe('b.js  error  Not formatted  prettier format  fixable\r\n');
  });
});
