import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured, inject, openRun } from 'exptools';

/** Nanoseconds a call, over one batch of calls. */
export type CallSample = number;

const CONFIG = { lr: 0.1, momentum: 0.9, decay: 0.01 };

function plain(step: number, lr: number, momentum: number, decay: number): number {
  return step * lr + momentum - decay;
}

const filled = captured(
  (
    step: number,
    lr: number = inject(),
    momentum: number = inject(),
    decay: number = inject(),
  ): number => step * lr + momentum - decay,
);

/** A call that passes three config values on by hand. */
export function measurePlain(calls: number): Promise<CallSample> {
  const { lr, momentum, decay } = CONFIG;
  return measure(calls, (step) => plain(step, lr, momentum, decay));
}

/** A captured call that gets the three values from its caller. */
export function measureExplicit(calls: number): Promise<CallSample> {
  const { lr, momentum, decay } = CONFIG;
  return measure(calls, (step) => filled(step, lr, momentum, decay));
}

/** A captured call that gets the three values from the config. */
export function measureInjected(calls: number): Promise<CallSample> {
  return measure(calls, (step) => filled(step));
}

let sink = 0;

async function measure(calls: number, call: (step: number) => number): Promise<CallSample> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    let nanoseconds = 0;
    await openRun({ name: 'bench', root, sinks: [], config: CONFIG }, () => {
      let sum = 0;
      const from = process.hrtime.bigint();
      // Every result is used, so that no call is optimised away.
      for (let step = 0; step < calls; step++) sum += call(step);
      nanoseconds = Number(process.hrtime.bigint() - from);
      sink += sum;
    });
    if (Number.isNaN(sink)) throw new Error('a captured call has lost its values');
    return nanoseconds / calls;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
