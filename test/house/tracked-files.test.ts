import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { trackedFiles } from './sources.js';

const test = suite('tracked files');

/** What must not stand in any tracked file, each with why. The patterns are cut so that they do not match themselves. */
const forbidden: readonly (readonly [string, RegExp])[] = [
  [
    "a path of somebody's machine",
    /(?<![\w.$}{-])\/(?:home|Users)\/(?!user\b|jovyan\b|runner\b)[a-z][\w-]*\/|(?<![\w.$}{-])\/root\/|(?<![\w/])\/work\/(?:main|shared)|[A-Z]:\\\\?Users\\/,
  ],
  [
    'the address of a package registry',
    /https?:\/\/(?:registry\.npm[j]s|[\w.-]*pypi\.[o]rg|files\.python[h]osted|repo1?\.maven|[\w.-]*maven\.[o]rg|[\w.-]*sonaty[p]e)/,
  ],
  ['a private key', /-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE [K]EY-----\n[A-Za-z0-9+/]/],
  ['a storage account key', /(?:Account[K]ey=|account[_-]?key['"]?\s*[:=]\s*['"])[A-Za-z0-9+/]{80,}==/i],
  ['a shared access signature', /[?&]s[i]g=[A-Za-z0-9%]{30,}/],
  ['an access token', /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.|\bgh[pousr]_[A-Za-z0-9]{30,}/],
];

const files = trackedFiles();

test('there are files to look at', () => assert.ok(files.length > 100));

for (const [what, pattern] of forbidden)
  test(`none holds ${what}`, () => {
    const found = files.flatMap(({ path, text }) => {
      const match = pattern.exec(text);
      return match ? [`${path}:${text.slice(0, match.index).split('\n').length} ${match[0].slice(0, 40)}`] : [];
    });
    assert.equal(found, []);
  });

test('none is generated', () => {
  const generated =
    /(?:^|\/)(?:dist|node_modules|__pycache__|\.ipynb_checkpoints)\/|\.tsbuildinfo$|\.pyc$|\.executed\.ipynb$/;
  assert.equal(
    files.map(({ path }) => path).filter((path) => generated.test(path)),
    [],
  );
});

test.run();
