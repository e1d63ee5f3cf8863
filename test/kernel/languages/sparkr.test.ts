import * as assert from 'uvu/assert';
import { RProcess } from '../../../packages/kernel/dist/languages/sparkr/r-process.js';
import { failure } from '../../support/failure.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('%%sparkr');

test('without R it says what is missing and what to install', async () => {
  const empty = temporaryDirectory('no-r');
  const error = await failure(() => RProcess.start({ PATH: empty }, empty));
  assert.is(error.code, 'R_NOT_FOUND');
  assert.match(error.message, /needs R, and there is no Rscript on the PATH/);
  assert.match(error.hint ?? '', /Install R 4 or newer .*apt install r-base-core/);
});

test.run();
