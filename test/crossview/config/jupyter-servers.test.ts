import * as assert from 'uvu/assert';
import { jupyterServers } from '../../../packages/crossview/src/config/jupyter-servers.js';
import { suite } from '../../support/suite.js';

const test = suite('Jupyter Servers of a profile');
const secrets: string[] = [];
const redactor = { add: (secret: string) => void secrets.push(secret), redact: (text: string) => text };
const find = jupyterServers(
  {
    kind: 'local',
    name: 'work',
    file: '/x/crossview.json',
    lake: {},
    lakehouses: {},
    linkedServices: {},
    variables: {},
    secrets: {},
    jupyterServers: { lab: { url: 'http://lab.example:8888/base/', token: { env: 'TEST_JUPYTER_TOKEN' } } },
  },
  redactor,
);

test('is found by name and by URL, and its token is known as a secret', () => {
  process.env.TEST_JUPYTER_TOKEN = 'a-token';
  assert.equal(find('lab'), { url: 'http://lab.example:8888/base/', token: 'a-token' });
  assert.equal(find('HTTP://lab.example:8888/base').token, 'a-token');
  assert.equal(secrets, ['a-token', 'a-token']);
});

test('an address that the profile does not know has no token of the profile', () => {
  delete process.env.CROSSVIEW_JUPYTER_TOKEN;
  assert.equal(find('http://other.example/'), { url: 'http://other.example/', token: '' });
});

test('an unknown name and a missing token are named', () => {
  const code = (name: string) => {
    try {
      find(name);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'none';
  };
  assert.is(code('nowhere'), 'JUPYTER_SERVER_UNKNOWN');
  delete process.env.TEST_JUPYTER_TOKEN;
  assert.is(code('lab'), 'SECRET_MISSING');
});

test.run();
