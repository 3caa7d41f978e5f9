import type pc from 'picocolors';
import { ExpError, suggest } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import type { TextLevel } from '../core/record.ts';

const COLORS = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white', 'gray'] as const;
type ColorName = (typeof COLORS)[number];

/** How lines of a level of one's own look, and when they are shown. */
export interface LevelOptions {
  /** Between debug (10), info (20), warn (30) and error (40). Default 25. */
  readonly severity?: number;
  /** On a terminal. Default cyan. */
  readonly color?: ColorName;
}

/** A level of text lines. */
export interface Level {
  readonly name: string;
  readonly severity: number;
  readonly color?: ColorName;
  /** True for a level of the user's or the runner's, whose lines stick out. */
  readonly isOwn: boolean;
}

/** The levels that every logger has, least important first. */
export const LEVELS: Readonly<Record<TextLevel, Level>> = {
  debug: { name: 'debug', severity: 10, color: 'gray', isOwn: false },
  info: { name: 'info', severity: 20, isOwn: false },
  warn: { name: 'warn', severity: 30, color: 'yellow', isOwn: false },
  error: { name: 'error', severity: 40, color: 'red', isOwn: false },
};

/**
 * Makes a level whose lines stick out: its name in capitals, in a colour of its own.
 * @throws {ExpError} EXP_LOG
 */
export function makeLevel(name: string, options: LevelOptions = {}): Level {
  const { severity = 25, color = 'cyan' } = options;
  if (typeof name !== 'string' || !/^[\w-]+$/.test(name)) {
    throw new ExpError('EXP_LOG', `"${name}" cannot name a level. Use letters, digits and dashes.`);
  }
  if (Object.hasOwn(LEVELS, name)) {
    throw new ExpError('EXP_LOG', `"${name}" is a level already: logger.${name}().`);
  }
  if (typeof severity !== 'number' || Number.isNaN(severity)) {
    throw new ExpError(
      'EXP_LOG',
      `The severity of "${name}" must be a number, got ${String(severity)}.`,
    );
  }
  if (!COLORS.includes(color)) {
    throw new ExpError('EXP_LOG', `There is no color "${color}". ${suggest(color, COLORS)}`);
  }
  return { name, severity, color, isOwn: true };
}

interface Minimum {
  severity: number | undefined;
  /** On stderr, where it is not the same. */
  shown: number;
}

// Of the process, as levels are a matter of who reads its output.
const minimum = processState('text-minimum', (): Minimum => ({
  severity: undefined,
  shown: -Infinity,
}));

/**
 * True for lines that are written at all: from `info` on unless `EXP_LOG_LEVEL` or code says otherwise.
 * @throws {ExpError} EXP_LOG for a value of `EXP_LOG_LEVEL` that is no level.
 */
export function isShown({ severity }: Level): boolean {
  minimum.severity ??= severityIn(process.env['EXP_LOG_LEVEL'], 'EXP_LOG_LEVEL') ?? 20;
  return severity >= minimum.severity;
}

/** True for lines that go to stderr as well. */
export function isForStderr({ severity }: Level): boolean {
  return severity >= minimum.shown;
}

/**
 * Shows lines of this level and of more important ones only, in the whole process.
 * @throws {ExpError} EXP_LOG for an unknown level.
 */
export function setMinimum(level: TextLevel | number): void {
  minimum.severity = severityIn(String(level), 'logger.setLevel()') ?? 20;
}

/** `--quiet`: only errors go to stderr. */
export function showErrorsOnly(): void {
  minimum.shown = LEVELS.error.severity;
}

/** `--verbose`: everything, unless the environment is more exact. */
export function showAll(): void {
  if ((process.env['EXP_LOG_LEVEL'] ?? '') === '') minimum.severity = LEVELS.debug.severity;
}

function severityIn(text: string | undefined, where: string): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const name = text.trim().toLowerCase();
  if (Object.hasOwn(LEVELS, name)) return LEVELS[name as TextLevel].severity;
  if (!Number.isNaN(Number(name))) return Number(name);
  throw new ExpError(
    'EXP_LOG',
    `${where}: there is no level "${text}". ${suggest(name, Object.keys(LEVELS))} A number works too.`,
  );
}

/** Paints a line for a terminal in the colour of its level. */
export function paint(level: Level, line: string, colors: typeof pc): string {
  const painted = level.color === undefined ? line : colors[level.color](line);
  return level.isOwn ? colors.bold(painted) : painted;
}
