import type { Command } from 'commander';
import type { CheckoutFlags } from './checkout.ts';
import type { DiffFlags } from './diff.ts';
import { wholeFrom } from './flag-values.ts';
import { looking } from './looking-back.ts';
import type { TagsFlags } from './tags.ts';

/** Adds the commands about the code of runs: tags, checkout and diff. */
export function addCodeCommands(program: Command): void {
  const tags = looking(
    program.command('tags'),
    'list the runs that this git repository has tags of',
  )
    .option('-c, --commit <sha>', 'only runs of this commit, or that began on it')
    .option('-s, --with-results', 'only runs with results')
    .action(async (flags: TagsFlags) => {
      const { showTags } = await import('./tags.ts');
      showTags(flags);
    });
  sharing(tags, 'push', 'bring the tags of runs, and their code, to a remote');
  sharing(tags, 'pull', 'bring the tags of runs, and their code, from a remote');
  tags
    .command('rm')
    .argument('<run-or-tag...>')
    .description('remove the tags of runs; their directories stay')
    .helpOption('-h, --help', 'show this help')
    .action(async (names: string[]) => {
      const { removeTags } = await import('./tags.ts');
      removeTags(names);
    });
  looking(
    program.command('checkout').argument('<run>').argument('<dir>'),
    'write the code of a run, as it was, into a new directory',
  )
    .option('--attempt <n>', 'the code of its n-th attempt (default: of the last)', wholeFrom(1))
    .action(async (name: string, dir: string, flags: CheckoutFlags) => {
      const { checkOutRun } = await import('./checkout.ts');
      checkOutRun(name, dir, flags);
    });
  looking(
    program.command('diff').argument('<a>').argument('<b>'),
    'show what differs between two runs: config, code, results',
  ).action(async (a: string, b: string, flags: DiffFlags) => {
    const { diffRuns } = await import('./diff.ts');
    diffRuns(a, b, flags);
  });
}

function sharing(tags: Command, name: 'push' | 'pull', description: string): void {
  tags
    .command(name)
    .argument('[remote]', 'a remote of this repository', 'origin')
    .description(description)
    .helpOption('-h, --help', 'show this help')
    .action(async (remote: string) => {
      const { exchangeTags } = await import('./tags.ts');
      exchangeTags(name, remote);
    });
}
