import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { config } from '../../src/decorators/config.ts';
import { experiment } from '../../src/decorators/experiment.ts';

// test/legacy/config-subjects.ts has the same classes in the other dialect.

const Train = z.object({ lr: z.number().default(0.1), epochs: z.int().default(3) });
const Data = z.object({ path: z.string().default('data') });

@experiment({ name: 'fields', config: z.object({ train: Train, name: z.string() }), sinks: [] })
export class Fields {
  @config all!: { train: z.infer<typeof Train>; name: string };
  @config train = { lr: 0, epochs: 0 };
  @config config!: object;
  @config private name!: string;

  main() {
    return { all: this.all, train: this.train, config: this.config, name: this.name };
  }
}

@experiment({ name: 'whole', sinks: [] })
export class Whole {
  @config(Train) config!: z.infer<typeof Train>;

  main() {
    return this.config;
  }
}

@experiment({ name: 'sections', sinks: [] })
export class Sections {
  @config(Train) train!: z.infer<typeof Train>;
  @config(Data) data!: z.infer<typeof Data>;

  main() {
    return { train: this.train, data: this.data };
  }
}

@experiment({ name: 'inheriting', sinks: [] })
export class Inheriting extends Sections {
  override main() {
    return { ...super.main(), inherited: true };
  }
}

@experiment({ name: 'declared', config: z.object({ train: Data }), sinks: [] })
export class Declared {
  @config(Train) train!: object;

  main() {
    return this.train;
  }
}

/** Not an experiment: code of the user's makes it. */
export class Helper {
  @config train: { lr: number } = { lr: -1 };

  @captured
  lr() {
    return this.train.lr;
  }
}
