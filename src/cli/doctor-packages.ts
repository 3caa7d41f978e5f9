import { messageOf } from '../core/errors.ts';
import { findNative, findPackage } from '../tfjs/find.ts';
import { firstLine, type Probe } from './doctor-finding.ts';

const OLDEST = [20, 19] as const;

export const node: Probe = () => {
  const name = 'Node.js';
  const found = process.versions.node;
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    const remedy = 'https://nodejs.org, or a version manager';
    return { name, status: 'missing', found, cost: 'exptools needs 20.19 or later', remedy };
  }
  if (major === 20 && (process.env['NODE_EXTRA_CA_CERTS'] ?? '') !== '') {
    return {
      name,
      status: 'note',
      found: `${found}, with NODE_EXTRA_CA_CERTS`,
      cost: 'every process starts about 40 ms later',
      remedy: 'Node.js 22 or later, or a shell without that variable',
    };
  }
  return { name, status: 'ok', found };
};

/** What makes TypeScript run, with decorators of both kinds. */
export const loader: Probe = async () => {
  const name = 'loader';
  try {
    const { OxcTransformer } = await import('@oxc-node/core');
    const { transform, version } = await import('esbuild');
    new OxcTransformer(process.cwd()).transform('doctor.ts', 'const a: number = 1;');
    await transform('@((c: unknown) => c) class A {}', { loader: 'ts', target: 'es2022' });
    return { name, status: 'ok', found: `@oxc-node/core, esbuild ${version}` };
  } catch (error) {
    return {
      name,
      status: 'missing',
      found: firstLine(messageOf(error)),
      cost: 'files in TypeScript cannot be run',
      remedy: 'remove node_modules and install again, on this platform, optional packages included',
    };
  }
};

export const zod: Probe = ({ dir }) => {
  const name = 'zod';
  const version = findPackage('zod', dir)?.version;
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (major > 4 || (major === 4 && minor >= 2)) return { name, status: 'ok', found: version! };
  return {
    name,
    status: 'missing',
    found: version === undefined ? 'not installed in this project' : `${version}, which is too old`,
    cost: 'experiments can have no config',
    remedy: 'npm install zod',
  };
};

export const tfjs: Probe = ({ dir }) => {
  const name = 'TensorFlow.js';
  const found = findPackage('@tensorflow/tfjs', dir)?.version;
  if (found !== undefined) return { name, status: 'ok', found };
  return {
    name,
    status: 'note',
    found: 'not installed in this project',
    cost: 'exptools/tfjs has nothing to work with',
    remedy: 'npm install @tensorflow/tfjs',
  };
};

export const tfjsNative: Probe = ({ dir }) => {
  const name = 'its native engine';
  const native = findNative(dir);
  if (typeof native !== 'string') return { name, status: 'ok', found: native.version };
  return {
    name,
    status: 'note',
    found: 'neither installed nor built',
    cost: 'trainings with TensorFlow.js take several times as long',
    remedy: native.replace(/^It is neither installed nor built\. /, ''),
  };
};
