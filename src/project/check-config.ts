import { inspect } from 'node:util';
import { suggest } from '../core/errors.ts';
import { mistakeInHook, mistakeInWords } from '../core/hook.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import { SINK_NAMES, type Sink } from '../core/sink.ts';

/** What is wrong with one value of a project file. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Everything that is wrong with a value. */
type Check = (value: unknown, path: Problem['path']) => Problem[];

/** Everything that is wrong with the content of a project file. */
export function checkProjectConfig(value: unknown): Problem[] {
  return projectConfig(value, []);
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

const isAtLeast = (least: number) => (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) && value >= least;

const flag = one('true or false', (value) => typeof value === 'boolean');

const projectConfig = object({
  root: one('a path, relative to the project file', isText),
  sinks: list(sink),
  flushInterval: one('a number of seconds, 0 or more', isAtLeast(0)),
  systemMetrics,
  // What is wrong with a policy is said, with all that it may be, when a run is planned.
  checkpoint: one(
    'a policy, such as "last+gap:5"',
    (value) => isText(value) || isPlainObject(value),
  ),
  grace: one('a number of seconds, 0 or more', isAtLeast(0)),
  before: hook,
  after: hook,
  onFailure: hook,
  hookTimeout: one(
    'a number of seconds above 0',
    (value) => typeof value === 'number' && value > 0,
  ),
  track: list(one('a key of a config, such as "train.lr"', isText)),
  environment: list(one('the name of an environment variable, also with *', isText)),
  snapshot: flag,
  tags: flag,
  push: one(
    'true, false or the name of a remote',
    (value) => typeof value === 'boolean' || (isText(value) && !String(value).startsWith('-')),
  ),
  dropWithoutResults: flag,
  sources: object({
    backup: flag,
    ignore: list(one('a pattern as in .gitignore', isText)),
    maxFileSize: one(
      'a number of bytes above 0',
      (value) => typeof value === 'number' && value > 0,
    ),
  }),
});

const stdoutOptions = object({
  name: () => [],
  everyMs: one('a number of milliseconds', isAtLeast(0)),
  digits: one(
    'a number of digits from 1 to 15',
    (value) => Number.isInteger(value) && isAtLeast(1)(value) && !isAtLeast(16)(value),
  ),
  quiet: flag,
});

const every = object({ every: one('a number of seconds, at least 0.1', isAtLeast(0.1)) });

function hook(value: unknown, path: Problem['path']): Problem[] {
  const mistake = mistakeInHook(value);
  if (mistake !== undefined) return [{ path, text: mustBe(mistake, value) }];
  const unknown = mistakeInWords(value);
  return unknown === undefined ? [] : [{ path, text: `cannot be filled in: ${unknown}` }];
}

function sink(value: unknown, path: Problem['path']): Problem[] {
  if ((SINK_NAMES as readonly unknown[]).includes(value)) return [];
  const { name, open } = (value ?? {}) as Partial<Sink>;
  if (isText(name) && typeof open === 'function') return [];
  if (isPlainObject(value) && name === 'stdout') return stdoutOptions(value, path);
  const hint = typeof value === 'string' ? ` ${suggest(value, SINK_NAMES)}` : '';
  return [{ path, text: `${mustBe('the name of a sink, or a sink', value)}${hint}` }];
}

function systemMetrics(value: unknown, path: Problem['path']): Problem[] {
  if (typeof value === 'boolean') return [];
  if (isPlainObject(value)) return every(value, path);
  return [{ path, text: mustBe('true, false or an object with every', value) }];
}

function one(expected: string, holds: (value: unknown) => boolean): Check {
  return (value, path) => (holds(value) ? [] : [{ path, text: mustBe(expected, value) }]);
}

function list(check: Check): Check {
  return (value, path) =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, i) => check(item, [...path, i]))
      : [{ path, text: mustBe('a list', value) }];
}

function object(checks: Readonly<Record<string, Check>>): Check {
  const known = Object.keys(checks);
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [{ path, text: mustBe(`an object with ${known.join(', ')}`, value) }];
    }
    return Object.entries(value).flatMap(([key, inner]) => {
      const at = [...path, key];
      if (!Object.hasOwn(checks, key)) {
        return [{ path: at, text: `is unknown, got ${show(inner)}. ${suggest(key, known)}` }];
      }
      return inner === undefined ? [] : checks[key]!(inner, at);
    });
  };
}

function mustBe(expected: string, value: unknown): string {
  return `must be ${expected}, got ${show(value)}.`;
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return jsonLine(value);
  return isPlainObject(value) || Array.isArray(value) ? jsonLine(value) : inspect(value);
}
