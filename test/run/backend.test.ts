import { expect } from 'vitest';
import { noteBackend, openRun } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

test('what computes in a process is in the manifests of its open and later runs', async ({
  dir,
}) => {
  const options = { name: 'computes', root: dir, sinks: [] };
  const before = await openRun(options, () => {});
  await using open = await openRun(options);
  expect(manifestOf(open.dir)['backend']).toBeUndefined();

  noteBackend('onnxruntime', { 'onnxruntime-node': '1.2.3' });
  const later = await openRun(options, () => {});

  const versions = { node: process.versions.node, 'onnxruntime-node': '1.2.3' };
  expect(manifestOf(open.dir)).toMatchObject({ backend: 'onnxruntime', versions });
  expect(manifestOf(later.dir)).toMatchObject({ backend: 'onnxruntime', versions });
  expect(manifestOf(before.dir)['backend']).toBeUndefined();
});
