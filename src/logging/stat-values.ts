import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';

/**
 * The numbers that statistics are taken of, in an array.
 * @throws {ExpError} EXP_LOG for what cannot be iterated, a tensor say, and for what is no number.
 */
export function statValues(name: string, values: Iterable<number>): Iterable<number> {
  const given: unknown = values;
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given)) {
    const what = typeof given === 'object' && given !== null ? 'an object' : jsonLine(given);
    throw refused(name, `must be numbers in an array or the like, got ${what}`);
  }
  if (given instanceof Float64Array || given instanceof Float32Array) return given;
  const numbers = Array.from<unknown>(given as Iterable<unknown>);
  const odd = numbers.findIndex((value) => typeof value !== 'number');
  if (odd >= 0) throw refused(name, `must be numbers, got ${jsonLine(numbers[odd])} at ${odd}`);
  return numbers as number[];
}

function refused(name: string, problem: string): ExpError {
  return new ExpError('EXP_LOG', `The values of "${name}" ${problem}.`);
}
