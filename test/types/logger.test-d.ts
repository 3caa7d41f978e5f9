import { expectTypeOf } from 'vitest';
import { logger, openRun, type LogOptions, type RowState, type Value } from '../../src/index.ts';

/** Every method of the logger, as it is meant to be called and as it is not. */
export async function typed(): Promise<void> {
  logger.log({ loss: 1, done: true, at: new Date(), big: 1n, name: 'x', missing: undefined });
  logger.log({ loss: 1 }, { step: 3, every: 100, exclude: ['stdout'] });
  logger.log({ loss: 1, norm: 2 }, { exclude: { norm: ['stdout', 'csv'] } });
  // @ts-expect-error -- a list is no value
  logger.log({ losses: [1, 2] });
  // @ts-expect-error -- one sink stands in a list too
  logger.log({ loss: 1 }, { exclude: 'stdout' });

  logger.record('loss', 1, { every: 10, exclude: ['stdout'] });
  // @ts-expect-error -- the step belongs to the row
  logger.record('loss', 1, { step: 3 });
  logger.dump({ step: 3 });
  // @ts-expect-error -- distances belong to keys
  logger.dump({ every: 3 });

  logger.recordStat('return', [1, 2], { ddof: 1, every: 10 });
  logger.recordStat('return', new Float32Array(3));
  logger.recordStat('return', new Set([1]));
  // @ts-expect-error -- statistics are of numbers
  logger.recordStat('return', ['1']);
  logger.recordMean('return', 1);
  logger.recordMean('return', 1, { window: 100, exclude: ['stdout'] });
  // @ts-expect-error -- a mean is of numbers
  logger.recordMean('return', '1');

  expectTypeOf(logger.time('rollout', () => 3)).toEqualTypeOf<number>();
  expectTypeOf(logger.time('rollout', async () => 'x')).toEqualTypeOf<Promise<string>>();
  expectTypeOf(logger.count('env_steps', 32)).toEqualTypeOf<void>();

  expectTypeOf(logger.prefix('train', () => 3)).toEqualTypeOf<number>();
  expectTypeOf(logger.textPrefix('fold 3', async () => 3)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(logger.textPrefix('fold 3')).toEqualTypeOf<Disposable>();

  const milestone = logger.level('milestone', { severity: 35, color: 'magenta' });
  expectTypeOf(milestone).toEqualTypeOf<(...values: unknown[]) => void>();
  // @ts-expect-error -- there is no such color
  logger.level('milestone', { color: 'mauve' });
  logger.setLevel('debug');
  logger.setLevel(25);
  // @ts-expect-error -- there is no such level
  logger.setLevel('loud');
  logger.logLocals({ a: 1, b: [1, 2] }, 'debug');

  const run = await openRun({ name: 'typed', stepMetric: 'env_steps' });
  expectTypeOf(run.rows.state()).toEqualTypeOf<RowState>();
  expectTypeOf<LogOptions['step']>().toEqualTypeOf<number | undefined>();
  expectTypeOf(run.summary).toEqualTypeOf<Readonly<Record<string, Value>>>();
}
