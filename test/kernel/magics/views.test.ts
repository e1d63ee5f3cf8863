import type { CrossviewError, MagicContext, MimeBundle } from '@crossview/contracts';
import { tableFromArrays } from 'apache-arrow';
import * as assert from 'uvu/assert';
import viewsMagic from '../../../packages/kernel/dist/magics/views.js';
import { runCell } from '../../support/cells.js';
import { FileViewHolder } from '../../support/file-view-holder.js';
import { suite } from '../../support/suite.js';
import { startViewsSession, type ViewsSession, writeParts } from '../../support/views-session.js';

const test = suite('%views');
let all: ViewsSession;

test.before(async () => {
  all = await startViewsSession(new FileViewHolder());
});
test.after(() => all.close());

async function publish(name: string) {
  const parts = writeParts(await all.views.allocate(), tableFromArrays({ n: Int32Array.of(1, 2) }));
  await all.views.publish(name, parts, 'python');
}
function magic(argumentLine: string) {
  const context = { session: { views: all.views } } as unknown as MagicContext;
  return runCell(
    { name: 'views', execute: (cell) => viewsMagic.execute({ ...cell, argumentLine }, context), close: async () => {} },
    '',
  );
}
const text = (data: MimeBundle | undefined) => data?.['text/plain'] ?? '';

test('it says that there are none', async () => {
  assert.is((await magic('')).stdout, 'No views.\n');
});

test('it lists name, language, rows, bytes and columns', async () => {
  await publish('delays');
  await publish('carriers');
  const shown = text((await magic('')).displays[0]);
  assert.match(shown, /carriers {2}python +2 +\d+ {2}n: Int32\n/);
  assert.match(shown, /delays/);
  assert.not.match(text((await magic('DELAYS')).displays[0]), /carriers/);
});

test('it drops by name, and names the nearest when there is none', async () => {
  assert.is((await magic('-d Delays')).stdout, 'Dropped Delays.\n');
  assert.equal(
    (await all.views.list()).map((view) => view.name),
    ['carriers'],
  );
  const error = (await magic('--drop carrier').catch((thrown: unknown) => thrown)) as CrossviewError;
  assert.is(error.code, 'VIEW_NOT_FOUND');
  assert.match(error.hint!, /carriers/);
});

test.run();
