/** For a person at a terminal: what is at work right now, drawn again at most ten times a second, and plain lines above it. */
import type { Event } from '../model/event.js';
import { EMPTY_RUN, foldEvent } from '../model/run-state.js';
import { ascii } from './characters.js';
import { createScreen } from './live/screen.js';
import { type AnyPlan, type Status, foldStatus, statusLines } from './live/status.js';
import { progressLine } from './plain.js';
import type { ReporterFactory } from './reporter.js';
import { showEnding } from './text-report.js';
import { paintFor } from './text.js';

const FRAME_MS = 100;

export const live: ReporterFactory = ({ output, verbosity }) => {
  const { color } = output;
  const inWords = output.terminal.unicode ? (text: string): string => text : ascii;
  const terminal = { ...output.terminal, write: (text: string) => output.terminal.write(inWords(text)) };
  const paint = paintFor(color);
  const screen = createScreen(terminal);
  const shows = verbosity !== 'quiet';
  let state = EMPTY_RUN;
  let status: Status = new Map();
  let plan: AnyPlan | null = null;
  let frame = 0;
  let timer: NodeJS.Timeout | null = null;
  const lines = (): readonly string[] =>
    statusLines(status, state, { now: terminal.now(), frame, unicode: terminal.unicode, paint, plan });
  const draw = (): void => {
    frame += 1;
    screen.draw(lines());
  };
  const start = (): void => {
    timer ??= setInterval(draw, FRAME_MS).unref();
  };
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    screen.clear();
  };
  const tell = (event: Event): void => {
    const line = progressLine(event, state, paint);
    if (line !== null) screen.print(`${line}\n`, lines());
  };
  return {
    onPlan: (made) => {
      plan = made;
    },
    onEvent: (event) => {
      state = foldEvent(state, event);
      status = foldStatus(status, event, plan);
      if (!shows) return;
      tell(event);
      if (event.type === 'run-finished') stop();
      else start();
    },
    onEnd: async (ending) => {
      stop();
      const text = await showEnding({ ...ending, state, plan }, { color, verbosity });
      if (text !== '') output.out(inWords(`${shows ? '\n' : ''}${text}`));
    },
    aside: async (work) => {
      const wasDrawing = timer !== null;
      stop();
      try {
        return await work();
      } finally {
        if (wasDrawing) start();
      }
    },
  };
};
