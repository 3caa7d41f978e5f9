import { isView } from '../config/read-only.ts';
import { isPlainObject } from '../core/json.ts';
import type { RunContext } from '../core/run-context.ts';
import type { Scope } from '../scope/scope.ts';
import { checkPrefixes, missing, tooMany, unknownMember } from './capture-errors.ts';
import { findSource, type Source, type Target } from './injectable.ts';
import type { Parameter } from './parameters.ts';

/** What one parameter gets from one run. */
interface Slot {
  readonly parameter: Parameter;
  readonly source: Source | undefined;
  /** The slots of the members of a destructured object. */
  readonly members: readonly Slot[] | undefined;
  /** The default value of a destructured object, where that is a literal. */
  readonly fallback: Readonly<Record<string, unknown>>;
}

/**
 * Where every argument of one captured function comes from in one run. The config of a run never
 * changes, so this is found out once, and calls only put values in their places.
 */
export class InjectionPlan {
  readonly #target: Target;
  readonly #run: RunContext;
  /** By position; nothing for a rest parameter and for what has no name. */
  readonly #slots: readonly (Slot | undefined)[];
  readonly #takesMore: boolean;

  /** @throws {ExpError} EXP_CAPTURE for a prefix that is no key of the config. */
  constructor(target: Target, run: RunContext) {
    checkPrefixes(target, run);
    this.#target = target;
    this.#run = run;
    this.#takesMore = target.parameters.at(-1)?.isRest === true;
    this.#slots = target.parameters.map((one, i) => this.#slotOf(one, target.types[i]));
  }

  /**
   * Puts values where `args` has gaps: explicit arguments win, then the run, then the defaults.
   * @returns the names that `inject()` will ask for in vain.
   * @throws {ExpError} EXP_CAPTURE for too many arguments, and for one that nothing gives.
   */
  fill(args: unknown[], scope: Scope): readonly string[] {
    const slots = this.#slots;
    const count = args.length;
    if (count > slots.length && !this.#takesMore) throw tooMany(this.#target, count);
    let lacking = NONE;
    let isMissing = false;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i];
      if (slot === undefined || (args[i] !== undefined && slot.members === undefined)) continue;
      if (slot.source !== undefined) {
        args[i] = this.#take(slot.source, scope);
      } else if (slot.members !== undefined) {
        const lacks = this.#fillMembers(args, i, slot as PatternSlot, scope);
        isMissing ||= lacks.isMissing;
        lacking = [...lacking, ...lacks.names];
      } else if (slot.parameter.isInjected || (!slot.parameter.hasDefault && i >= count)) {
        isMissing ||= !slot.parameter.isInjected;
        lacking = [...lacking, slot.parameter.name!];
      }
    }
    if (isMissing) throw missing(this.#target, lacking, this.#run);
    return lacking;
  }

  #slotOf(parameter: Parameter, type: unknown): Slot | undefined {
    const { name, pattern, isRest, literal } = parameter;
    if (isRest) return undefined;
    if (name !== undefined) {
      const source = findSource(this.#run, this.#target, name, type);
      return { parameter, source, members: undefined, fallback: {} };
    }
    if (pattern === undefined) return undefined;
    const value = literal?.value;
    return {
      parameter,
      source: undefined,
      members: pattern.members.map((member) => this.#slotOf(member, undefined)!),
      fallback: isPlainObject(value) ? value : {},
    };
  }

  #fillMembers(args: unknown[], at: number, slot: PatternSlot, scope: Scope): Lacking {
    const given = args[at];
    // An instance, the run say, is what the caller means, as it is.
    if (given !== undefined && !isPlainObject(given)) return NOTHING;
    const { parameter, members, fallback } = slot;
    const { isOpen } = parameter.pattern!;
    if (given !== undefined && !isOpen) this.#checkMembers(given, members);
    const filled: Record<string, unknown> = isOpen ? { ...given } : {};
    const names: string[] = [];
    let isMissing = false;
    for (const { parameter: member, source } of members) {
      const name = member.name!;
      const explicit = given !== undefined && Object.hasOwn(given, name) ? given[name] : undefined;
      if (explicit !== undefined) filled[name] = explicit;
      else if (source !== undefined) filled[name] = this.#take(source, scope);
      else if (Object.hasOwn(fallback, name)) filled[name] = fallback[name];
      else if (member.isInjected || !member.hasDefault) {
        names.push(name);
        isMissing ||= !member.isInjected;
      }
    }
    // What the default makes, only the function can tell: it stands in where the run does not do.
    const hasOwnDefault = parameter.hasDefault && !parameter.isInjected;
    if (given === undefined && hasOwnDefault && names.length > 0) return NOTHING;
    args[at] = filled;
    return { names, isMissing };
  }

  #checkMembers(given: Readonly<Record<string, unknown>>, members: readonly Slot[]): void {
    if (isView(given)) return; // a section as a whole: it has more keys than one function takes
    const known = members.map(({ parameter }) => parameter.name!);
    const unknown = Object.keys(given).find((key) => !known.includes(key));
    if (unknown !== undefined) throw unknownMember(this.#target, unknown, known);
  }

  #take(source: Source, scope: Scope): unknown {
    if (source.make !== undefined) return source.make(scope);
    if (source.key !== undefined) {
      this.#run.noteRead(source.key, this.#target.name);
      source.key = undefined;
    }
    return source.value;
  }
}

type PatternSlot = Slot & { readonly members: readonly Slot[] };

interface Lacking {
  readonly names: readonly string[];
  /** One of them has no default at all. */
  readonly isMissing: boolean;
}

const NONE: readonly string[] = [];
const NOTHING: Lacking = { names: NONE, isMissing: false };
