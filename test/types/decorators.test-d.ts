import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  captured,
  command,
  config,
  experiment,
  inject,
  type Logger,
  type Rng,
  type Run,
} from '../../src/index.ts';

const Training = z.object({ lr: z.number(), net: z.object({ width: z.int() }) });
type Training = z.infer<typeof Training>;
const options = { name: 'typed', config: Training } as const;

/** Everything a class may use, in the standard dialect. */
@experiment({ ...options, sweep: { lr: [0.1], 'net.width': [8] } })
export class Whole {
  @config config!: Training;
  @config(Training) again!: Training;
  @config readonly net!: { readonly width: number };

  async main(run: Run<Training>, rng: Rng = inject(), lr: number = inject()): Promise<number> {
    expectTypeOf(run.config.net.width).toEqualTypeOf<number>();
    expectTypeOf(await this.fit(1)).toEqualTypeOf<number>();
    await this.fit(1, 0.1);
    // @ts-expect-error -- a parameter that is not injected cannot be left out
    await this.fit();
    // @ts-expect-error -- an argument has the type of its parameter
    await this.fit(1, 'fast');
    return rng.uniform() + lr;
  }

  @captured
  async fit(epoch: number, lr: number = inject(), _logger: Logger = inject()): Promise<number> {
    return epoch * lr;
  }

  @captured('net', 'lr')
  resize(width = inject<number>()): number {
    return width;
  }

  @captured()
  static create(lr: number = inject()): number {
    return lr;
  }

  @captured
  *batches(lr: number = inject()): Generator<number> {
    yield lr;
  }

  @command
  async evaluate(run: Run<Training>): Promise<number> {
    return run.config.lr;
  }
}

@experiment({ name: 'no-config' })
export class WithoutConfig {
  main(): void {
    expectTypeOf(captured((a: number, b: string = inject()) => a + b)).toEqualTypeOf<
      (a: number, b?: string) => string
    >();
  }
}

export class Static {
  readonly name = 'static';

  @experiment({ ...options, name: 'static' })
  static async train(run: Run<Training>): Promise<number> {
    return run.config.lr;
  }
}

// @ts-expect-error -- a class without main is no experiment
@experiment(options)
export class WithoutMain {
  run(): void {}
}

// @ts-expect-error -- main must be a method
@experiment(options)
export class MainIsNoMethod {
  main = 1;
}

// @ts-expect-error -- main gets the run first
@experiment(options)
export class MainTakesNoRun {
  main(lr: number): number {
    return lr;
  }
}

// @ts-expect-error -- main expects another config
@experiment(options)
export class MainOfAnotherConfig {
  main(run: Run<{ momentum: number }>): number {
    return run.config.momentum;
  }
}

// @ts-expect-error -- nobody gives the constructor its arguments
@experiment(options)
export class ConstructorWithArguments {
  readonly width: number;
  constructor(width: number) {
    this.width = width;
  }
  main(): void {}
}

// @ts-expect-error -- the config has no key "momentum"
@experiment({ ...options, sweep: { momentum: [0.9] } })
export class SweepOfUnknownKey {
  main(): void {}
}

export class Misplaced {
  // @ts-expect-error -- an instance method does not know its class
  @experiment(options)
  main(run: Run<Training>): number {
    return run.config.lr;
  }

  // @ts-expect-error -- a field is not called
  @captured
  field = 1;

  // @ts-expect-error -- nor is it with prefixes
  @captured('net')
  prefixed = 1;

  // @ts-expect-error -- an accessor takes no arguments
  @captured
  get width(): number {
    return 1;
  }

  // @ts-expect-error -- a method receives no config
  @config
  method(): void {}

  // @ts-expect-error -- a command is a method
  @command
  command = 1;
}

// @ts-expect-error -- a class is not called
@captured
export class CapturedClass {
  main(): void {}
}

export const refused = [
  // @ts-expect-error -- only functions can be captured
  captured(1),
  // @ts-expect-error -- the first argument stays required
  captured((a: number, b: number = inject()) => a + b)(),
  // @ts-expect-error -- and keeps its type
  captured((a: number) => a)('text'),
];
