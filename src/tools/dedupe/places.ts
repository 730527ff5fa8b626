/** May one module take something from another, and may that other one give it away? */
import { isWithin, relativeTo } from '../../host/paths.js';
import type { Candidate } from './candidates.js';
import type { Graph } from './graph.js';
import type { Module } from './module.js';

const TEST =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|mocks|spec|e2e|fixtures|stories|examples?|benchmarks?|bench|scripts|playground)\/|[._-](?:test|spec|stories|e2e|bench|fixture|config)\.[^/]+$/;
/** Nothing else imports from these. */
const TEST_FILE = /[._-](?:test|spec|stories|e2e|bench|test-d)\.[^/]+$/;
/** Files in which a framework gives exports a meaning. */
const FRAMEWORK =
  /(?:^|\/)(?:pages|routes|app)\/|(?:^|\/)(?:page|layout|route|loading|error|template|default|middleware|not-found|_app|_document|[+][^/]+)\.[jt]sx?$|\.(?:stories|config)\.[^/]+$/;
const INDEX = /(?:^|\/)index\.[^/]+$/;

interface Way {
  readonly from: Module;
  readonly to: Module;
  /** Folder of the package that both belong to. */
  readonly base: string;
}

/** null when `from` may import from `to`; otherwise the reason why not. */
export function mayImport(way: Way, kind: Candidate['kind'], graph: Graph): string | null {
  const { from, to } = way;
  if (TEST_FILE.test(to.path) || (TEST.test(to.path) && !TEST.test(from.path)))
    return `${to.path} is not part of the program itself`;
  if (!isNeighbour(way, graph)) return `${from.path} imports nothing from where ${to.path} is`;
  const reach = graph.reach(to.path, 'all');
  if (reach.modules.has(from.path)) return `${to.path} imports ${from.path}`;
  if (reach.isOpen) return `what ${to.path} imports is not known completely`;
  return kind === 'type' ? null : loadTrouble(from, to, graph);
}

/** In the same top folder of the package; or something is imported from there already. */
function isNeighbour({ from, to, base }: Way, graph: Graph): boolean {
  const top = (path: string): string => {
    const [first = '', ...rest] = relativeTo(base, path).split('/');
    return rest.length === 0 ? '' : first;
  };
  if (top(from.path) === top(to.path)) return true;
  const targets = from.links.map(({ specifier }) => graph.resolve(from.folder, specifier));
  return targets.some((path) => path !== null && isWithin(base, path) && top(path) === top(to.path));
}

/** Loading `to` must not do or need anything that `from` did not do or need before. */
function loadTrouble(from: Module, to: Module, graph: Graph): string | null {
  const before = graph.reach(from.path, 'runtime');
  const after = graph.reach(to.path, 'runtime');
  const impure = [...after.impure].find((path) => !before.modules.has(path));
  if (impure !== undefined) return `loading ${impure} does something`;
  const other = [...after.packages].find((name) => !before.packages.has(name));
  return other === undefined ? null : `${to.path} would load ${other} as well`;
}

/** null when `module` may export one more name. */
export function mayGainExport(name: string, module: Module, graph: Graph): string | null {
  if (module.exported.has(name)) return `${module.path} exports another ${name}`;
  if (INDEX.test(module.path) || FRAMEWORK.test(module.path)) return `the exports of ${module.path} mean something`;
  if (graph.isTakenWhole(module.path)) return `all that ${module.path} exports is taken elsewhere`;
  return null;
}
