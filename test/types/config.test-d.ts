import { expectTypeOf } from 'vitest';
import { config, experiment, runExperiment, type Run } from '../../src/index.ts';
import { base, Training } from './training.ts';

/** The config of a run is that of the schema, read-only at every depth. */
export const typed = experiment(base, ({ config }) => {
  expectTypeOf(config.warmup).toEqualTypeOf<number | undefined>();
  expectTypeOf(config.layers).toEqualTypeOf<readonly number[]>();
  expectTypeOf(config.blocks[0]!.width).toEqualTypeOf<number>();
  expectTypeOf(config.pair).toEqualTypeOf<readonly [number, string]>();
  expectTypeOf(config.since).toEqualTypeOf<Date>();
  expectTypeOf(config.weights['any']).toEqualTypeOf<number | undefined>();
  if (config.schedule.kind === 'step') {
    expectTypeOf(config.schedule.gamma).toEqualTypeOf<number>();
    // @ts-expect-error -- a step schedule has no period
    void config.schedule.period;
  }
  // @ts-expect-error -- no item of a list can be assigned
  config.layers[0] = 1;
  // @ts-expect-error -- nor a key of an item
  config.blocks[0]!.width = 1;
  // @ts-expect-error -- nor can a list be turned round where it is
  config.blocks.reverse();
  // @ts-expect-error -- nor an item of a tuple be assigned
  config.pair[0] = 1;
  // @ts-expect-error -- nor a section as a whole
  config.net = { head: { dropout: 0 }, bias: true };
  // @ts-expect-error -- nor a key of an optional one
  config.limits!.steps = 1;
  // @ts-expect-error -- nor a key of a record
  config.weights['any'] = 1;
  // @ts-expect-error -- nor can it be deleted
  delete config.weights['any'];
  // @ts-expect-error -- nor a key of an alternative be assigned
  config.schedule.kind = 'step';
});

/** Overrides from code. */
export async function overridden(): Promise<void> {
  await typed.run({ 'net.head.dropout': 0.5, lr: 1, limits: { steps: 1 } });
  await typed.run({ schedule: { kind: 'cosine', period: 3 }, layers: [1], weights: { a: 1 } });
  await typed.run({ '~lr': null, '~net.bias': null, 'weights:': { a: 1 }, 'net:': { bias: true } });
  await typed.run({ 'layers[0]': 1, '+layers[1]': 2, 'blocks[-1].width': 3, 'net.head': {} });
  await typed.run({ '+weights.dog': 2 });
  // @ts-expect-error -- weights are numbers
  await typed.run({ '+weights.dog': 'heavy' });
  // @ts-expect-error -- what is declared is not added
  await typed.run({ '+lr': 1 });
  // @ts-expect-error -- there is no such key
  await typed.run({ lrr: 1 });
  // @ts-expect-error -- so there is nothing to take back
  await typed.run({ '~lrr': null });
  // @ts-expect-error -- a key that is taken back gets no value
  await typed.run({ '~lr': 1 });
  // @ts-expect-error -- the section has no such key
  await typed.run({ 'net:': { bais: true } });
  // @ts-expect-error -- an item is a number
  await typed.run({ 'layers[0]': 'wide' });
  // @ts-expect-error -- a number has no items
  await typed.run({ 'lr[0]': 1 });
  // @ts-expect-error -- there is no such optimizer
  await typed.run({ optimizer: 'rmsprop' });
  // @ts-expect-error -- a list holds numbers
  await typed.run({ layers: ['64'] });
  // @ts-expect-error -- the section has no such key
  await typed.run({ net: { bais: true } });
  // @ts-expect-error -- nor as a path
  await typed.run({ 'net.bais': true });
  // @ts-expect-error -- bias is a boolean
  await typed.run({ 'net.bias': 1 });
  // @ts-expect-error -- the optional section has no such key
  await typed.run({ limits: { step: 1 } });
  // @ts-expect-error -- weights are numbers
  await typed.run({ weights: { a: 'heavy' } });
  // @ts-expect-error -- there is no such schedule
  await typed.run({ schedule: { kind: 'linear' } });
  // @ts-expect-error -- a cosine schedule has no gamma
  await typed.run({ schedule: { kind: 'cosine', gamma: 1 } });
  // @ts-expect-error -- there is no such option
  await typed.run({}, { sede: 1 });
  // @ts-expect-error -- without a schema there is nothing to override
  await experiment({ name: 'plain' }, () => {}).run({ lr: 1 });
}

@experiment({ ...base, name: 'class' })
class OnClass {
  main(run: Run<Training>): number {
    return run.config.lr;
  }
}

@experiment({ name: 'fields' })
class OnFields {
  @config(Training) config!: Training;

  main(): number {
    return this.config.lr;
  }
}

class Holder {
  readonly name = 'holder';

  @experiment({ ...base, name: 'static' })
  static train(run: Run<Training>, lr: number): number {
    return run.config.lr * lr;
  }
}

/** What is run says which overrides there are. */
export async function executed(): Promise<void> {
  expectTypeOf(await runExperiment(typed, { lr: 1 })).toEqualTypeOf<Run<Training>>();
  expectTypeOf(await runExperiment(OnClass, { lr: 1 })).toEqualTypeOf<Run<Training>>();
  expectTypeOf(await runExperiment(Holder.train, { lr: 1 })).toEqualTypeOf<Run<Training>>();
  expectTypeOf(await runExperiment<Training>(OnFields)).toEqualTypeOf<Run<Training>>();
  await runExperiment(OnFields, { lr: 1, 'net.bias': true });
  // @ts-expect-error -- there is no such key
  await runExperiment(typed, { lrr: 1 });
  // @ts-expect-error -- lr is a number
  await runExperiment(typed, { lr: 'small' });
  // @ts-expect-error -- there is no such key
  await runExperiment(OnClass, { lrr: 1 });
  // @ts-expect-error -- the section has no such key
  await runExperiment(OnClass, { net: { bais: true } });
  // @ts-expect-error -- there is no such key
  await runExperiment(Holder.train, { lrr: 1 });
  // @ts-expect-error -- an explicit type counts too
  await runExperiment<Training>(OnFields, { lrr: 1 });
  // @ts-expect-error -- a run of another config is another run
  await runExperiment<{ momentum: number }>(typed, { momentum: 0.9 });
  // @ts-expect-error -- values are nothing that can be run
  await runExperiment({ lr: 1 });
}
