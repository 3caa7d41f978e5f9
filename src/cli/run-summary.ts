import pc from 'picocolors';
import { listCheckpoints } from '../checkpoint/list.ts';
import type { Outcome } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { tryReadManifest } from '../store/manifest-file.ts';
import { durationText, numberText, statusText } from './format.ts';
import { lossTexts } from './loss-text.ts';

/**
 * The end of a single run: how it ended, what came out, what to type next.
 * @param flag what the commands to type need to find the run root.
 */
export function summary(
  { spec, status, reason, stderr }: Outcome,
  flag: string,
  quiet: boolean,
): string {
  const manifest = tryReadManifest(spec.dir);
  if (manifest === undefined)
    return `${statusText(status)}: ${reason ?? 'its directory is gone'}\n`;
  const attempt = spec.entered === true ? manifest.attempts.at(-1) : undefined;
  const elapsed = attempt === undefined ? manifest.elapsed : attempt.resources?.wallSeconds;
  const took = elapsed === undefined ? '' : ` in ${durationText(elapsed * 1000)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  const lines = [`${statusText(status)}${took}${why}`];
  const { result } = attempt ?? manifest;
  if (typeof result === 'object' && result !== null && !Array.isArray(result)) {
    for (const [key, value] of Object.entries(result))
      lines.push(`${pc.dim(key)}  ${numberText(value)}`);
  } else if (result !== undefined) {
    lines.push(`${pc.dim('result')}  ${numberText(result)}`);
  }
  lines.push(...lossTexts(manifest).map((text) => pc.yellow(text)));
  if (quiet) lines.push(...stderr);
  if (spec.ghost !== true) {
    const canGoOn = status !== 'completed' && attempt === undefined && hasCheckpoint(spec);
    const next = canGoOn ? ['resume', 'show'] : ['show'];
    for (const [i, what] of next.entries()) {
      lines.push(
        `${pc.dim(i === 0 ? 'next' : '    ')}  npx run-exp ${what} ${spec.id.slice(-6)}${flag}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** True for a run of ours that `resume` can go on with. */
function hasCheckpoint({ program, dir }: RunSpec): boolean {
  return program === undefined && listCheckpoints(dir).length > 0;
}
