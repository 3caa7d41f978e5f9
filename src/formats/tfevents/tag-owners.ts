import type { Plugin } from './summary.ts';

/**
 * TensorBoard gives a tag to the plugin of its first event, and leaves out what another plugin has
 * under it. So that nothing is lost, the other one gets a tag of its own: `loss/histograms`.
 */
export class TagOwners {
  readonly #owners = new Map<string, Plugin | 'scalars'>();

  /** Remembers a tag as an earlier attempt has written it. */
  restore(tag: string, plugin: Plugin | 'scalars'): void {
    this.#owners.set(tag, plugin);
  }

  /** The tag to write for this one. */
  claim(tag: string, plugin: Plugin | 'scalars'): string {
    const owner = this.#owners.get(tag);
    if (owner === undefined) this.#owners.set(tag, plugin);
    return owner === undefined || owner === plugin ? tag : this.claim(`${tag}/${plugin}`, plugin);
  }
}
