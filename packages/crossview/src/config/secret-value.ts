import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import type { Profile } from './load-config.js';
import type { Secret } from './schema.js';

/**
 * The value of a secret, read when it is needed and never kept.
 * @param what names its use in the error, `the password of servername`.
 * @throws CrossviewError `SECRET_MISSING`.
 */
export function secretValue(secret: Secret, profile: Profile, what: string): string {
  if ('env' in secret) {
    const value = process.env[secret.env];
    if (value) return value;
    throw new CrossviewError('SECRET_MISSING', `${what} is not there: environment variable ${secret.env} is not set`, {
      hint: `Set ${secret.env} before the notebook is started, or change profile "${profile.name}".`,
      facts: { variable: secret.env, profile: profile.name },
    });
  }
  const path = resolve(profile.file ? dirname(profile.file) : '.', secret.file);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CrossviewError('SECRET_MISSING', `${what} is not there: ${path} cannot be read`, {
      hint: `Write the file, or change profile "${profile.name}".`,
      facts: { file: path, profile: profile.name },
      cause,
    });
  }
}
