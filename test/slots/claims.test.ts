import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { withClaimLock } from '../../src/slots/claim-lock.ts';
import {
  claimsDir,
  readClaims,
  removeClaim,
  writeClaim,
  type Claim,
} from '../../src/slots/claims.ts';
import { identify } from '../../src/store/process-identity.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const COUNTING = join(REPO, 'test/fixtures/launcher/counting.js');
const CLAIM: Claim = { process: identify(), sweep: 'abc', cpus: [0, 8], gpus: ['GPU-a'] };

describe('claims', () => {
  test('are read back until they are given up', ({ dir }) => {
    const name = writeClaim(join(dir, 'claims'), CLAIM);

    expect(readClaims(join(dir, 'claims'))).toEqual([{ ...CLAIM, name }]);
    removeClaim(join(dir, 'claims'), name);
    expect(readClaims(join(dir, 'claims'))).toEqual([]);
  });

  test('lie where all users can write, and remove only what is theirs', ({ dir }) => {
    writeClaim(join(dir, 'claims'), CLAIM);

    expect((statSync(join(dir, 'claims')).mode & 0o7777).toString(8)).toBe('1777');
    expect(claimsDir({ EXP_CLAIMS: dir })).toBe(dir);
    expect(claimsDir({})).toMatch(/exptools-claims$/);
  });

  test('can be read by all users, and are whole or not there', ({ dir }) => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));

    const name = writeClaim(dir, CLAIM);

    expect((statSync(join(dir, name)).mode & 0o777).toString(8)).toBe('644');
    expect(readdirSync(dir)).toEqual([name]);
  });

  test('of processes that are gone do not count, and are removed', async ({ dir }) => {
    const { child, finished } = start('true', []);
    const gone = { ...identify(child.pid), startTicks: 1 };
    await finished;
    writeClaim(dir, { ...CLAIM, process: gone });
    writeClaim(dir, { ...CLAIM, process: { ...identify(), bootId: 'before' } });

    expect(readClaims(dir)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('of another machine do not count, and are left alone', ({ dir }) => {
    writeClaim(dir, { ...CLAIM, process: { pid: 1, host: 'elsewhere' } });

    expect(readClaims(dir)).toEqual([]);
    expect(readdirSync(dir)).toHaveLength(1);
  });

  test.for([
    ['no JSON', 'garbage {'],
    ['another value', '[1, 2]'],
    ['no CPUs', JSON.stringify({ ...CLAIM, cpus: 'all' })],
    ['numbers that are no CPUs', JSON.stringify({ ...CLAIM, cpus: [-1, 0.5] })],
    ['a name that would colour the terminal', JSON.stringify({ ...CLAIM, sweep: '\u001b[31m' })],
    ['no process', JSON.stringify({ ...CLAIM, process: 7 })],
  ] as const)('are none with %s', ([, text], { dir }) => {
    writeFileSync(join(dir, 'x.json'), text);

    expect(readClaims(dir)).toEqual([]);
  });

  test('are files of their own, no links and no folders', ({ dir }) => {
    writeFileSync(join(dir, 'elsewhere'), JSON.stringify(CLAIM));
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'link.json'));
    mkdirSync(join(dir, 'folder.json'));

    expect(readClaims(dir)).toEqual([]);
    expect(readClaims(join(dir, 'missing'))).toEqual([]);
  });
});

describe('the lock of claims', () => {
  test('lets one process in at a time', async ({ dir }) => {
    const counter = join(dir, 'counter');
    writeFileSync(counter, '0');

    const workers = Array.from({ length: 4 }, () => start(process.execPath, [COUNTING, counter]));

    const codes = await Promise.all(workers.map(async ({ finished }) => (await finished).code));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('40');
  });

  test('is free again after an error', async ({ dir }) => {
    const fail = withClaimLock(dir, () => {
      throw new Error('no');
    });

    await expect(fail).rejects.toThrow('no');
    expect(await withClaimLock(dir, () => 7)).toBe(7);
  });
});
