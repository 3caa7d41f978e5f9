import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/core/errors.ts';
import { PINO_DIR, PYTHON_DIR } from './paths.ts';

const PINO = '10.4.0';
const PYTHON = join(PYTHON_DIR, 'bin/python');

/** Packages of the Python peers; the figures in the README come from these versions. */
const PYTHON_PACKAGES = {
  tensorboard: '2.20.0',
  tensorboardX: '2.6.5',
  trackio: '0.43.0',
  sacred: '0.8.7',
  wandb: '0.31.0',
  swanlab: '0.10.3',
  'mlflow-skinny': '3.17.2',
} as const;

/** A program to compare with: pino, Python itself, or one of its packages. */
export type Tool = 'pino' | 'python' | keyof typeof PYTHON_PACKAGES;

/** The tools that are there, by version, and why the others are not. */
export interface Tools {
  readonly versions: Readonly<Partial<Record<Tool, string>>>;
  readonly missing: Readonly<Partial<Record<Tool, string>>>;
}

/**
 * Installs what the peers need, once, into folders of their own under `.cache`. What cannot be had
 * is named with its reason, and left out of the comparison.
 */
export function installPeers(): Tools {
  const versions: Partial<Record<Tool, string>> = {};
  const missing: Partial<Record<Tool, string>> = {};
  const provide = (tool: Tool, installed: () => string): void => {
    try {
      versions[tool] = installed();
    } catch (error) {
      missing[tool] = messageOf(error).split('\n')[0]!;
    }
  };
  provide('pino', installPino);
  provide('python', installPython);
  for (const [name, version] of Object.entries(PYTHON_PACKAGES)) {
    provide(name as Tool, () => {
      if (missing.python !== undefined) throw new Error(missing.python);
      return installPackage(name, version);
    });
  }
  return { versions, missing };
}

function installPino(): string {
  if (!existsSync(join(PINO_DIR, 'node_modules/pino'))) {
    mkdirSync(PINO_DIR, { recursive: true });
    writeFileSync(join(PINO_DIR, 'package.json'), '{ "private": true }\n');
    say(`installing pino ${PINO}`);
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `pino@${PINO}`];
    execFileSync('npm', args, { cwd: PINO_DIR, stdio: 'pipe' });
  }
  const manifest = readFileSync(join(PINO_DIR, 'node_modules/pino/package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function installPython(): string {
  if (!existsSync(PYTHON)) execFileSync('python3', ['-m', 'venv', PYTHON_DIR], { stdio: 'pipe' });
  return python('-c', 'import platform; print(platform.python_version())');
}

function installPackage(name: string, version: string): string {
  const query = `import importlib.metadata as m; print(m.version("${name}"))`;
  try {
    return python('-c', query);
  } catch {
    say(`installing ${name} ${version}`);
    // tensorboard and sacred still import pkg_resources.
    python('-m', 'pip', 'install', '-q', `${name}==${version}`, 'setuptools<81');
    return python('-c', query);
  }
}

function python(...args: readonly string[]): string {
  return execFileSync(PYTHON, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
}

function say(text: string): void {
  process.stderr.write(`peers: ${text}\n`);
}
