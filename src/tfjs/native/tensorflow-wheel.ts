import { mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TENSORFLOW_VERSION } from './place.ts';
import { runProgram } from './run-program.ts';

const WHEEL_HASH = '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26';

/** How the directories start that TensorFlow is unpacked in. */
const WORK_PREFIX = '.wheel-';

/** Takes the C library and its headers out of the wheel. */
const UNPACK = `
import glob, os, re, shutil, sys, zipfile
wheel, target = glob.glob(sys.argv[1] + '/*.whl')[0], sys.argv[2]
wanted = [
    (r'tensorflow/(libtensorflow_(?:cc|framework)\\.so\\.2)', 'lib/'),
    (r'tensorflow/include/((?:tensorflow/c|tensorflow/core/platform|tsl/c|tsl/platform)/.*\\.h)', 'include/'),
    (r'[^/]*\\.dist-info/(LICENSE)', ''),
]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        for pattern, to in wanted:
            match = re.fullmatch(pattern, name)
            if match:
                path = os.path.join(target, to + match[1])
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with archive.open(name) as source, open(path, 'wb') as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
`;

/**
 * Puts TensorFlow's library and C headers into `deps` of a tfjs-node package, out of the wheel for
 * Python. Any Python will do: the wheel, for one of its versions, is only unpacked.
 */
export function unpackTensorFlow(build: string, packageDir: string): void {
  for (const name of readdirSync(build).filter((name) => name.startsWith(WORK_PREFIX))) {
    rmSync(join(build, name), { recursive: true });
  }
  const work = mkdtempSync(join(build, WORK_PREFIX));
  const wanted = `tensorflow-cpu==${TENSORFLOW_VERSION} --hash=sha256:${WHEEL_HASH}\n`;
  writeFileSync(join(work, 'requirements.txt'), wanted);
  // prettier-ignore
  const download = [
    '-m', 'pip', 'download', '-q', '--disable-pip-version-check',
    '--no-deps', '--only-binary=:all:', '--require-hashes', '-r', 'requirements.txt', '-d', '.',
    '--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311',
    '--platform', 'manylinux2014_x86_64',
  ];
  runProgram('python3', download, work);
  const made = join(work, 'deps');
  runProgram('python3', ['-c', UNPACK, work, made], work);
  symlinkSync('libtensorflow_cc.so.2', join(made, 'lib/libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(made, 'lib/libtensorflow_framework.so'));
  rmSync(join(packageDir, 'deps'), { recursive: true, force: true });
  renameSync(made, join(packageDir, 'deps'));
  rmSync(work, { recursive: true });
}
