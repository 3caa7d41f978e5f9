import { join } from 'node:path';
import { leaves } from '../config/assignment.ts';
import { valueAt } from '../config/container.ts';
import { keyPath, pathText } from '../config/path.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { fillIn } from '../core/placeholders.ts';
import { slotCode } from '../slots/slot-code.ts';

/** What a program is told about its run, by the name of the placeholder. */
function variablesOf(spec: RunSpec, slot: Slot): Readonly<Record<string, string>> {
  return {
    seed: String(spec.seed),
    repeat: String(spec.sweep?.repeat ?? 0),
    run_id: spec.id,
    run_dir: spec.dir,
    log_dir: spec.program?.logDir ?? spec.dir,
    variant: join(spec.dir, RUN_FILES.variant),
    slot: String(slot.index),
    affinity: slotCode(slot),
  };
}

/** The variables of the environment, each with the placeholder that has the same value. */
const ENVIRONMENT = {
  EXP_RUN_ID: 'run_id',
  EXP_RUN_DIR: 'run_dir',
  EXP_LOG_DIR: 'log_dir',
  EXP_VARIANT: 'variant',
  EXP_SEED: 'seed',
  EXP_REPEAT: 'repeat',
  EXP_SLOT: 'slot',
  EXP_AFFINITY: 'affinity',
} as const;

/** A command as it is started for one run. */
export interface ProgramCall {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command of a run with its placeholders filled in, and the variables it gets.
 * @throws {ExpError} EXP_USAGE for an unknown placeholder, and for a config key that is called like one.
 */
export function programCall(spec: RunSpec, slot: Slot): ProgramCall {
  const variables = variablesOf(spec, slot);
  const keys = leaves(spec.config).map(({ path }) => pathText(path));
  const taken = keys.find((key) => key !== 'seed' && Object.hasOwn(variables, key));
  if (taken !== undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `{${taken}} stands for something of the run, and is a key too. Give the key another name.`,
    );
  }
  const known = [...keys, ...Object.keys(variables)];
  const valueOf = (name: string): string | undefined => {
    if (Object.hasOwn(variables, name)) return variables[name];
    const value = valueAt(spec.config, keyPath(name));
    return value === undefined ? undefined : typeof value === 'string' ? value : jsonLine(value);
  };
  const env = Object.entries(ENVIRONMENT).map(([name, key]) => [name, variables[key]!]);
  return {
    words: (spec.program?.words ?? []).map((word) => fillIn(word, valueOf, known)),
    env: Object.fromEntries(env) as Record<string, string>,
  };
}
