import { isExpError, messageOf } from '../core/errors.ts';
import { setTerminalColumns } from '../core/terminal.ts';
import { describeExperiment } from '../experiment/describe.ts';
import { execute } from '../experiment/execute.ts';
import type { Definition } from '../experiment/definition.ts';
import { planRun, planSweep } from '../experiment/plan.ts';
import { planExtension } from '../experiment/plan-extension.ts';
import { resolveConfig } from '../experiment/resolve.ts';
import { configFileText } from '../experiment/saved-config.ts';
import { commandLine } from '../provenance/command-line.ts';
import { allowedCpuList } from '../provenance/cpus.ts';
import type { RunMessage, WorkerMessage } from '../launch/session.ts';
import { showAll } from '../logging/level.ts';
import { markTextTimes } from '../logging/text.ts';
import { interruptOpenRuns } from '../run/open-runs.ts';
import { loadExperiment } from './load-experiment.ts';
import type { Answers, Question, ToWorker } from './protocol.ts';
import { errorText } from './error-text.ts';
import { becomeWorker } from './worker-role.ts';
import { progressReporter } from './progress-reporter.ts';

// The process in which the user's file lives. It answers questions about the experiment, and
// executes at most one run. Its launcher holds values only and never imports that file.

const launcherPid = process.ppid;
const isVerbose = process.env['EXP_VERBOSE'] === '1';

// Ours alone, like the command line: what this process starts may write elsewhere.
const { EXP_COLUMNS: columns } = process.env;
delete process.env['EXP_COLUMNS'];
if (columns !== undefined) setTerminalColumns(Number(columns));

commandLine();
becomeWorker();
markTextTimes();
if (isVerbose) showAll();

for (const stream of [process.stdout, process.stderr]) writeAtOnce(stream);
process.on('message', (message: ToWorker) => void handle(message));
process.on('disconnect', leave);
// Our output goes to the launcher: when it is gone, a write says so before the channel does.
process.stdout.on('error', leave);
process.stderr.on('error', leave);
process.on('uncaughtException', (error) => {
  // A handler of the user's own decides for itself.
  if (process.listenerCount('uncaughtException') > 1) return;
  process.stderr.write(errorText(error, isVerbose));
  process.exit(1);
});

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'run') {
    process.exit(await run(message));
    return;
  }
  if (message.type === 'resize') {
    setTerminalColumns(message.columns);
    return;
  }
  try {
    await say({ type: 'reply', value: await answer(message) });
  } catch (error) {
    await say({
      type: 'refusal',
      code: isExpError(error) ? error.code : 'EXP_FILE',
      message: messageOf(error),
      ...(error instanceof Error && error.stack !== undefined && { stack: error.stack }),
    });
  }
}

/**
 * Has a stream write before it returns. Node queues what a pipe does not take at once: an exit in
 * the middle of the code, a signal or a loop that never yields would lose it.
 */
function writeAtOnce(stream: NodeJS.WriteStream): void {
  const { _handle } = stream as { _handle?: { setBlocking?: (on: boolean) => void } };
  _handle?.setBlocking?.(true);
}

let loaded: Promise<Definition> | undefined;

async function answer(question: Question): Promise<Answers[Question['type']]> {
  const definition = await (loaded ??= loadExperiment(question.file, question.experiment));
  if (question.type === 'plan-run') return planRun(definition, question.request);
  if (question.type === 'plan-sweep') return planSweep(definition, question.request);
  if (question.type === 'plan-extension') return planExtension(definition, question.extension);
  if (question.type === 'resolve') {
    return resolveConfig(definition, question.request, question.isSweep);
  }
  if (question.type === 'config-file') {
    return configFileText(definition, question.request, question.format);
  }
  return describeExperiment(definition, question.sinks);
}

/** Executes the run and returns the exit code of the process. */
async function run({ spec, slot }: RunMessage): Promise<number> {
  try {
    const definition = await (loaded ??= loadExperiment(spec.file!, spec.experiment));
    // A main that awaits what nothing will settle must end this process, which the channel would keep.
    process.channel?.unref();
    // Whoever resumes the sweep of a launcher that was killed counts on this run not to begin.
    if (process.ppid !== launcherPid) leave();
    const allowed = allowedCpuList();
    const { run, thrown } = await execute(definition, spec, {
      affinity: {
        slot: slot.index,
        ...(slot.cpus.length > 0 && { cpus: slot.cpus }),
        ...(slot.workerCpus !== undefined && { workerCpus: slot.workerCpus }),
        ...(slot.gpus !== undefined && { gpus: slot.gpus }),
        ...(slot.code !== undefined && { code: slot.code }),
        ...(allowed !== undefined && { allowed }),
      },
      isCaptured: true,
      onRow: progressReporter(
        spec.objective,
        (progress) => void say({ type: 'progress', progress }),
      ),
      onFlush: () => process.ppid !== launcherPid && leave(),
    });
    if (run.status === 'completed') return 0;
    process.stderr.write(errorText(thrown?.error, isVerbose));
    return 1;
  } catch (error) {
    process.stderr.write(errorText(error, isVerbose));
    return 1;
  }
}

/** Settles when the message is on its way; a launcher that is gone is none of the run's failures. */
function say(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** The launcher is gone, and with it whoever wanted this run: end, and take our children along. */
function leave(): void {
  interruptOpenRuns('its launcher was gone');
  process.kill(-process.pid, 'SIGKILL');
}
