import type { TextLevel } from '../core/record.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { isShown, LEVELS, makeLevel, setMinimum, type Level, type LevelOptions } from './level.ts';
import { localsText } from './locals.ts';
import { block, checkPrefix, frame } from './prefix-block.ts';
import { writeText } from './text.ts';

/** The part of a logger that writes lines of text. */
export class TextLogger {
  readonly #label: string;

  /** @param label what its lines carry in brackets. */
  constructor(label: string) {
    this.#label = label;
  }

  /**
   * Text lines go to stderr at once, inside and outside of runs, and to the run's `output.log`.
   * Debug lines are hidden unless `EXP_LOG_LEVEL` or {@link setLevel} says otherwise.
   */
  debug(...values: unknown[]): void {
    this.#write(LEVELS.debug, values);
  }
  info(...values: unknown[]): void {
    this.#write(LEVELS.info, values);
  }
  warn(...values: unknown[]): void {
    this.#write(LEVELS.warn, values);
  }
  error(...values: unknown[]): void {
    this.#write(LEVELS.error, values);
  }

  /**
   * Makes a level of your own, whose lines stick out: `const milestone = logger.level('milestone')`.
   * Returns the function that writes them.
   * @throws {ExpError} EXP_LOG
   */
  level(name: string, options?: LevelOptions): (...values: unknown[]) => void {
    const level = makeLevel(name, options);
    return (...values) => this.#write(level, values);
  }

  /**
   * Shows text lines of this level and of more important ones, in the whole process. A number is a
   * severity: debug 10, info 20, warn 30, error 40.
   * @throws {ExpError} EXP_LOG for an unknown level.
   */
  setLevel(level: TextLevel | number): void {
    setMinimum(level);
  }

  /**
   * Shows values by name in one block of text: `logger.logLocals({ batch, loss })`. Long arrays are
   * cut; tensors show their type and shape.
   */
  logLocals(values: Readonly<Record<string, unknown>>, level: TextLevel = 'info'): void {
    if (isShown(LEVELS[level])) this.#write(LEVELS[level], [`locals${localsText(values)}`]);
  }

  #write(level: Level, values: readonly unknown[]): void {
    const prefixes = tryCurrentScope()?.textPrefixes ?? [];
    writeText(level, this.#label === '' ? prefixes : [...prefixes, this.#label], values);
  }

  /**
   * Puts `text` in brackets before every text line that `fn` writes, outermost first. Tags know
   * nothing of it, as text lines know nothing of {@link prefix}. Returns what `fn` returns.
   */
  textPrefix<T>(text: string, fn: () => T): T;
  /** The same for synchronous code: `using _ = logger.textPrefix('fold 3')`. */
  textPrefix(text: string): Disposable;
  textPrefix<T>(text: string, fn?: () => T): T | Disposable {
    checkPrefix(text);
    const inner = tryCurrentScope()?.withTextPrefix(text);
    return fn === undefined ? frame('textPrefix', text, inner) : block(inner, fn);
  }
}
