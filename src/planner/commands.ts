import type { Config, CustomCommand } from '../config/schema.js';
import type { CommandSpec } from '../model/command.js';

/** The built-in commands. `after` orders them wherever two of them meet in one workflow. */
export const BUILT_IN_COMMANDS: readonly CommandSpec[] = [
  { name: 'analyze', effect: 'reads', after: [], description: 'size, languages, complexity, duplication, hot spots' },
  {
    name: 'verify',
    effect: 'reads',
    after: [],
    description: 'what the project’s own checks say: format, lint, types, dead code, tests',
  },
  {
    name: 'format',
    effect: 'writes',
    after: ['verify'],
    description: 'the formatters and lint fixers that the project uses',
  },
  {
    name: 'cleanup',
    effect: 'writes',
    after: ['verify', 'format'],
    description: 'unused imports, unused locals without effect, unreachable code',
  },
  {
    name: 'dedupe',
    effect: 'writes',
    after: ['verify', 'cleanup', 'format'],
    description: 'clones: reported, or merged when dedupe.apply is on',
  },
];

/** Built-in commands and those of the config, by name. */
export function commandsOf(config: Config): ReadonlyMap<string, CommandSpec> {
  const own = Object.entries(config.commands).map(([name, command]) => ownCommand(name, command));
  return new Map([...BUILT_IN_COMMANDS, ...own].map((command) => [command.name, command]));
}

function ownCommand(name: string, command: CustomCommand): CommandSpec {
  return { name, effect: command.effect, after: command.after, description: command.run.join(' ') };
}
