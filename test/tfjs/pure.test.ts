import { describe } from 'vitest';
import { specifyCheckpoints } from './checkpoints-spec.ts';
import { specifyTensors } from './tensors-spec.ts';
import { specifyTfjs } from './tfjs-spec.ts';

describe('exptools/tfjs on @tensorflow/tfjs', () => {
  specifyTfjs('js');
  specifyTensors('js');
  specifyCheckpoints('js');
});
