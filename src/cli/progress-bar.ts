import pc from 'picocolors';
import type { SweepCounts } from '../sweeper/sweep-state.ts';
import { endedCount } from './progress-text.ts';

/**
 * A line of `width` characters: runs that are done, that ended otherwise, that are under way, and the
 * rest. It can be read without colours, too; it is never full while something is left to do, and
 * never hides that a run failed.
 */
export function progressBar(counts: SweepCounts, width: number): string {
  const { completed, running, total } = counts;
  const ended = endedCount(counts);
  const cells = (count: number): number =>
    count >= total ? width : Math.min(width - 1, Math.round((count / total) * width));
  const over = Math.max(cells(ended), ended > completed ? 1 : 0);
  const done = ended > completed ? Math.min(cells(completed), over - 1) : over;
  const busy = Math.max(over, cells(ended + running));
  return (
    pc.green('━'.repeat(done)) +
    pc.red('━'.repeat(over - done)) +
    pc.cyan('─'.repeat(busy - over)) +
    pc.dim('─'.repeat(width - busy))
  );
}
