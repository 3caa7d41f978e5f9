import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { ExpError } from '../../core/errors.ts';

/** While it is being made, a build holds TensorFlow twice: packed and unpacked. */
const ROOM_BYTES = 1.2e9;

/** The programs a build needs, each with a call that must succeed. */
const PROGRAMS = [
  { name: 'npm', args: ['--version'], hint: 'It comes with Node.' },
  { name: 'g++', args: ['--version'], hint: 'On Debian and Ubuntu: apt install g++.' },
  {
    name: 'python3',
    args: ['-m', 'pip', '--version'],
    hint: 'It must have pip. On Debian and Ubuntu: apt install python3-pip.',
  },
] as const;

/** Why no native engine can be built on this platform; `undefined` where it can. */
export function platformProblem(): string | undefined {
  const platform = `${process.platform} ${process.arch}`;
  if (platform === 'linux x64') return undefined;
  return (
    `The native engine can be built on Linux x86_64 only, and this is ${platform}. ` +
    'Elsewhere "npm install @tensorflow/tfjs-node" may bring one that is ready-made.'
  );
}

/**
 * Checks that a build in `dir`, which exists, has all it needs, before it costs anything.
 * @throws {ExpError} EXP_TFJS
 */
export function checkRequirements(dir: string): void {
  const problem = platformProblem();
  if (problem !== undefined) throw new ExpError('EXP_TFJS', problem);
  for (const { name, args, hint } of PROGRAMS) {
    try {
      execFileSync(name, args, { stdio: 'ignore' });
    } catch (error) {
      throw new ExpError(
        'EXP_TFJS',
        `The native engine needs ${name}, and "${[name, ...args].join(' ')}" fails. ${hint}`,
        { cause: error },
      );
    }
  }
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize < ROOM_BYTES) {
    throw new ExpError(
      'EXP_TFJS',
      `The native engine needs ${ROOM_BYTES / 1e9} GB while it is built, and there are only ` +
        `${((bavail * bsize) / 1e9).toFixed(1)} GB left for "${dir}".`,
    );
  }
}
