import { dirname, relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { ExpError } from '../core/errors.ts';
import { execute } from '../experiment/execute.ts';
import type { Definition } from '../experiment/definition.ts';
import { planRun } from '../experiment/plan.ts';
import type { RunRequest } from '../experiment/requests.ts';
import { hasOwnExperiment, selectExperiment } from '../experiment/registry.ts';
import { withProject } from '../experiment/with-project.ts';
import { showAll, showErrorsOnly } from '../logging/level.ts';
import { loadProject } from '../project/load-project.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import type { Project } from '../project/project-config.ts';
import { ghostRoot } from '../run/ghost.ts';
import { startedRuns } from '../run/open-runs.ts';
import type { GhostRoot } from '../store/ghost-root.ts';
import { errorText } from '../worker/error-text.ts';
import { addRunFlags, type RunFlags } from './run-flags.ts';
import { runRequest } from './run-request.ts';

/**
 * Runs the experiment of a file that Node itself has loaded, in this very process: what
 * `node --import exptools/register main.ts lr=0.1` does once the file is evaluated.
 */
async function runDirectly(file: string, argv: readonly string[]): Promise<number> {
  const command = addRunFlags(
    new Command('main').argument('[words...]').helpOption(false).exitOverride(),
  );
  try {
    command.parse([...argv], { from: 'user' });
    const flags = command.opts<RunFlags>();
    checkKnown(command, file);
    if (flags.verbose === true) showAll();
    if (flags.quiet ?? process.env['EXP_QUIET'] === '1') {
      showErrorsOnly();
      process.env['EXP_QUIET'] = '1';
    }
    const project = await loadProject(dirname(file));
    const definition = withProject(selectExperiment(file, [], flags.experiment), project);
    const request = runRequest(file, command.args, flags, project);
    const ghost = ghostRoot(flags.ghost);
    try {
      return await runPlanned(definition, request, { project, flags, ghost });
    } finally {
      ghost?.remove();
    }
  } catch (error) {
    // The parser has said what is wrong.
    if (error instanceof CommanderError) return 2;
    process.stderr.write(errorText(error, argv.includes('--verbose')));
    return 2;
  }
}

/** The flags of `run-exp FILE` that a single run in this process can follow. */
const KNOWN: readonly string[] = [
  'root',
  'seed',
  'sinks',
  'name',
  'comment',
  'experiment',
  'from',
  'systemMetrics',
  'checkpoint',
  'grace',
  'ghost',
  'quiet',
  'verbose',
];

/** @throws {ExpError} EXP_USAGE for flags of sweeps, launchers and looks. */
function checkKnown(command: Command, file: string): void {
  const given = command.opts<Readonly<Record<string, unknown>>>();
  const other = command.options.find(
    (option) =>
      given[option.attributeName()] !== undefined && !KNOWN.includes(option.attributeName()),
  );
  if (other === undefined) return;
  const flag = other.flags.replace(/^-h, /, '');
  const shown = relative(process.cwd(), file);
  throw new ExpError('EXP_USAGE', `For ${other.long} use: npx run-exp ${shown} ${flag}`);
}

async function runPlanned(
  definition: Definition,
  request: RunRequest,
  around: {
    readonly project: Project;
    readonly flags: RunFlags;
    readonly ghost?: GhostRoot | undefined;
  },
): Promise<number> {
  const { project, flags, ghost } = around;
  const root = ghost?.dir ?? request.root;
  const planned = await planRun(definition, { ...request, root, ghost: ghost !== undefined });
  const sources = ghost === undefined ? backUpSources(project, root) : undefined;
  const spec = { ...planned, ...(sources !== undefined && { sources }) };
  const { run, thrown } = await execute(definition, spec, {
    isAnnounced: true,
    ...(ghost !== undefined && { onOver: ghost.remove }),
  });
  if (run.status === 'completed') return 0;
  process.stderr.write(errorText(thrown?.error, flags.verbose === true));
  return 1;
}

/** Runs the experiment of the main file once its code and all it awaited is done. */
export function runWhenLoaded(): void {
  const main = process.argv[1];
  if (main === undefined) return;
  // The event loop is empty for the first time: every import and top-level await is over.
  process.once('beforeExit', () => {
    // A file that ran an experiment itself, or only looks at one, wants nothing more of us.
    const file = resolve(main);
    if (startedRuns() > 0 || !hasOwnExperiment(file)) return;
    void runDirectly(file, process.argv.slice(2)).then((code) => process.exit(code));
  });
}
