import { captured } from '../../src/decorators/captured.ts';
import { inject } from '../../src/capture/inject.ts';

// test/legacy/captured-subjects.ts has the same classes in the other dialect.

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

  @captured('train', 'env.name')
  sectionAndValue(lr: number = inject(), name: string = inject(), train: object = inject()) {
    return [lr, name, train];
  }

  @captured
  destructured(epoch: number, { lr, momentum = 0.9, ...rest }: Options = inject()) {
    return [epoch, lr, momentum, rest];
  }

  @captured('train')
  async destructuredLater({ lr: rate, betas = [0.9, 0.99] }: Options = inject()) {
    await Promise.resolve();
    return [rate, betas];
  }

  @captured({ names: ['lr', 'train.batches'] })
  minified(a: number = inject(), b: number = inject()) {
    return [a, b];
  }

  @captured({ prefixes: ['train'], name: 'Trainer.step' })
  optioned(lr: number = inject()) {
    return lr;
  }

  @captured
  commented(
    /* (first) */ a: number /* = 1, x */ = 2, // second, )
    // { lr: number } =
    lr: number /* [ */ = inject() /* } */,
    /* c, */
  ) {
    return [a, lr];
  }

  @captured
  nested(
    f: (x: number, y: number) => number = (x, y) => x + y,
    options: object = { a: [1, { b: ')' }], 'c,d': /[,)]/.source },
    text: string = 'it\'s, "quoted" (twice)',
    lr: number = inject(),
  ) {
    return [f(1, 2), options, text, lr];
  }

  @captured
  static async *streamAll(count: number, lr: number = inject()) {
    for (let i = 0; i < count; i++) yield i * lr;
  }

  @captured
  static make({ lr }: { lr: number } = inject()) {
    return [this.name, lr];
  }

  @captured
  thrower(lr: number = inject()): never {
    throw new RangeError(`from the method, lr ${lr}`);
  }
}

interface Options {
  lr?: number;
  momentum?: number;
  betas?: number[];
  [more: string]: unknown;
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

export class Deeper extends Overriding {
  @captured
  override async fitLater(lr: number = inject(), momentum: number = inject()) {
    return momentum + (await super.fitLater(lr * 2));
  }

  @captured
  override *batches(count: number, batchSize: number = inject(), from: number = 1) {
    for (const start of super.batches(count, batchSize)) yield start + from;
  }

  @captured
  static override scale(x: number, lr: number = inject()) {
    return ['deeper', ...super.scale(x, lr * 2)];
  }

  // The one it overrides is captured, and gets what this one leaves to it.
  override section() {
    return super.section() * 10;
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
