// npm run quickstart: from a fresh clone to an executed notebook. Safe to stop at any moment and to repeat.
import { join } from 'node:path';
import { door, prepare, root, runStep, say } from './lib/prepare.mjs';

const started = Date.now();
const notebook = join(root, 'examples', 'quickstart.ipynb');
const executed = join(root, 'examples', 'quickstart.executed.ipynb');

prepare();
say('Setting up Python, Java and Spark …');
runStep('The set-up', process.execPath, [door, 'setup', '--no-class-archive']);
say('Running examples/quickstart.ipynb …');
runStep('The notebook', process.execPath, [door, 'run', notebook, '--output', executed]);
say(`
Done in ${Math.round((Date.now() - started) / 1000)} s. The executed notebook: ${executed}
Next: npx crossview lab`);
// The user has seen a notebook run; what is left only makes the next starts faster.
runStep('The rest of the set-up', process.execPath, [door, 'setup']);
