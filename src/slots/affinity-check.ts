import { badCode, type Fields, type Split } from './affinity-code.ts';

type Check = (holds: boolean, reason: string) => void;

/**
 * How many runs a code has slots for, once it is sure that all of them are whole and apart.
 * @throws ExpError (`EXP_USAGE`) with the numbers that do not fit together.
 */
export function checkSplit(code: string, fields: Fields, split: Split): number {
  const check: Check = (holds, reason) => {
    if (!holds) throw badCode(code, reason);
  };
  checkValues(check, split);
  checkCombination(check, fields, split);
  if (split.ass === 1) return checkAsync(check, split);
  const slots = checkRuns(check, split);
  const parts = split.gpu > 0 ? split.gpu * split.cxg : slots;
  checkSockets(check, split, parts);
  return slots;
}

function checkValues(check: Check, split: Split): void {
  const { cpu, hto } = split;
  for (const tag of ['cpu', 'cxg', 'gpr', 'cpw', 'skt'] as const) {
    check(split[tag] >= 1, `${tag} is ${split[tag]}, and must be at least 1.`);
  }
  for (const tag of ['ass', 'oss', 'alt', 'saf'] as const) {
    check(split[tag] <= 1, `${tag} is ${split[tag]}, and must be 0 or 1.`);
  }
  const apart = hto === 0 || hto >= cpu;
  check(apart, `with hto ${hto}, hyperthreads fall among the ${cpu} cores; give 0 for none.`);
}

function checkCombination(check: Check, fields: Fields, { gpu, gpr, cxg, ass }: Split): void {
  const others = gpu > 0 ? (['cpr'] as const) : (['cxg', 'gpr', 'ass', 'sgr', 'oss'] as const);
  const why = gpu > 0 ? 'is for codes without GPUs' : 'needs GPUs, and gpu is 0';
  for (const tag of others) check(fields[tag] === undefined, `${tag} ${why}.`);
  check(gpu > 0 || (fields.cpr ?? 0) > 0, 'without GPUs, cpr must say how many cores a run has.');
  for (const tag of ['sgr', 'oss'] as const) {
    check(ass === 1 || fields[tag] === undefined, `${tag} needs asynchronous sampling, 1ass.`);
  }
  const isAlone = cxg === 1 || (gpr === 1 && ass === 0);
  check(isAlone, `runs cannot share GPUs (${cxg}cxg) where they have several or sample on them.`);
}

/** Runs of one process: cores split evenly over runs, or over GPUs and what shares them. */
function checkRuns(check: Check, { cpu, gpu, cxg, gpr, cpr, cpw, res }: Split): number {
  const parts = gpu > 0 ? gpu * cxg : cpu / cpr;
  const by = gpu > 0 ? `${gpu} GPUs with ${cxg} each` : `runs of ${cpr}`;
  check(Number.isInteger(parts) && cpu % parts === 0, `${cpu} cores do not split into ${by}.`);
  check(gpu % gpr === 0, `${gpu} GPUs do not split into runs of ${gpr}.`);
  const cores = cpu / parts;
  check(res <= cores, `${res} reserved cores are more than the ${cores} that a part has.`);
  const rest = cores - res;
  check(rest % cpw === 0, `${rest} cores do not split into workers of ${cpw}.`);
  return gpu > 0 ? parts / gpr : parts;
}

/** Runs stay on one socket, or span the same number of whole ones each. */
function checkSockets(check: Check, { cpu, hto, skt }: Split, parts: number): void {
  checkCoresPerSocket(check, cpu, hto, skt);
  check(
    parts >= skt ? parts % skt === 0 : skt % parts === 0,
    `${parts} slots do not split over ${skt} sockets; try 1skt.`,
  );
  const [cores, sockets] = [cpu / parts, parts >= skt ? 1 : skt / parts];
  check(cores % sockets === 0, `the ${cores} cores of a run do not split over ${sockets} sockets.`);
}

function checkCoresPerSocket(check: Check, cpu: number, hto: number, skt: number): void {
  const machine = Math.max(cpu, hto);
  const isEven = machine % skt === 0 && cpu % skt === 0;
  const cores = machine === cpu ? `${cpu}` : `${cpu} of ${machine}`;
  check(isEven, `${cores} cores do not split over ${skt} sockets.`);
}

/** Runs whose sampler and optimizer work apart. */
function checkAsync(check: Check, { cpu, gpu, gpr, sgr, oss, res, cpw, hto, skt }: Split): number {
  const perRun = gpr + sgr;
  check(gpu % perRun === 0, `${gpu} GPUs do not split into runs of ${perRun}.`);
  const slots = gpu / perRun;
  check(cpu % slots === 0, `${cpu} cores do not split into ${slots} runs.`);
  checkCoresPerSocket(check, cpu, hto, skt);
  check(gpu % skt === 0, `${gpu} GPUs do not split over ${skt} sockets.`);
  const isEven = perRun <= gpu / skt ? slots % skt === 0 : skt % slots === 0;
  check(isEven, `${slots} slots do not split over ${skt} sockets; try 1skt.`);
  const sockets = Math.max(1, skt / slots);
  for (const [count, what] of [
    [gpr, 'optimizer'],
    [sgr, 'sampler'],
  ] as const) {
    check(
      count % sockets === 0,
      `${count} ${what} GPUs do not split over ${sockets} sockets; try 1skt.`,
    );
  }
  const sampling = cpu / slots - res * gpr;
  const reserved = `${res} cores reserved for each of ${gpr} GPUs`;
  check(sampling > 0, `${reserved} leave none of a run's ${cpu / slots} cores to the sampler.`);
  const samplers = oss === 1 ? gpr : Math.max(sgr, sockets);
  check(
    sampling % (samplers * cpw) === 0,
    `${sampling} cores do not split over ${samplers} samplers with workers of ${cpw}.`,
  );
  return slots;
}
