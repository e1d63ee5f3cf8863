import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { type AzureProfile, configSchema, type LocalProfile, localDefaults } from './schema.js';

/** The profile in force, with where it came from. */
export type Profile = { readonly name: string; readonly file: string | undefined } & (LocalProfile | AzureProfile);

const fileName = 'crossview.json';

/** `CROSSVIEW_CONFIG`, else the nearest `crossview.json` in this directory or above it. */
export function findConfigFile(directory: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CROSSVIEW_CONFIG) return resolve(env.CROSSVIEW_CONFIG);
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const file = join(folder, fileName);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

/** `profiles.work.staging.account`, or `servers["a.b"]` where a key is no plain word. */
function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(String(part))}]`;
  }
  return text === '' ? 'the file' : text;
}

/** All problems of a value, one line each; a union's problem is that of the choices, said once. */
function problemLines(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map((issue) => `- ${pathText(issue.path)}: ${issue.message}`);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/**
 * Reads the profile in force for a notebook in `directory`. Without a file it is `local` with nothing set.
 * @throws CrossviewError `CONFIG_UNREADABLE`, `CONFIG_INVALID` with every problem by its path, `PROFILE_UNKNOWN`.
 */
export function loadProfile(directory: string, env: NodeJS.ProcessEnv = process.env): Profile {
  const file = findConfigFile(directory, env);
  const config = file === undefined ? configSchema.parse({}) : parseConfig(file);
  const name = env.CROSSVIEW_PROFILE || config.profile;
  const profile = config.profiles[name];
  if (profile) return { ...profile, name, file };
  if (name === 'local') return { ...localDefaults, name, file };
  throw new CrossviewError('PROFILE_UNKNOWN', `there is no profile "${name}"${file ? ` in ${file}` : ''}`, {
    hint: `There is: ${[...new Set(['local', ...Object.keys(config.profiles)])].join(', ')}.${env.CROSSVIEW_PROFILE ? ' The name is from CROSSVIEW_PROFILE.' : ''}`,
    facts: { profile: name, file },
  });
}

function parseConfig(file: string): z.infer<typeof configSchema> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CrossviewError('CONFIG_UNREADABLE', `${file} cannot be read`, {
      hint: 'Correct CROSSVIEW_CONFIG, or the permissions of the file.',
      facts: { file },
      cause,
    });
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0)
    throw new CrossviewError('CONFIG_INVALID', `${file} is not JSON`, {
      hint: errors
        .map((error) => `- line ${lineOf(text, error.offset)}: ${printParseErrorCode(error.error)}`)
        .join('\n'),
      facts: { file, problems: errors.length },
    });
  const checked = configSchema.safeParse(value);
  if (checked.success) return checked.data;
  const lines = problemLines(checked.error.issues);
  throw new CrossviewError(
    'CONFIG_INVALID',
    `${file} has ${lines.length === 1 ? 'a problem' : `${lines.length} problems`}`,
    {
      hint: lines.join('\n'),
      facts: { file, problems: lines.length },
    },
  );
}
