import { createHash } from 'node:crypto';
import { jsonLine } from '../core/json.ts';
import { valuesLabel } from '../core/run-id.ts';
import type { Variant } from './variants.ts';

const MAX_LENGTH = 100;

/**
 * A name for each variant, made of its values: `lr=0.1_optimizer=sgd`. Names differ on every file
 * system, those that mind no capitals included, and have at most 100 characters, all of them safe.
 * A name that is cut, or would be that of another variant, ends in a hash of the values.
 */
export function variantNames(variants: readonly Variant[]): string[] {
  const labels = variants.map((variant) => valuesLabel(variant).replace(/\.$/, '-') || 'variant');
  const counts = new Map<string, number>();
  for (const label of labels.map(folded)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label, i) => {
    if (label.length <= MAX_LENGTH && counts.get(folded(label)) === 1) return label;
    const hash = createHash('sha256').update(jsonLine(variants[i])).digest('hex').slice(0, 10);
    return `${label.slice(0, MAX_LENGTH - hash.length - 1)}_${hash}`;
  });
}

function folded(label: string): string {
  return label.toLowerCase();
}
