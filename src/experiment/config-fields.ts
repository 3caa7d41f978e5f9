import type { ConfigSchema, JsonSchema, SchemaIssue } from '../config/schema.ts';
import { describeSchema } from '../config/schema.ts';
import { isPlainObject } from '../core/json.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { allMembers } from './members.ts';

const filled = new WeakSet<object>();

/** What a `@config` field called `name` gets: the section of that name, or else the whole config. */
export function configField(config: unknown, name: string): unknown {
  const hasSection = name !== 'config' && isPlainObject(config) && Object.hasOwn(config, name);
  return hasSection ? config[name] : config;
}

/** Fills the `@config` fields of an instance from the current run, once; outside a run it waits. */
export function fillConfigFields(instance: unknown): void {
  if (typeof instance !== 'object' || instance === null || filled.has(instance)) return;
  const config = tryCurrentScope()?.run.config;
  if (config === undefined) return;
  filled.add(instance);
  for (const name of allMembers(instance).fields.keys()) {
    Object.defineProperty(instance, name, {
      value: configField(config, name),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

/**
 * The schema that `@config(schema)` fields make together: that of the field `config` alone, or
 * else an object with a section for every field.
 */
export function schemaOfFields(
  fields: ReadonlyMap<string, ConfigSchema | undefined>,
): ConfigSchema | undefined {
  const sections = [...fields].filter(
    (entry): entry is [string, ConfigSchema] => entry[1] !== undefined,
  );
  const whole = sections.find(([name]) => name === 'config');
  if (whole !== undefined) return whole[1];
  return sections.length === 0 ? undefined : sectionsSchema(sections);
}

function sectionsSchema(sections: readonly [string, ConfigSchema][]): ConfigSchema {
  return {
    '~standard': {
      version: 1,
      vendor: 'exptools',
      async validate(value) {
        const input = isPlainObject(value) ? value : {};
        const output: Record<string, unknown> = {};
        const issues: SchemaIssue[] = [];
        for (const [name, schema] of sections) {
          const result = await schema['~standard'].validate(input[name] ?? {});
          if (result.issues === undefined) output[name] = result.value;
          else {
            const under = (issue: SchemaIssue): SchemaIssue => ({
              message: issue.message,
              path: [name, ...(issue.path ?? [])],
            });
            issues.push(...result.issues.map(under));
          }
        }
        return issues.length > 0 ? { issues } : { value: output };
      },
      jsonSchema: {
        input: () => {
          const properties: Record<string, JsonSchema> = Object.fromEntries(
            sections.map(([name, schema]) => [name, describeSchema(schema)]),
          );
          return { type: 'object', properties };
        },
      },
    },
  };
}
