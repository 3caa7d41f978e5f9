import type { JsonSchema } from '../config/json-schema.ts';
import { describeSchema, type ConfigSchema, type SchemaIssue } from '../config/schema.ts';
import { isPlainObject } from '../core/json.ts';

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
