import { now } from '../host/clock.js';
import { type FileHandle, appendFile, open, readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import type { Event, EventBody } from '../model/event.js';

export type Listener = (event: Event) => void;

/** Where a run's events go: every listener at once, and the log on disk in the same order. */
export interface EventLog {
  readonly emit: (body: EventBody) => void;
  /** Everything so far is with the system, or could not be written: then the log is short, and the run goes on. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Appends to `events.jsonl`. Writes are queued and merged, so that emitting never waits; what a crash cuts off is at most
 * the last lines, and a cut line is ignored when the log is read.
 */
export async function openEventLog(folder: string, listeners: readonly Listener[]): Promise<EventLog> {
  const handle = await open(join(folder, 'events.jsonl'), 'a');
  const writer = queuedWriter(handle);
  let seq = 0;
  return {
    emit: (body) => {
      const event: Event = { ...body, at: now(), seq: seq++ };
      writer.append(`${JSON.stringify(event)}\n`);
      for (const listener of listeners) listener(event);
    },
    flush: writer.drained,
    close: async () => {
      await writer.drained();
      await handle.close();
    },
  };
}

function queuedWriter(handle: FileHandle): { append: (text: string) => void; drained: () => Promise<void> } {
  let pending: string[] = [];
  let tail: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const text = pending.join('');
    pending = [];
    // A full disk must not end the run by way of its log: what matters more is said by the transaction.
    await handle.appendFile(text).catch(() => undefined);
  };
  return {
    append: (text) => {
      pending.push(text);
      if (pending.length === 1) tail = tail.then(write);
    },
    drained: () => tail,
  };
}

/** Adds what happens to a run after its end, by another process. A line that a crash has cut is closed first. */
export async function appendEvent(folder: string, body: EventBody): Promise<void> {
  const event: Event = { ...body, at: now(), seq: (await readEvents(folder)).length };
  await appendFile(join(folder, 'events.jsonl'), `\n${JSON.stringify(event)}\n`);
}

/** The events of a run so far; a line that was cut by a crash is none. */
export async function readEvents(folder: string): Promise<readonly Event[]> {
  const text = await readTextIfThere(join(folder, 'events.jsonl'));
  const events: Event[] = [];
  for (const line of (text ?? '').split('\n')) {
    const event = parseLine(line);
    if (event !== null) events.push(event);
  }
  return events;
}

function parseLine(line: string): Event | null {
  if (line === '') return null;
  try {
    return JSON.parse(line) as Event;
  } catch {
    return null;
  }
}
