import type { Request } from '../open.js';

type Wish = 'paths' | 'workflow' | 'only' | 'since';

/** Without those that were not given. */
export function wishesOf(wishes: { readonly [K in Wish]?: Request[K] | undefined }): Pick<Request, Wish> {
  const given = (['paths', 'workflow', 'only', 'since'] as const).filter((key) => wishes[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, wishes[key]]));
}
