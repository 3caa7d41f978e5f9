// The entry of the worker thread that WidenJob starts.
import { workerData } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import { WidenControl } from './widen-control.ts';
import { widen, type Widening } from './widen.ts';

/** What the worker is started with. */
export interface WidenWorkerData {
  readonly task: Widening;
  readonly memory: SharedArrayBuffer;
}

const { task, memory } = workerData as WidenWorkerData;
const control = new WidenControl(memory);
try {
  control.finish(
    widen(
      task,
      () => control.lateSize,
      () => control.advance(),
    ),
  );
} catch (error) {
  control.fail(messageOf(error));
}
