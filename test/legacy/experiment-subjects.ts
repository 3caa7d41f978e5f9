import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { command } from '../../src/decorators/command.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { inject } from '../../src/capture/inject.ts';
import type { Run } from '../../src/run/run.ts';

// test/decorators/experiment-subjects.ts has the same classes in the other dialect.

const Training = z.object({ lr: z.number().default(0.1), epochs: z.int().default(3) });
type Training = z.infer<typeof Training>;

@experiment({ name: 'training', config: Training, sinks: [] })
export class OnClass {
  readonly made = 'by the constructor';

  main(run: Run<Training>, lr: number = inject(), epochs = 7) {
    return [run.config, lr, epochs, this.made];
  }

  @command
  evaluate(run: Run<Training>, lr: number = inject()) {
    return ['evaluated', run.experiment, lr];
  }

  @command
  @captured
  inspect(_run: Run<Training>, epochs: number = inject()) {
    return epochs;
  }

  notCommand() {
    return 'hidden';
  }
}

@experiment({ name: 'inherits-commands', config: Training, sinks: [] })
export class Inheriting extends OnClass {}

@experiment({ name: 'without-parameters', sinks: [] })
export class WithoutParameters {
  main() {
    return 'done';
  }
}

// oxlint-disable-next-line typescript/no-extraneous-class -- static methods may be experiments
export class Holder {
  @experiment({ name: 'on-static-method', config: Training, sinks: [] })
  static async train(run: Run<Training>, lr: number = inject()) {
    await Promise.resolve();
    return [run.id, lr, 'static'];
  }

  @experiment({ name: 'on-another', sinks: [] })
  static evaluate(run: Run) {
    return run.experiment;
  }
}
