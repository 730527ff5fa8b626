import type { Command } from 'commander';

export function addCache(program: Command): void {
  const cache = program.command('cache').description('what earlier runs have found out, kept in .quality/cache');
  cache
    .command('stats')
    .description('show how much there is')
    .action(async () => (await import('../actions/cache.js')).showCache());
  cache
    .command('clear')
    .description('forget all of it')
    .action(async () => (await import('../actions/cache.js')).forgetCache());
  cache
    .command('optimize')
    .description('drop what newer answers replace and what is damaged')
    .action(async () => (await import('../actions/cache.js')).shrinkCache());
}
