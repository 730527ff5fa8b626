import { Argument, type Command } from 'commander';

const HELP = `
Put it where the shell looks for it:
  quality completion bash > ~/.local/share/bash-completion/completions/quality
  quality completion zsh > "\${fpath[1]}/_quality"
  quality completion fish > ~/.config/fish/completions/quality.fish`;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands, flags and their values in a shell')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action(async (shell: 'bash' | 'zsh' | 'fish') =>
      (await import('../actions/completion.js')).printCompletion(program, shell),
    );
}
