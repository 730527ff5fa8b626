import type { Command } from 'commander';
import type { McpFlags } from '../actions/mcp.js';

export function addMcp(program: Command): void {
  program
    .command('mcp')
    .description('serve the Model Context Protocol on standard input and output, for coding agents')
    .argument('[folder]', 'the project; the current folder when absent')
    .option('--allow-write', 'let clients change files and roll back; without it they can only look')
    .action(async (folder: string | undefined, flags: McpFlags) =>
      (await import('../actions/mcp.js')).serveMcp(folder, flags),
    );
}
