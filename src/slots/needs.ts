import { ExpError, suggest } from '../core/errors.ts';
import { readCode } from './affinity.ts';

/** What the runs of a sweep need of a machine; what is left out is chosen by the machine. */
export interface Needs {
  /** How many runs at once. Default: as many as there is room for. */
  readonly slots?: number;
  /** Whole cores per run. Default 1, and on GPUs or with `slots` an even share. */
  readonly cores?: number;
  /** GPUs per run. Default 1 where there are any. */
  readonly gpus?: number;
  /** Runs that share each GPU. Default 1, or with more `slots` than GPUs as many as it takes. */
  readonly share?: number;
  /** Cores that no run gets. Default 0. */
  readonly reserve?: number;
  /** Sockets to use, from the first one on. Default: all. */
  readonly sockets?: number;
  /** The affinity code that the needs were read from; it says how workers share the cores of a run. */
  readonly code?: string;
}

const LEAST = { slots: 1, cores: 1, gpus: 0, share: 1, reserve: 0, sockets: 1 } as const;
const NAMES = Object.keys(LEAST) as (keyof typeof LEAST)[];

/**
 * Reads what `--affinity` says: `auto`, needs as in `cores=2,gpus=1,share=2,reserve=1,sockets=2`, or
 * an affinity code of rlpyt. Of a code, the numbers of runs, cores and GPUs count, and what it says
 * about hyperthreads and sockets does not: the machine itself knows better. `none`, for runs that
 * are not pinned and see all GPUs, is `undefined`.
 * @throws ExpError (`EXP_USAGE`) for an unknown need, a value that is none and a code that is wrong.
 */
export function parseNeeds(text: string): Needs | undefined {
  if (text === 'none') return undefined;
  if (text === 'auto') return {};
  if (/^\d+[a-z]{3}(_|$)/.test(text)) return needsOfCode(text);
  const needs: Partial<Record<keyof typeof LEAST, number>> = {};
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([^=\s]*)\s*=?\s*(.*?)\s*$/.exec(part) ?? [];
    const need = NAMES.find((known) => known === name);
    if (need === undefined) throw badNeed(text, `"${name}" is no need. ${suggest(name, NAMES)}`);
    if (needs[need] !== undefined) throw badNeed(text, `"${need}" comes twice.`);
    if (!/^\d+$/.test(value) || Number(value) < LEAST[need]) {
      throw badNeed(text, `${need} must be a whole number from ${LEAST[need]} on, not "${value}".`);
    }
    needs[need] = Number(value);
  }
  return needs;
}

function needsOfCode(code: string): Needs {
  const { slot, split, slots } = readCode(code);
  if (slot !== undefined) {
    throw badNeed(code, `${slot}slt makes it the code of a single run. Leave that out.`);
  }
  const { cpu, gpu, gpr, sgr, cxg } = split;
  return { slots, cores: cpu / slots, gpus: gpu === 0 ? 0 : gpr + sgr, share: cxg, code };
}

function badNeed(text: string, reason: string): ExpError {
  const forms = 'Say auto, none, needs such as cores=2,gpus=1, or an affinity code.';
  return new ExpError('EXP_USAGE', `--affinity "${text}": ${reason} ${forms}`);
}
