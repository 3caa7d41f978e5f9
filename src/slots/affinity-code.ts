import { ExpError, suggest } from '../core/errors.ts';

/** The tags of rlpyt's affinity codes, and what the number before each of them says. */
const TAGS = {
  slt: 'run slot, counted from 0',
  cpu: 'cores to use on the machine',
  gpu: 'GPUs to use on the machine',
  cxg: 'runs that share each GPU',
  gpr: 'GPUs per run',
  cpr: 'cores per run, without GPUs',
  cpw: 'cores per worker',
  hto: "what to add to a core's number for its hyperthread; 0 does not use hyperthreads",
  skt: 'sockets',
  res: 'cores per run, or with ass per GPU, that workers do not get',
  ass: '1 for asynchronous sampling',
  sgr: 'GPUs per run for the asynchronous sampler',
  oss: '1 where optimizer and asynchronous sampler share GPUs',
  alt: '1 for alternating workers',
  saf: '0 to leave processes unpinned',
} as const;

/** A tag of an affinity code: `cpu` in `8cpu_4gpu`. */
type Tag = keyof typeof TAGS;

/** The numbers that a code gives, by tag. */
export type Fields = Partial<Record<Tag, number>>;

/** The numbers of a code, with what it leaves out. */
export type Split = Readonly<Record<Exclude<Tag, 'slt'>, number>>;

/**
 * Reads `0slt_8cpu_4gpu` as its numbers by tag, in any order.
 * @throws ExpError (`EXP_USAGE`) for what is no field, an unknown tag or one that comes twice.
 */
export function parseCode(code: string): Fields {
  const fields: Fields = {};
  for (const field of code.split('_')) {
    const [, digits, tag = ''] = /^(\d+)([A-Za-z]+)$/.exec(field) ?? [];
    if (digits === undefined) {
      throw badCode(code, `"${field}" is not a number with a tag of three letters, as in 8cpu.`);
    }
    if (!isTag(tag)) {
      throw badCode(code, `"${tag}" is no tag. ${suggest(tag, Object.keys(TAGS))}`);
    }
    if (fields[tag] !== undefined) throw badCode(code, `"${tag}" comes twice.`);
    fields[tag] = Number(digits);
  }
  return fields;
}

/** The numbers of a code with rlpyt's defaults for those it leaves out. */
export function withDefaults(fields: Fields): Split {
  const { cpu = 0, ass = 0, oss = 0 } = fields;
  const defaults = {
    cpu,
    gpu: 0,
    cxg: 1,
    gpr: 1,
    cpr: 0,
    cpw: 1,
    hto: cpu,
    skt: 1,
    alt: 0,
    saf: 1,
  };
  return {
    ...defaults,
    // Asynchronous sampling drives each of its GPUs from a core of its own.
    res: ass,
    ...withoutSlot(fields),
    ass,
    oss,
    // A sampler that shares the optimizer's GPUs has none of its own.
    sgr: oss === 1 ? 0 : (fields.sgr ?? 0),
  };
}

/** An error about a code: what is wrong with it. */
export function badCode(code: string, reason: string): ExpError {
  return new ExpError('EXP_USAGE', `The affinity code "${code}" cannot be used: ${reason}`);
}

function isTag(tag: string): tag is Tag {
  return Object.hasOwn(TAGS, tag);
}

function withoutSlot({ slt: _, ...others }: Fields): Omit<Fields, 'slt'> {
  return others;
}
