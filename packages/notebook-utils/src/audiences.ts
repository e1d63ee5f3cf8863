import { CrossviewError } from '@crossview/contracts';

/** What `getToken` calls an audience, in Synapse and in Fabric, and the scope that Entra knows. */
const scopes: Readonly<Record<string, string>> = {
  storage: 'https://storage.azure.com/.default',
  dw: 'https://database.windows.net/.default',
  vault: 'https://vault.azure.net/.default',
  keyvault: 'https://vault.azure.net/.default',
  datalakestore: 'https://datalake.azure.net/.default',
  azuremanagement: 'https://management.azure.com/.default',
  azureossdb: 'https://ossrdbms-aad.database.windows.net/.default',
  synapse: 'https://dev.azuresynapse.net/.default',
  adf: 'https://management.azure.com/.default',
  pbi: 'https://analysis.windows.net/powerbi/api/.default',
  kusto: 'https://kusto.kusto.windows.net/.default',
  azuredatalakestore: 'https://datalake.azure.net/.default',
  azureml: 'https://ml.azure.com/.default',
};

/** @throws CrossviewError `AUDIENCE_UNKNOWN` with those that are known. */
export function scopeOf(audience: string): string {
  const known = scopes[audience.toLowerCase()];
  if (known !== undefined) return known;
  if (/^https:\/\//i.test(audience))
    return audience.endsWith('/.default') ? audience : `${audience.replace(/\/+$/, '')}/.default`;
  throw new CrossviewError('AUDIENCE_UNKNOWN', `getToken knows no audience ${audience}`, {
    hint: `It knows: ${Object.keys(scopes).join(', ')}, and addresses that start with https://.`,
    facts: { audience },
  });
}
