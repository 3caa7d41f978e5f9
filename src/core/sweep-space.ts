import type { JsonObject } from './json.ts';
import type { EarlierConfig, Origin, Tagging } from './run-spec.ts';
import type { Swept } from './swept.ts';

/** The points of a sweep before they are listed: what it draws and crosses. */
export interface SweepSpace {
  readonly swept: readonly Swept[];
  /** Every variant that has all the values of one of these is left out. */
  readonly exclude: readonly JsonObject[];
  /** How many random points its intervals give. */
  readonly samples?: number;
  /** The root seed, and where it comes from. */
  readonly seed: { readonly value: number; readonly origin: Origin };
}

/** What a sweep was asked for besides its points: with it, more of its runs can be planned later. */
export interface KeptRequest {
  /** The directory that relative paths start from, and that its runs work in. */
  readonly cwd: string;
  readonly file?: string;
  readonly command?: string;
  readonly overrides?: readonly string[];
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  readonly from?: EarlierConfig;
  /** Config values from code, by section and key. */
  readonly values?: unknown;
  readonly valuesOrigin?: Origin;
  readonly systemMetrics?: number;
  readonly sinks?: readonly string[];
  readonly name?: string;
  readonly comment?: string;
  readonly parent?: string;
  readonly tagging?: Tagging;
}
