import {
  ByteWriter,
  DoneStatus,
  defaultCollation,
  EnvironmentChange,
  Feature,
  type Login7,
  TdsVersion,
  writeByteChange,
  writeDone,
  writeFeatureExtAck,
  writeFederatedInfo,
  writeLoginAck,
  writeServerMessage,
  writeTextChange,
} from '@crossview/tds-wire';
import { checkPassword, hashPassword, sameText } from '../catalog/secrets.js';
import { errors } from '../errors/catalogue.js';
import type { SqlError } from '../errors/sql-error.js';
import { type PoolServices, Session, userOf } from '../interpreter/session.js';
import { programName, version } from './version.js';

export interface LoginPolicy {
  readonly administrator: { readonly user: string; readonly password: string };
  /** Access tokens that log in as the administrator; `undefined` when none are taken. */
  readonly acceptToken: ((token: string) => Promise<{ user: string } | undefined>) | undefined;
}

/** bFedAuthLibrary ADAL (MS-TDS 2.2.6.4): the client is told where to get a token and sends it afterwards. */
export const fetchesToken = 2;

/** FEDAUTHINFO with what Azure SQL says: any tenant's tokens for Azure SQL databases. */
export function askForToken(): Uint8Array {
  const writer = new ByteWriter(256);
  writeFederatedInfo(writer, 'https://login.microsoftonline.com/common', 'https://database.windows.net/');
  return writer.flush();
}

const tokenUser = '<token-identified principal>';
let hashOfNobody: string | undefined;
/** Checked when the login is not there, so that the time taken does not tell. */
function nobody(): string {
  hashOfNobody ??= hashPassword('nobody');
  return hashOfNobody;
}
/** Failures in a row, by user and by the address they came from: each one makes the next answer slower. */
const failures = new Map<string, number>();

/** Counts a failure and waits: 50 ms after the first, doubled by each one up to 2 s. */
async function slowDown(keys: readonly string[]): Promise<void> {
  let most = 0;
  for (const key of keys) {
    const count = (failures.get(key) ?? 0) + 1;
    failures.delete(key);
    failures.set(key, count);
    most = Math.max(most, count);
  }
  while (failures.size > 1000) failures.delete(failures.keys().next().value!);
  await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 50 * 2 ** Math.min(most - 1, 6))));
}

/** @throws SqlError 18456 */
async function authenticate(
  login: Login7,
  services: PoolServices,
  policy: LoginPolicy,
  peer: string,
): Promise<{ login: string; administrator: boolean }> {
  if (login.federated) {
    const accepted =
      login.federated.token === undefined ? undefined : await policy.acceptToken?.(login.federated.token);
    if (!accepted) {
      await slowDown([`from ${peer}`]);
      throw errors.loginFailed(tokenUser);
    }
    return { login: accepted.user, administrator: true };
  }
  const key = login.userName.toLowerCase();
  const name = login.userName.includes('@') ? login.userName.slice(0, login.userName.indexOf('@')) : login.userName;
  const administrator = name.toLowerCase() === policy.administrator.user.toLowerCase();
  const known = services.catalog.master.find('login', name);
  const correct = administrator
    ? sameText(login.password, policy.administrator.password)
    : checkPassword(login.password, known?.password ?? nobody()) && known !== undefined;
  const keys = [`user ${key}`, `from ${peer}`];
  if (!correct || login.integrated) {
    await slowDown(keys);
    throw login.integrated ? errors.integratedLogin() : errors.loginFailed(login.userName);
  }
  for (const one of keys) failures.delete(one);
  return { login: administrator ? policy.administrator.user : known!.name, administrator };
}

let nextSession = 50;

/** Checks the login and opens its session. @param peer the client's address @throws SqlError 18452, 18456 or 4060 */
export async function openSession(
  login: Login7,
  services: PoolServices,
  policy: LoginPolicy,
  peer: string,
): Promise<Session> {
  const who = await authenticate(login, services, policy, peer);
  const name = login.database === '' ? 'master' : login.database;
  const { catalog } = services;
  let database = await catalog.database(name);
  if (!database && catalog.createDatabases && who.administrator) database = await catalog.require(name);
  if (!database) throw errors.cannotOpenDatabase(name);
  const user = who.administrator ? 'dbo' : userOf(database, who.login);
  if (user === undefined) throw errors.cannotOpenDatabase(name);
  const connection = await catalog.engine.connect();
  const id = nextSession++;
  const session = new Session({
    id,
    services,
    connection,
    login: who.login,
    isAdministrator: who.administrator,
    application: login.applicationName,
    host: login.hostName,
    database,
    user,
  });
  services.sessions.set(id, session);
  return session;
}

/** TDS 7.3 and 7.4 are the same in all that is sent here; who speaks an older one is told the newest, and may go. */
function spoken(asked: number): number {
  return (asked & 0xff000000) === 0x73000000 ? asked : TdsVersion.v74;
}

/** The answer to a login that was accepted (MS-TDS 2.2.7.14, with the changes of environment clients expect). */
export function loginAccepted(login: Login7, session: Session, packetSize: number, strict: boolean): Uint8Array {
  const writer = new ByteWriter(1024);
  const { name } = session.database;
  const server = session.services.serverName;
  const info = (number: number, text: string, state: number) =>
    writeServerMessage(writer, { number, state, severity: 0, text, server, procedure: '', line: 1 });
  writeTextChange(writer, EnvironmentChange.database, name, 'master');
  info(5701, `Changed database context to '${name}'.`, 2);
  writeByteChange(writer, EnvironmentChange.collation, defaultCollation, new Uint8Array(0));
  writeTextChange(writer, EnvironmentChange.language, 'us_english', '');
  info(5703, 'Changed language setting to us_english.', 1);
  writeLoginAck(writer, {
    tdsVersion: strict ? TdsVersion.v80 : spoken(login.tdsVersion),
    program: programName,
    version,
  });
  writeTextChange(writer, EnvironmentChange.packetSize, String(packetSize), '4096');
  const features = new Map<number, Uint8Array>();
  if (login.federated) features.set(Feature.federatedAuthentication, new Uint8Array(0));
  if (login.features.includes(Feature.utf8)) features.set(Feature.utf8, Uint8Array.of(1));
  if (features.size > 0) writeFeatureExtAck(writer, features);
  writeDone(writer, { kind: 'done', status: DoneStatus.final, command: 0, rows: 0n });
  return writer.flush();
}

export function loginRefused(error: SqlError, server: string): Uint8Array {
  const writer = new ByteWriter(512);
  writeServerMessage(writer, {
    number: error.number,
    state: error.state,
    severity: error.severity,
    text: error.message,
    server,
    procedure: '',
    line: 1,
  });
  writeDone(writer, { kind: 'done', status: DoneStatus.error, command: 0, rows: 0n });
  return writer.flush();
}
