import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildNative } from '../../src/tfjs/native/build.ts';
import { isBuilt } from '../../src/tfjs/native/place.ts';
import { platformProblem } from '../../src/tfjs/native/requirements.ts';
import {
  NODE_MAJORS,
  nodeBinary,
  TENSORBOARD_PYTHON,
  TFJS_NODE_BUILD,
  TOOLS_DIR,
} from './tool-paths.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why a tool is missing, by tool; a tool that is there has no entry. */
    missingTools: Record<string, string>;
  }
}

/**
 * Installs what the tests need and the package does not: TensorBoard, the Nodes it supports, and the
 * native engine of TensorFlow.js.
 * What cannot be had is skipped by name; under CI it is an error.
 */
export default function setup(project: TestProject): void {
  const missing: Record<string, string> = {};
  const provide = (tool: string, isThere: () => boolean, install: () => void): void => {
    if (isThere()) return;
    try {
      install();
    } catch (error) {
      const reason = `${tool} cannot be installed here: ${(error as Error).message.split('\n')[0]}`;
      if (process.env['CI'] === 'true') throw new Error(reason, { cause: error });
      missing[tool] = reason;
    }
  };
  mkdirSync(TOOLS_DIR, { recursive: true });
  provide('tensorboard', hasTensorboard, installTensorboard);
  for (const major of NODE_MAJORS) {
    provide(
      `node-${major}`,
      () => existsSync(nodeBinary(major)),
      () => installNode(major),
    );
  }
  const problem = platformProblem();
  if (problem === undefined) {
    provide(
      'tfjs-node',
      () => isBuilt(TFJS_NODE_BUILD),
      () => buildNative(TFJS_NODE_BUILD, say),
    );
  } else {
    missing['tfjs-node'] = problem;
  }
  project.provide('missingTools', missing);
}

function hasTensorboard(): boolean {
  if (!existsSync(TENSORBOARD_PYTHON)) return false;
  try {
    execFileSync(TENSORBOARD_PYTHON, ['-c', 'import tensorboard.data.server_ingester'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    // half installed: installed again
    return false;
  }
}

function installTensorboard(): void {
  const venv = join(TOOLS_DIR, 'tensorboard');
  rmSync(venv, { recursive: true, force: true });
  say('installing TensorBoard into a private virtual environment');
  execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
  const packages = ['tensorboard==2.20.0', 'setuptools<81'];
  execFileSync(TENSORBOARD_PYTHON, ['-m', 'pip', 'install', '-q', ...packages], { stdio: 'pipe' });
}

function installNode(major: number): void {
  const dir = join(TOOLS_DIR, `node-${major}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "private": true }\n');
  say(`installing Node ${major}`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], {
    cwd: dir,
    stdio: 'pipe',
  });
}

function say(text: string): void {
  process.stderr.write(`test setup: ${text}\n`);
}
