import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortGraph } from '../src/planner/graph.js';
import { BUILT_IN_COMMANDS } from '../src/planner/commands.js';
import { sequenceSteps } from '../src/planner/sequence.js';
import { chooseStrategy } from '../src/planner/strategy.js';
import { workflowOfCommands } from '../src/planner/workflows.js';
import type { CommandSpec, Workflow } from '../src/model/command.js';

const graphs = fc
  .uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.subarray(ids).map((after) => ({ id, after })))));

describe('sortGraph', () => {
  it('puts every node after its needs, or shows a closed circle of real edges', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const sorted = sortGraph(nodes);
        const needs = new Map(nodes.map((node) => [node.id, node.after]));
        if ('order' in sorted) {
          expect([...sorted.order].sort()).toEqual(nodes.map((node) => node.id).sort());
          for (const { id, after } of nodes)
            for (const need of after) expect(sorted.order.indexOf(need)).toBeLessThan(sorted.order.indexOf(id));
        } else {
          expect(sorted.circle.length).toBeGreaterThan(1);
          expect(sorted.circle.at(0)).toBe(sorted.circle.at(-1));
          for (let i = 1; i < sorted.circle.length; i++)
            expect(needs.get(sorted.circle[i - 1] ?? '')).toContain(sorted.circle[i]);
        }
      }),
    );
  });

  it('keeps the written order where nothing asks for another', () => {
    const ids = ['c', 'a', 'b'];
    expect(sortGraph(ids.map((id) => ({ id, after: [] })))).toEqual({ order: ids });
  });
});

const builtIn = new Map(BUILT_IN_COMMANDS.map((command) => [command.name, command]));
const idsOf = (
  workflow: Workflow,
  gate: 'findings' | 'syntax' | 'none',
  commands: ReadonlyMap<string, CommandSpec> = builtIn,
): readonly string[] => {
  const sequence = sequenceSteps(workflow, commands, gate);
  if (!sequence.ok) throw new Error(sequence.failure.message);
  return sequence.value.steps.map((step) => step.id);
};

describe('sequenceSteps', () => {
  it('sorts commands by what they come after', () => {
    expect(idsOf(workflowOfCommands(['dedupe', 'cleanup', 'format']), 'none')).toEqual([
      'format-1',
      'cleanup-1',
      'dedupe-1',
    ]);
  });

  it('adds the verify that the gate needs around what writes', () => {
    expect(idsOf(workflowOfCommands(['cleanup']), 'findings')).toEqual(['verify-1', 'cleanup-1', 'verify-2']);
    expect(idsOf(workflowOfCommands(['format']), 'syntax')).toEqual(['format-1']);
  });

  it('runs a command once that stands twice in a row', () => {
    expect(idsOf(workflowOfCommands(['verify', 'verify']), 'none')).toEqual(['verify-1']);
  });

  it('drops what another command covers, and refuses what cannot go together', () => {
    const own = (name: string, more: Partial<CommandSpec>): [string, CommandSpec] => [
      name,
      { name, effect: 'reads', after: [], description: '', ...more },
    ];
    const commands = new Map([
      ...builtIn,
      own('all', { covers: ['verify'] }),
      own('odd', { incompatible: { verify: { level: 'error', reason: 'it lies' } } }),
    ]);
    expect(idsOf(workflowOfCommands(['verify', 'all']), 'none', commands)).toEqual(['all-1']);
    const clash = sequenceSteps(workflowOfCommands(['odd', 'verify']), commands, 'none');
    expect(clash).toMatchObject({
      ok: false,
      failure: { kind: 'config-invalid', message: 'odd and verify do not go together: it lies' },
    });
  });

  it('shows the whole circle', () => {
    const commands = new Map(
      [
        ['a', 'c'],
        ['b', 'a'],
        ['c', 'b'],
      ].map(([name = '', need = '']): [string, CommandSpec] => [
        name,
        { name, effect: 'reads', after: [need], description: '' },
      ]),
    );
    const sequence = sequenceSteps(workflowOfCommands(['a', 'b', 'c']), commands, 'none');
    expect(sequence).toMatchObject({
      ok: false,
      failure: { message: 'These commands wait for each other: a → c → b → a' },
    });
  });
});

describe('chooseStrategy', () => {
  const GIB = 1024 ** 3;
  const machine = (cores: number, loadPerCore: number, free: number) => ({
    cores,
    loadPerCore,
    availableMemory: free * GIB,
    totalMemory: 16 * GIB,
    cpuPressure: null,
  });
  const wishes = { priority: 'balanced', maxParallel: undefined, parallelExecution: true } as const;
  const small = { files: 10, bytes: 1000 };
  const middle = { files: 400, bytes: 4 * 1024 ** 2 };
  const large = { files: 5000, bytes: 40 * 1024 ** 2 };

  it.each([
    [small, 'balanced', 'simple'],
    [middle, 'balanced', 'balanced'],
    [large, 'balanced', 'performance'],
    [small, 'speed', 'performance'],
    [large, 'safety', 'conservative'],
    [small, 'thorough', 'comprehensive'],
  ] as const)('%o with priority %s is %s', (size, priority, name) => {
    expect(chooseStrategy(size, machine(8, 0.1, 12), { ...wishes, priority }).name).toBe(name);
  });

  it.each([
    ['idle', machine(8, 0.1, 12), {}, 8],
    ['loaded', machine(8, 1.5, 12), {}, 4],
    ['short of memory', machine(8, 0.1, 1), {}, 1],
    ['rather short of memory', machine(8, 0.1, 5), {}, 3],
    ['one core, loaded', machine(1, 3, 12), {}, 1],
    ['half a core by quota', machine(1, 0, 12), {}, 1],
    ['capped', machine(8, 0.1, 12), { maxParallel: 3 }, 3],
    ['a cap above what the machine gives', machine(2, 0.1, 12), { maxParallel: 64 }, 2],
    ['parallelExecution off', machine(8, 0.1, 12), { parallelExecution: false }, 1],
    ['priority safety', machine(8, 0.1, 12), { priority: 'safety' as const }, 1],
  ])('on a machine that is %s', (_name, readings, more, parallel) => {
    expect(chooseStrategy(middle, readings, { ...wishes, ...more }).parallel).toBe(parallel);
  });
});
