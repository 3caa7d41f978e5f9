import { describe, expect } from 'vitest';
import { definitionOf } from '../../src/experiment/registry.ts';
import { runExperiment } from '../../src/experiment/run-experiment.ts';
import { test } from '../helpers/temp-dir.ts';
import type * as Subjects from './experiment-subjects.ts';

/** What @experiment and @command do, whichever dialect the decorated classes are compiled in. */
export function specifyExperiment(subjects: typeof Subjects): void {
  const { Holder, Inheriting, OnClass, WithoutParameters } = subjects;

  describe('@experiment', () => {
    test('runs the main method of a class, which gets the run and the captured rest', async ({
      dir,
    }) => {
      const { result, experiment } = await runExperiment<any>(OnClass, { lr: 0.5 }, { root: dir });

      expect(experiment).toBe('training');
      expect(result).toEqual([{ lr: 0.5, epochs: 3 }, 0.5, 3, 'by the constructor']);
    });

    test('makes a new instance for every run', async ({ dir }) => {
      const runs = [1, 2].map((lr) => runExperiment<any>(OnClass, { lr }, { root: dir }));

      const results = (await Promise.all(runs)).map(({ result }) => (result as unknown[])[1]);

      expect(results).toEqual([1, 2]);
    });

    test('leaves the class a class', () => {
      const made = new OnClass();

      expect(made).toBeInstanceOf(OnClass);
      expect([made.made, made.notCommand()]).toEqual(['by the constructor', 'hidden']);
    });

    test('runs a main method without parameters', async ({ dir }) => {
      const { result } = await runExperiment(WithoutParameters, {}, { root: dir });

      expect(result).toBe('done');
    });

    test('runs a static method', async ({ dir }) => {
      const { result, id } = await runExperiment<any>(Holder.train, { lr: 2 }, { root: dir });

      expect(result).toEqual([id, 2, 'static']);
    });

    test('lets a class hold several static experiments', async ({ dir }) => {
      const { result } = await runExperiment(Holder.evaluate, {}, { root: dir });

      expect(result).toBe('on-another');
    });
  });

  describe('@command', () => {
    test.for([
      ['evaluate', ['evaluated', 'training', 0.1]],
      ['inspect', 3],
    ] as const)('makes %s an entry point, which is captured', async ([command, out], { dir }) => {
      const { result } = await runExperiment(OnClass, {}, { root: dir, command });

      expect(result).toEqual(out);
    });

    test('is inherited', () => {
      const commands = [...definitionOf(Inheriting).commands.keys()];

      expect(commands).toEqual(['main', 'evaluate', 'inspect']);
    });

    test('is what makes a method one', async ({ dir }) => {
      const run = runExperiment(OnClass, {}, { root: dir, command: 'notCommand' });

      await expect(run).rejects.toThrow(
        'The experiment "training" has no command "notCommand". Known: main, evaluate, inspect.',
      );
    });
  });
}
