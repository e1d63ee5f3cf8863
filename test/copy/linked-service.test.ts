import * as assert from 'uvu/assert';
import { Problems } from '../../packages/copy/src/documents/problems.js';
import { readSparkLinkedService } from '../../packages/copy/src/documents/spark-linked-service.js';
import { suite } from '../support/suite.js';

const test = suite('copy: the Spark linked service');

function read(properties: { [key: string]: unknown }) {
  const problems = new Problems();
  const service = readSparkLinkedService({ type: 'Spark', ...properties }, problems, 'linkedService "S"');
  return {
    service,
    problems: problems.found.map(({ path, text }) => `${path.replace('properties.typeProperties.', '')}: ${text}`),
  };
}

const anonymous = { host: 'h', port: 10_001, authenticationType: 'Anonymous' };

test('defaults of version 1.0', () => {
  const { service, problems } = read({ typeProperties: anonymous });
  assert.equal(problems, []);
  assert.equal(service?.connection, {
    version: '1.0',
    host: 'h',
    port: 10_001,
    serverType: 'SparkThriftServer',
    transport: 'Binary',
    authenticationType: 'Anonymous',
    username: undefined,
    httpPath: 'cliservice',
    tls: undefined,
  });
});

test('defaults of version 2.0: HTTP, TLS on, validation on, the system trust store', () => {
  const { service } = read({ version: '2.0', typeProperties: { ...anonymous, port: '443' } });
  assert.is(service?.connection.transport, 'HTTP');
  assert.is(service?.connection.port, 443);
  assert.equal(service?.connection.tls, {
    validate: true,
    trustedCertPath: undefined,
    useSystemTrustStore: true,
    allowHostNameMismatch: false,
    allowSelfSigned: false,
  });
  const off = read({ version: '2.0', typeProperties: { ...anonymous, enableSsl: false } });
  assert.is(off.service?.connection.tls, undefined);
  const blind = read({ version: '2.0', typeProperties: { ...anonymous, enableServerCertificateValidation: 'false' } });
  assert.is(blind.service?.connection.tls?.validate, false);
});

test('HDInsight and the older ways to log in', () => {
  const secret = { type: 'SecureString', value: 'x' };
  const insight = read({
    typeProperties: {
      ...anonymous,
      authenticationType: 'WindowsAzureHDInsightService',
      username: 'u',
      password: secret,
    },
  });
  assert.is(insight.service?.connection.transport, 'HTTP');
  assert.is(insight.service?.connection.httpPath, '/sparkhive2');
  const named = read({ typeProperties: { ...anonymous, authenticationType: 'Username', username: 'u' } });
  assert.is(named.service?.connection.transport, 'SASL');
});

test('what version 2.0 has lost is refused in words, all of it at once', () => {
  const { problems } = read({
    version: '2.0',
    typeProperties: {
      port: 0,
      serverType: 'SharkServer2',
      thriftTransportProtocol: 'SASL',
      authenticationType: 'Username',
      trustedCertPath: '/x.pem',
      useSystemTrustStore: true,
      allowHostNameCNMismatch: true,
      allowSelfSignedServerCert: true,
      enableSSL: true,
    },
  });
  const text = problems.join('\n');
  assert.match(text, /^host: is missing/m);
  assert.match(text, /^port: must be from 1 to 65535/m);
  assert.match(text, /^serverType: is "SharkServer2", which version 2\.0 .* use SparkThriftServer/m);
  assert.match(text, /^thriftTransportProtocol: is "SASL", which version 2\.0 .* use HTTP/m);
  assert.match(text, /^authenticationType: is "Username"/m);
  for (const name of ['trustedCertPath', 'useSystemTrustStore', 'allowHostNameCNMismatch', 'allowSelfSignedServerCert'])
    assert.match(text, new RegExp(`^${name}: is not supported: only version 1\\.0`, 'm'));
  assert.match(text, /^enableSSL: is not a known property/m);
  assert.match(text, /^username: is missing/m);
});

test('version 1.0 does not have what came with 2.0, and placeholders are found', () => {
  const { problems } = read({
    typeProperties: {
      host: '<host>',
      port: '<port>',
      authenticationType: 'Kerberos',
      enableServerCertificateValidation: true,
    },
  });
  const text = problems.join('\n');
  assert.match(text, /^host: is still a placeholder/m);
  assert.match(text, /^port: must be a whole number/m);
  assert.match(text, /^authenticationType: must be Anonymous or Username or/m);
  assert.match(text, /^enableServerCertificateValidation: is not supported: only version 2\.0/m);
  assert.match(read({ version: '3.0', typeProperties: anonymous }).problems.join(), /must be 2\.0 or 1\.0/);
  assert.match(
    read({ typeProperties: { ...anonymous, trustedCertPath: '/x.pem' } }).problems.join(),
    /together with enableSsl/,
  );
});

test('the documentation’s example as it stands: every placeholder is named', () => {
  const { problems } = read({
    version: '2.0',
    typeProperties: {
      host: '<cluster>.azurehdinsight.net',
      port: '<port>',
      authenticationType: 'WindowsAzureHDInsightService',
      username: '<username>',
      password: { type: 'SecureString', value: '<password>' },
    },
  });
  assert.equal(problems, [
    'host: is still a placeholder: put the real value in',
    'port: must be a whole number; it is "<port>"',
    'username: is still a placeholder: put the real value in',
    'password.value: is still a placeholder: put the real value in',
  ]);
});

test('no problem repeats a secret', () => {
  const { problems } = read({ typeProperties: { ...anonymous, password: { type: 'SecureText', value: 'hush-hush' } } });
  assert.not.match(problems.join(), /hush-hush/);
  assert.ok(problems.length > 0);
});

test.run();
