import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';

/**
 * Config values that a function of the user's gives; none where it gives nothing.
 * @param what names the function in messages.
 * @throws {ExpError} EXP_CONFIG if it throws, gives anything but values, or sets the seed.
 */
export async function valuesFrom(what: string, ask: () => unknown): Promise<unknown> {
  let values: unknown;
  try {
    values = await ask();
  } catch (error) {
    if (isExpError(error)) throw error;
    throw new ExpError('EXP_CONFIG', `The ${what} failed: ${messageOf(error)}`, { cause: error });
  }
  if (values === undefined || values === null) return {};
  if (!isPlainObject(values)) {
    throw new ExpError(
      'EXP_CONFIG',
      `The ${what} must return config values, got ${typeof values}.`,
    );
  }
  if (!Object.hasOwn(values, 'seed')) return values;
  throw new ExpError(
    'EXP_CONFIG',
    `The ${what} cannot set the seed, which is chosen before. Use --seed, a config file or plain values.`,
  );
}
