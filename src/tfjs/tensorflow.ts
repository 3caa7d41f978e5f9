import type * as tfjs from '@tensorflow/tfjs';

/** What @tensorflow/tfjs exports. */
export type TensorFlow = typeof tfjs;

/** What @tensorflow/tfjs-node exports: the same, and what only its native engine can do. */
export type NativeTensorFlow = TensorFlow & { readonly node: NativeExtras };

/** The part of `tf.node` that deals with logs; the package @tensorflow/tfjs-node has types of all. */
export interface NativeExtras {
  /** TensorFlow's own callback, which writes event files: `tf.node.tensorBoard(run.dir)`. */
  tensorBoard(
    logdir: string,
    options?: { readonly updateFreq?: 'batch' | 'epoch'; readonly histogramFreq?: number },
  ): tfjs.CustomCallback;
  summaryFileWriter(logdir: string): {
    scalar(name: string, value: tfjs.Scalar | number, step: number): void;
    flush(): void;
  };
}
