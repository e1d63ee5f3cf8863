import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { loadProfile } from '../../../packages/crossview/src/config/load-config.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('crossview.json');

const valid = `{
  // comments and a trailing comma are allowed
  "profile": "work",
  "profiles": {
    "work": {
      "kind": "azure",
      "servers": { "servername.database.windows.net": { "database": "sqlpool" } },
      "staging": { "account": "mystaging", "container": "staging" },
    },
  },
}`;

function folderWith(text: string): string {
  const folder = temporaryDirectory('config');
  writeFileSync(join(folder, 'crossview.json'), text);
  return folder;
}

function failure(action: () => unknown): CrossviewError {
  try {
    action();
  } catch (error) {
    if (error instanceof CrossviewError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a device sign-in is one of the ways of Entra', () => {
  const text = valid.replace(
    '"staging":',
    '"authentication": { "kind": "entra", "method": "device-code" }, "staging":',
  );
  const profile = loadProfile(folderWith(text), {});
  assert.is(profile.kind === 'azure' ? profile.authentication.method : '', 'device-code');
});

test('without a file the profile is local', () => {
  const profile = loadProfile(temporaryDirectory('config'), {});
  assert.is(profile.kind, 'local');
  assert.is(profile.name, 'local');
  assert.is(profile.file, undefined);
});

test('is found above the notebook', () => {
  const folder = folderWith(valid);
  const below = join(folder, 'notebooks', 'january');
  mkdirSync(below, { recursive: true });
  const profile = loadProfile(below, {});
  assert.is(profile.name, 'work');
  assert.is(profile.file, join(folder, 'crossview.json'));
  if (profile.kind !== 'azure') throw new Error('the profile is not azure');
  assert.equal(profile.authentication, { kind: 'entra', method: 'default' });
  assert.is(profile.servers['servername.database.windows.net']?.port, 1433);
});

test('CROSSVIEW_CONFIG names the file, CROSSVIEW_PROFILE the profile', () => {
  const file = join(folderWith(valid), 'crossview.json');
  assert.is(loadProfile(temporaryDirectory('config'), { CROSSVIEW_CONFIG: file }).name, 'work');
  assert.is(loadProfile('/', { CROSSVIEW_CONFIG: file, CROSSVIEW_PROFILE: 'local' }).kind, 'local');
  const unknown = failure(() => loadProfile('/', { CROSSVIEW_CONFIG: file, CROSSVIEW_PROFILE: 'nope' }));
  assert.is(unknown.code, 'PROFILE_UNKNOWN');
  assert.match(unknown.hint ?? '', /local, work/);
});

test('a file that is not there is told', () => {
  assert.is(failure(() => loadProfile('/', { CROSSVIEW_CONFIG: '/nowhere/crossview.json' })).code, 'CONFIG_UNREADABLE');
});

test('text that is no JSON is told by its line', () => {
  const error = failure(() => loadProfile(folderWith('{\n  "profile": "a",\n  nonsense\n}'), {}));
  assert.is(error.code, 'CONFIG_INVALID');
  assert.match(error.hint ?? '', /line 3/);
});

test('all problems are told at once, each by its path', () => {
  const text = JSON.stringify({
    profil: 'work',
    profiles: {
      work: {
        kind: 'azure',
        servers: {
          's.database.windows.net': { port: 0, authentication: { kind: 'sql', user: 'u', password: 'plain' } },
        },
        staging: { account: 'Not An Account', container: 'staging' },
      },
    },
  });
  const error = failure(() => loadProfile(folderWith(text), {}));
  assert.is(error.code, 'CONFIG_INVALID');
  const hint = error.hint ?? '';
  assert.match(hint, /the file: .*profil/);
  assert.match(hint, /profiles\.work\.servers\["s\.database\.windows\.net"\]\.port/);
  assert.match(hint, /\.authentication\.password: a secret is \{"env": "NAME"\}/);
  assert.match(hint, /profiles\.work\.staging\.account: a storage account name/);
  assert.not.match(JSON.stringify(error), /plain/);
});

test.run();
