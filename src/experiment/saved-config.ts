import { leaves } from '../config/assignment.ts';
import { schemaOf } from '../config/compose.ts';
import { configKeys } from '../config/keys.ts';
import { pathText } from '../config/path.ts';
import { restoreNumbers } from '../config/restore-numbers.ts';
import { configAsJson, configAsYaml, exactValues, type SavedConfig } from '../config/saved.ts';
import type { JsonObject } from '../core/json.ts';
import type { Definition } from './definition.ts';
import { withoutDerived } from './earlier-config.ts';
import { planRun } from './plan.ts';
import type { RunRequest } from './requests.ts';

/** The text of a file that makes the config again; its ending tells JSON from YAML. */
export async function configFileText(
  definition: Definition,
  request: RunRequest,
  format: 'json' | 'yaml',
): Promise<string> {
  const { config, untransformed, origins, seed } = await planRun(definition, request);
  const schema = schemaOf(definition.schema);
  const { seed: _, ...values } = withoutDerived(untransformed ?? config, [], origins) as JsonObject;
  const isRandom = origins['seed']?.layer === 'seed';
  const isDerived = (key: string): boolean => origins[key]?.layer === 'derived';
  const derived = leaves(config)
    .map(({ path, value }) => [pathText(path), value] as const)
    .filter(([key]) => isDerived(key));
  const kept = restoreNumbers(isRandom ? values : { ...values, seed }, schema);
  const saved: SavedConfig = {
    values: exactValues(kept, schema),
    derived: Object.fromEntries(derived),
    keys: configKeys(schema),
  };
  return format === 'json' ? configAsJson(saved) : configAsYaml(saved);
}
