import type { Command } from 'commander';
import type { DoctorFlags } from './doctor.ts';
import { ROOT_FLAG } from './run-flags.ts';
import type { SlotsFlags } from './slots.ts';

/** Adds the commands about this machine. */
export function addMachineCommands(program: Command): void {
  addSlots(program);
  addDoctor(program);
  addSetUp(program);
}

function addSlots(program: Command): void {
  program
    .command('slots')
    .description('show this machine, and how runs would share its CPUs and GPUs')
    .option(
      '--affinity <spec>',
      'auto, none, cores=2,gpus=1,share=2,..., or an affinity code',
      'auto',
    )
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', AFFINITY_HELP)
    .action(async (flags: SlotsFlags) => {
      const { slots } = await import('./slots.ts');
      slots(flags);
    });
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what this machine offers, what a missing part costs, and how to get it')
    .option(...ROOT_FLAG)
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'show this help')
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('./doctor.ts');
      await doctor(flags);
    });
}

const AFFINITY_HELP = `
What runs need, as in --affinity cores=2,gpus=1,share=2:
  cores=N    whole cores per run       gpus=N     GPUs per run
  slots=N    runs at once              share=N    runs that share each GPU
  reserve=N  cores that no run gets    sockets=N  only the first sockets`;

function addSetUp(program: Command): void {
  program
    .command('setup-tfjs-node')
    .argument('[dir]')
    .description('build the native engine of TensorFlow.js (Linux x86_64; 210 MB to download)')
    .helpOption('-h, --help', 'show this help')
    .action(async (dir: string | undefined) => {
      const { setUpTfjsNode } = await import('./setup-tfjs-node.ts');
      setUpTfjsNode(dir);
    });
}
