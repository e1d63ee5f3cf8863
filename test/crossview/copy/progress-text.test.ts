import type { CopyProgress } from '@crossview/copy';
import * as assert from 'uvu/assert';
import { throttled } from '../../../packages/crossview/src/copy/progress-text.js';
import { suite } from '../../support/suite.js';

const test = suite('progress of a copy in words');

test('a new step at once, the same one only so often', () => {
  const lines: string[] = [];
  const tell = throttled(60_000, ({ activity }, text) => lines.push(`${activity}: ${text}`));
  const progress = (activity: string, step: CopyProgress['step'], rowsRead = 0) =>
    tell({ activity, step, rowsRead, bytesRead: rowsRead * 100 });
  progress('A', 'connecting');
  progress('A', 'reading', 10_000);
  progress('A', 'reading', 20_000);
  progress('A', 'loading', 1_240_000);
  progress('B', 'connecting');
  assert.equal(lines, [
    'A: connecting',
    'A: 10,000 rows, 1.0 MB, reading',
    'A: 1,240,000 rows, 118 MB, loading into the sink',
    'B: connecting',
  ]);
});

test.run();
