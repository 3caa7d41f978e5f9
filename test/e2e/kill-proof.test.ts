import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { Rng } from '../../src/random/rng.ts';
import { runExp, startRunExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { readEvents } from '../helpers/tensorboard-data.ts';

const KILLS = 20;
const SECONDS = 1_000;

/** When a process is killed: after so many epochs and so many milliseconds, or while it saves then. */
interface Moment {
  readonly epochs: number;
  readonly ms: number;
  readonly isSaving: boolean;
}

const EXAMPLES = [
  {
    name: 'digits',
    file: 'test/fixtures/kill-proof-legacy/digits.ts',
    words: ['train=200', 'test=50', 'hidden=8', 'optimizer=adam'],
    planned: ['epochs', 160],
    gap: 1,
  },
  {
    name: 'cartpole',
    file: 'test/fixtures/kill-proof/cartpole.ts',
    words: ['episodes=4', 'hidden=4', '--checkpoint', 'gap:3'],
    planned: ['iterations', 240],
    gap: 3,
  },
] as const;

describe.for(EXAMPLES)('$name', ({ name, file, words, planned: [key, planned], gap }) => {
  test(
    `killed by SIGKILL at ${KILLS} moments, and resumed each time, has the curves of a run that was not`,
    { timeout: 300 * SECONDS },
    async ({ dir }) => {
      const first = [file, ...words, `${key}=${planned}`, '--seed', '7'];
      const whole = join(dir, 'whole');
      const finished = await runExp([...first, '--root', whole], {
        env: { LEDGER: join(dir, 'unused'), EXP_SINKS: 'csv,tensorboard' },
      });
      expect(finished.code, finished.stderr).toBe(0);

      const root = join(dir, 'killed');
      const env = { LEDGER: join(dir, 'ledger'), EXP_SINKS: 'csv,tensorboard' };
      const rng = new Rng(11);
      for (let kill = 0; kill < KILLS; kill++) {
        const moment = {
          epochs: rng.integer(0, 5),
          ms: rng.uniform(0, 30),
          isSaving: kill % 4 === 3,
        };
        const args = kill === 0 ? first : ['resume', 'last'];
        await startAndKill([...args, '--root', root], { env, root, name }, moment);
      }
      const last = await runExp(['resume', 'last', '--root', root], { env });

      expect(last.code, last.stderr).toBe(0);
      const [one, other] = [runDirs(whole, name)[0]!, runDirs(root, name)[0]!];
      expect(runDirs(root, name)).toHaveLength(1);
      expect(withoutClock(other)).toBe(withoutClock(one));
      expect(manifestOf(other)['result']).toEqual(manifestOf(one)['result']);
      expect(manifestOf(other)['summary']).toEqual(manifestOf(one)['summary']);
      expectCleanCurves(other);
      const executed = linesOf(env.LEDGER);
      expect(executed).toBeGreaterThanOrEqual(planned);
      expect(executed).toBeLessThanOrEqual(planned + KILLS * gap);
      expect(manifestOf(other)['attempts']).toHaveLength(KILLS + 1);
    },
  );
});

interface Place {
  readonly env: { readonly LEDGER: string };
  readonly root: string;
  readonly name: string;
}

/** Starts an attempt and kills it with its launcher at that moment. */
async function startAndKill(
  args: readonly string[],
  { env, root, name }: Place,
  { epochs, ms, isSaving }: Moment,
): Promise<void> {
  const before = linesOf(env.LEDGER);
  const attempts = attemptsIn(root, name);
  const { child, finished } = startRunExp(args, { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const over = finished.then((end) => {
    throw new Error(`the attempt ended before it was killed: ${end.stdout}${end.stderr}`);
  });
  over.catch(() => {}); // it ends when it is killed, too
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await Promise.race([new Promise((resolve) => setTimeout(resolve, 1)), over]);
  };
  await until(() => attemptsIn(root, name) > attempts && linesOf(env.LEDGER) >= before + epochs);
  const dir = runDirs(root, name)[0]!;
  if (isSaving) await until(() => isSavingIn(dir));
  else await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), over]);
  process.kill(manifestOf(dir)['attempts'].at(-1).process.pid as number, 'SIGKILL');
  child.kill('SIGKILL');
  await finished;
}

function attemptsIn(root: string, name: string): number {
  const dir = existsSync(join(root, name)) ? runDirs(root, name)[0] : undefined;
  if (dir === undefined || !existsSync(join(dir, 'run.json'))) return 0;
  return manifestOf(dir)['attempts'].length as number;
}

/** True while a checkpoint, or a file that is cut back, is half written. */
function isSavingIn(dir: string): boolean {
  const checkpoints = join(dir, 'checkpoints');
  return existsSync(checkpoints) && readdirSync(checkpoints).some((one) => one.endsWith('.tmp'));
}

function linesOf(path: string): number {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

/** `progress.csv`, byte for byte, but for the two columns of the clock. */
function withoutClock(dir: string): string {
  const lines = readFileSync(join(dir, 'progress.csv'), 'utf8').split('\n');
  return lines.map((line) => line.split(',').toSpliced(1, 2).join(',')).join('\n');
}

/** What TensorBoard shows is what the CSV says, each step once and in order. */
function expectCleanCurves(dir: string): void {
  const [header, ...rows] = withoutClock(dir)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const events = readEvents(dir);
  const tags = header!.slice(1);
  expect(tags.length).toBeGreaterThan(3);
  for (const [i, tag] of tags.entries()) {
    const shown = events[tag]!.events.map(({ step, values }) => [step, values[0]]);
    expect(shown).toEqual(rows.map((row) => [Number(row[0]), Math.fround(Number(row[i + 1]))]));
  }
}
