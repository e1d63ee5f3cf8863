import * as assert from 'uvu/assert';
import { terminalProgress } from '../../../packages/crossview/src/system/progress.js';
import { suite } from '../../support/suite.js';

const test = suite('progress');

function recorder(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = { isTTY, columns: 60, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream;
  return { stream, text: () => text };
}

test('without a terminal: one line for each thing, none for steps with nothing to do', async () => {
  const { stream, text } = recorder(false);
  const progress = terminalProgress(stream);
  progress.step('Nothing to do');
  progress.step('Fetching');
  progress.update('a.jar');
  progress.update('a.jar');
  progress.update('a.jar', 0.5);
  progress.update('b.jar', 0.25);
  progress.end();
  progress.end();
  assert.is(text(), '  Fetching …\n    a.jar\n    b.jar 25 %\n');
});

test('on a terminal: one line that changes and never wraps', () => {
  const { stream, text } = recorder(true);
  const progress = terminalProgress(stream);
  progress.step('Fetching');
  progress.update('x'.repeat(200), 0.5);
  progress.end();
  assert.ok(text().endsWith('\r\u001b[2K'));
  assert.not.ok(text().includes('\n'));
  assert.ok(
    text()
      .split('\r\u001b[2K')
      .every((part) => part.length < 60),
  );
});

test.run();
