import type { Manifest } from '../core/manifest.ts';
import { counted } from './format.ts';

/** What the sinks of a run lost, a line each; nothing where its manifest is gone. */
export function lossTexts({ degraded = [] }: Pick<Manifest, 'degraded'> = {}): string[] {
  return degraded.map(({ sink, rows, reason }) => {
    if (rows === 0) return `${sink} failed at its end: ${reason}`;
    return `${sink} lost ${counted(rows, 'row')}: ${reason}`;
  });
}
