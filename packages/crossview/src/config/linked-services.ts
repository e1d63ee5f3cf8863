import { CrossviewError } from '@crossview/contracts';
import type { Profile } from './load-config.js';
import { secretValue } from './secret-value.js';

/**
 * The connection string or credential of a linked service, as the profile says.
 * @throws CrossviewError `LINKED_SERVICE_UNKNOWN` with those that are there; `SECRET_MISSING`.
 */
export async function linkedService(profile: Profile, name: string): Promise<string> {
  const names = Object.keys(profile.linkedServices);
  const found = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (found !== undefined)
    return secretValue(profile.linkedServices[found]!, profile, `the connection of linked service ${name}`);
  throw new CrossviewError('LINKED_SERVICE_UNKNOWN', `profile "${profile.name}" has no linked service ${name}`, {
    hint: `There is: ${names.join(', ') || 'none'}. Add it under profiles.${profile.name}.linkedServices in ${profile.file ?? 'crossview.json'}: "${name}": { "env": "VARIABLE" }.`,
    facts: { linkedService: name, profile: profile.name },
  });
}
