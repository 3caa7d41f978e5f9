import { describe, expect } from 'vitest';
import { captured } from '../../src/decorators/captured.ts';
import { inject } from '../../src/capture/inject.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';
import { specifyCaptured } from './captured-spec.ts';
import * as subjects from './captured-subjects.ts';

specifyCaptured(subjects);

describe('@captured on a #private method', () => {
  test('fills it, in the standard dialect', async ({ dir }) => {
    class Vault {
      @captured
      #secret(lr: number = inject()) {
        return lr;
      }

      open() {
        return this.#secret();
      }
    }

    expect(await inRun(dir, { lr: 0.5 }, () => new Vault().open())).toBe(0.5);
  });
});
