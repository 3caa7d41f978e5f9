import { describe } from 'vitest';
import { specifyTfjs } from './tfjs-spec.ts';

describe('exptools/tfjs on @tensorflow/tfjs', () => specifyTfjs('js'));
