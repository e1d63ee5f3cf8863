import { CrossviewError } from '@crossview/contracts';
import type { ConnectorVersion } from '../columns/column.js';
import { HttpTransport } from '../thrift/http-transport.js';
import { ThriftSession } from '../thrift/session.js';
import { binaryTransport, saslTransport } from '../thrift/socket-transport.js';
import type { Credentials, Endpoint, ThriftTransport, TlsSettings } from '../thrift/transport.js';

/** What a linked service of type Spark says, defaults filled in, secrets resolved. */
export interface SparkConnection {
  readonly version: ConnectorVersion;
  readonly host: string;
  readonly port: number;
  readonly serverType: 'SharkServer' | 'SharkServer2' | 'SparkThriftServer';
  readonly transport: 'Binary' | 'SASL' | 'HTTP';
  readonly authenticationType: 'Anonymous' | 'Username' | 'UsernameAndPassword' | 'WindowsAzureHDInsightService';
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly httpPath: string;
  readonly tls: TlsSettings | undefined;
}

export interface ConnectOptions {
  /** Milliseconds. */
  readonly connectTimeout?: number;
  readonly callTimeout?: number;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws CrossviewError `COPY_SERVER_TYPE_UNSUPPORTED`, and what the transport throws. */
export function openSparkSession(connection: SparkConnection, options: ConnectOptions = {}): Promise<ThriftSession> {
  if (connection.serverType === 'SharkServer')
    throw new CrossviewError(
      'COPY_SERVER_TYPE_UNSUPPORTED',
      'SharkServer speaks the protocol of HiveServer1, which no server of Spark has had since 1.0',
      { hint: 'Set serverType to SharkServer2 or SparkThriftServer: both speak HiveServer2.', facts: {} },
    );
  const endpoint: Endpoint = {
    host: connection.host,
    port: connection.port,
    tls: connection.tls,
    connectTimeout: options.connectTimeout ?? 20_000,
    callTimeout: options.callTimeout ?? 30 * 60_000,
  };
  const credentials = credentialsOf(connection);
  const connect = (): ThriftTransport => {
    if (connection.transport === 'Binary') return binaryTransport(endpoint);
    // HTTP and PLAIN want a name and a password even where the server looks at neither; Hive's own clients say this.
    const named = credentials ?? { user: 'anonymous', password: 'anonymous' };
    return connection.transport === 'HTTP'
      ? new HttpTransport(endpoint, connection.httpPath, named)
      : saslTransport(endpoint, named);
  };
  return ThriftSession.open({ connect, credentials, signal: options.signal });
}

function credentialsOf({ authenticationType, username, password }: SparkConnection): Credentials | undefined {
  if (authenticationType === 'Anonymous') return undefined;
  return { user: username ?? '', password: authenticationType === 'Username' ? 'x' : (password ?? '') };
}
