import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  eventFile,
  experimentDir,
  RUN_DIRS,
  RUN_FILES,
  runDir,
  sourceStore,
  sourceStoreOf,
  storedSource,
  SWEEP_FILES,
  sweepDir,
  sweepsDir,
} from '../../src/core/layout.ts';
import { isExperimentName, makeRunId } from '../../src/core/run-id.ts';

const RUN_ID = '20260131-142501-123_lr=0.1_x7k2m9';

describe('layout', () => {
  test('keeps runs under root and experiment', () => {
    expect(experimentDir('runs', 'digits')).toBe(join('runs', 'digits'));
    expect(runDir('runs', 'digits', RUN_ID)).toBe(join('runs', 'digits', RUN_ID));
  });

  test('keeps sweeps apart from runs, under a name no experiment can have', () => {
    expect(sweepsDir('runs', 'digits')).toBe(join('runs', 'digits', 'sweeps'));
    expect(sweepDir('runs', 'digits', 's1')).toBe(join('runs', 'digits', 'sweeps', 's1'));
    expect(isExperimentName('sweeps')).toBe(false);
  });

  test('keeps sources apart from experiments, each content by its hash', () => {
    const store = sourceStore('runs');

    expect(storedSource(store, '2cf24d')).toBe(join('runs', '.sources', '2c', '2cf24d'));
    expect(sourceStoreOf(runDir('runs', 'digits', RUN_ID))).toBe(store);
    expect(isExperimentName('.sources')).toBe(false);
  });

  test('gives every file a name of its own', () => {
    const names = [RUN_FILES, RUN_DIRS, SWEEP_FILES].flatMap((files) => Object.values(files));

    expect(new Set(names).size).toBe(names.length);
  });
});

describe('eventFile', () => {
  test('holds the word TensorBoard looks for, whole seconds and the end of the run id', () => {
    expect(eventFile(1_769_869_501.987, RUN_ID)).toBe('events.out.tfevents.1769869501.x7k2m9');
  });

  test('sorts a later attempt behind an earlier one', () => {
    const id = makeRunId(new Date());

    expect(eventFile(1_769_869_501, id) < eventFile(1_769_869_502, id)).toBe(true);
  });
});
