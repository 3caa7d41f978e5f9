import { captured } from '../../src/decorators/captured.ts';
import { inject } from '../../src/experiment/inject.ts';

// test/decorators/captured-subjects.ts has the same classes in the other dialect.

export class Trainer {
  readonly factor: number = 10;

  @captured
  fit(epoch: number, lr: number = inject(), momentum: number = 0.9) {
    return { epoch, lr, momentum };
  }

  @captured
  async fitLater(lr: number = inject()) {
    await Promise.resolve();
    return lr * this.factor;
  }

  @captured
  *batches(count: number, batchSize: number = inject()) {
    for (let i = 0; i < count; i++) yield i * batchSize;
  }

  @captured
  async *stream(count: number, batchSize: number = inject()) {
    for (let i = 0; i < count; i++) yield i * batchSize;
  }

  @captured
  static scale(x: number, lr: number = inject()) {
    return [this.name, x * lr];
  }

  @captured
  tricky(
    a: string = '),(', // the end: )
    b: RegExp = /[)"'`]/,
    c: number[] = [1, Math.max(2, 3)],
    d: string = `${[`)`].join('')}},`,
    /* e, */ lr: number = inject(),
  ) {
    return [a, b.source, c, d, lr];
  }

  @captured
  sum(lr: number = inject(), ...rest: number[]) {
    return [lr, ...rest];
  }

  @captured
  pick({ x }: { x: number }, lr: number = inject()) {
    return [x, lr];
  }

  @captured
  required(lr: number) {
    return lr;
  }

  @captured('train')
  section(lr: number = inject()) {
    return lr;
  }

  @captured('eval', 'train')
  sections(lr: number = inject(), batches: number = inject()) {
    return [lr, batches];
  }

  @captured('train')
  outsideSection(epochs: number = inject()) {
    return epochs;
  }

  @captured()
  called(lr: number = inject()) {
    return lr;
  }

  @captured
  thrower(lr: number = inject()): never {
    throw new RangeError(`from the method, lr ${lr}`);
  }
}

export class Inheriting extends Trainer {
  override readonly factor: number = 100;
}

export class Overriding extends Trainer {
  @captured
  override fit(epoch: number, lr: number = inject(), momentum: number = 0.5) {
    return super.fit(epoch, lr * 2, momentum);
  }
}

export class Uncaptured extends Trainer {
  override fit(epoch: number, lr: number = inject(), momentum: number = 0.5) {
    return { epoch, lr, momentum };
  }
}

class Vault {
  @captured
  private secret(lr: number = inject()) {
    return lr;
  }

  open() {
    return this.secret();
  }
}

export function openVault(): number {
  return new Vault().open();
}
