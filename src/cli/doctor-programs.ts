import { askProgram } from '../provenance/ask-program.ts';
import { firstLine, programProbe, versionIn, type Probe } from './doctor-finding.ts';

export const git: Probe = programProbe({
  name: 'git',
  program: 'git',
  cost: 'runs do not know the commit of their code',
  remedy: 'https://git-scm.com/downloads, or apt install git',
});

export const taskset: Probe = programProbe({
  name: 'taskset',
  program: 'taskset',
  cost: 'runs of a sweep are not pinned: they share all CPUs, and disturb each other',
  remedy: 'On Debian and Ubuntu: apt install util-linux. Other systems have none.',
});

export const tensorboard: Probe = programProbe({
  name: 'TensorBoard',
  program: 'tensorboard',
  cost: 'event files are written all the same, but cannot be looked at here',
  remedy: 'pip install tensorboard, then: tensorboard --logdir runs',
});

const SLURM_MS = 5_000;

/** Whether jobs can be handed to a SLURM cluster. */
export const slurm: Probe = async () => {
  const name = 'SLURM';
  const { SLURM_JOB_ID: job } = process.env;
  const inJob = job === undefined ? '' : `; within job ${job}, slots stay inside of what it has`;
  const sbatch = await askProgram('sbatch', ['--version'], SLURM_MS);
  if (sbatch.kind !== 'ok') {
    return {
      name,
      status: 'note',
      found: sbatch.kind === 'absent' ? `none here${inJob}` : `"sbatch --version" fails${inJob}`,
      cost: 'sweeps run on this machine alone',
      remedy: 'work on a login node of a cluster',
    };
  }
  const version = versionIn(sbatch.text);
  const sinfo = await askProgram('sinfo', ['--noheader', '--format=%P'], SLURM_MS);
  if (sinfo.kind === 'ok') {
    const partitions = sinfo.text.split('\n').filter((line) => line !== '');
    return { name, status: 'ok', found: `${version}, partitions ${partitions.join(', ')}${inJob}` };
  }
  const why = sinfo.kind === 'failed' ? firstLine(sinfo.text) : 'it does not answer';
  return {
    name,
    status: 'missing',
    found: `${version}, but sinfo has no answer: ${why}${inJob}`,
    cost: 'jobs cannot be handed in',
    remedy: 'ask who looks after the cluster whether slurmctld is up',
  };
};
