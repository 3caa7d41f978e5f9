import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonOf } from './place.ts';
import { runProgram } from './run-program.ts';

const SHARED_NAMES = 'static std::set<std::string> ATTR_NAME_SET;';

// All worker threads share one set of names without a lock, which ends in crashes: one each, then,
// never freed, for threads end in any order.
const NAMES_OF_THREAD =
  'static thread_local std::set<std::string>& ATTR_NAME_SET = *new std::set<std::string>;';

/**
 * Compiles the addon of a tfjs-node package, and loads it once before it counts as there.
 * @returns the version of TensorFlow that it found.
 */
export function compileAddon(build: string, packageDir: string): string {
  const backend = join(packageDir, 'binding/tfjs_backend.cc');
  const source = readFileSync(backend, 'utf8');
  writeFileSync(backend, source.replace(SHARED_NAMES, NAMES_OF_THREAD));
  const addon = addonOf(packageDir);
  const made = addon.replace(/\.node$/, '.new.node');
  mkdirSync(dirname(addon), { recursive: true });
  const defines = [
    'NAPI_VERSION=8',
    'BUILDING_NODE_EXTENSION',
    'NODE_GYP_MODULE_NAME=tfjs_binding',
  ];
  const includes = [
    join(build, 'node_modules/node-api-headers/include'),
    join(packageDir, 'deps/include'),
    packageDir,
  ];
  runProgram(
    'g++',
    // prettier-ignore
    [
      '-std=c++17', '-O2', '-fPIC', '-shared', '-w',
      ...defines.map((define) => `-D${define}`),
      ...includes.map((dir) => `-I${dir}`),
      backend, join(packageDir, 'binding/tfjs_binding.cc'),
      `-L${join(packageDir, 'deps/lib')}`, '-ltensorflow', '-ltensorflow_framework',
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
      '-o', made,
    ],
    build,
  );
  const load = 'console.log(require(process.argv[1]).TF_Version)';
  const version = runProgram(process.execPath, ['-e', load, made], build).trim();
  renameSync(made, addon);
  return version;
}
