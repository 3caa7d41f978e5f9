import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { logger } from '../../src/index.ts';
import { logged } from '../helpers/logged.ts';
import { test } from '../helpers/temp-dir.ts';

/** A block and the blocks in it. */
interface Block {
  readonly name: string;
  readonly how: 'block' | 'using' | 'child' | 'text';
  readonly isParallel: boolean;
  readonly throws: boolean;
  readonly inner: readonly Block[];
}

const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'x y', '__proto__'),
    how: fc.constantFrom('block', 'using', 'child', 'text'),
    isParallel: fc.boolean(),
    throws: fc.boolean(),
    inner: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('block'), { maxLength: 3 })),
  }),
}));

/** Enters blocks as the tree says and logs in each the path that its tag must have. */
async function walk(blocks: readonly Block[], path: readonly string[]): Promise<void> {
  const parallel: Promise<void>[] = [];
  for (const one of blocks) {
    const done = enter(one, path).catch((error: unknown) => expect(error).toBe('thrown'));
    if (one.isParallel) parallel.push(done);
    else await done;
    logger.log({ end: path.join('/') });
  }
  await Promise.all(parallel);
}

async function enter(one: Block, path: readonly string[]): Promise<void> {
  const inside = [...path, one.name];
  if (one.how === 'using') {
    // For synchronous code alone.
    {
      using _ = logger.prefix(one.name);
      logger.log({ at: inside.join('/') });
    }
    return;
  }
  if (one.how === 'child') {
    const child = logger.child(one.name);
    await turn();
    child.log({ at: inside.join('/') });
    return;
  }
  const body = async (): Promise<void> => {
    const here = one.how === 'text' ? path : inside;
    logger.log({ at: here.join('/') });
    await turn();
    await walk(one.inner, here);
    logger.log({ at: here.join('/') });
    if (one.throws) throw 'thrown' as unknown as Error;
  };
  await (one.how === 'text' ? logger.textPrefix(one.name, body) : logger.prefix(one.name, body));
}

describe('prefixes', () => {
  test('are the path of open blocks, outermost first, in whatever way blocks are nested', async ({
    dir,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 4 }), async (blocks) => {
        const rows = await logged(dir, () => walk(blocks, []));

        for (const { step: _, ...row } of rows) {
          const [[tag, path]] = Object.entries(row) as [[string, string]];
          expect(tag.replace(/\/?(at|end)$/, '')).toBe(path);
        }
      }),
      { numRuns: 60 },
    );
  });
});
