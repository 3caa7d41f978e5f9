import { membersFor } from '../experiment/members.ts';
import type { MethodDecorator } from './captured.ts';
import { decorated, misuse } from './dialect.ts';

/**
 * Makes a method of an experiment a further entry point: `run-exp main.ts evaluate`. Like `main` it
 * gets the run first; further parameters are captured.
 */
export const command: MethodDecorator = ((...args: unknown[]): void => {
  const found = decorated('command', args);
  if (found.kind !== 'method' || found.isStatic || found.isPrivate) {
    throw misuse('command', found, 'it belongs on public methods of an experiment class');
  }
  membersFor(found.membersKey).commands.add(found.name);
}) as MethodDecorator;
