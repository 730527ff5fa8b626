import { count, h } from './dom.js';

interface Settings<T> {
  /** How many are drawn at once. */
  readonly step: number;
  readonly what: string;
  readonly row: (item: T) => HTMLElement;
}

/** The first items, and a button for more: 20,000 rows at once would keep the browser busy for seconds. */
export function limitedList<T>(items: readonly T[], { step, what, row }: Settings<T>): HTMLElement {
  const list = h('ul', { class: 'rows' });
  const button = h('button', { type: 'button', class: 'more' });
  const more = (): void => {
    const from = list.childElementCount;
    const added = items.slice(from, from + step).map((item) => h('li', {}, row(item)));
    list.append(...added);
    const rest = items.length - list.childElementCount;
    button.hidden = rest === 0;
    button.textContent = `Show ${String(Math.min(step, rest))} more of ${count(rest, what)}`;
    // With the keyboard one goes on where the new ones begin.
    if (from > 0) added[0]?.querySelector<HTMLElement>('summary, a, button')?.focus();
  };
  button.addEventListener('click', more);
  more();
  return h('div', {}, list, button);
}

/** Opened when asked for: its content is made then. */
export function disclosure(summary: readonly (Node | string)[], content: () => Node, open = false): HTMLElement {
  const details = h('details', { open }, h('summary', {}, ...summary));
  const draw = (): void => {
    if (details.open && details.childElementCount === 1) details.append(content());
  };
  details.addEventListener('toggle', draw);
  draw();
  return details;
}
