import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Redactor, SessionDirectories } from '@crossview/contracts';
import type { CopyServices } from '@crossview/copy';
import type { Kernel, KernelContext, KernelSessionParts } from '@crossview/kernel';
import { createRedactor, LakeFiles, Mounts, offerFiles, offerNotebookUtils } from '@crossview/notebook-utils';
import { entraToken, showSignIn } from '../config/entra.js';
import { jupyterServers } from '../config/jupyter-servers.js';
import { linkedService } from '../config/linked-services.js';
import { loadProfile, type Profile } from '../config/load-config.js';
import { poolDirectory } from '../config/pools.js';
import { secretDirectory } from '../config/secrets.js';
import { sparkSettings } from '../config/spark-settings.js';
import { stagingPlace, storageDirectory } from '../config/storages.js';
import { findWorkspace, type Workspace } from '../config/workspace.js';
import { copyLanguage } from '../copy/copy-language.js';
import { copyMethods } from '../copy/copy-methods.js';
import { copyServices } from '../copy/copy-services.js';
import { CopySession } from '../copy/copy-session.js';
import { findToolchain } from '../environment/toolchain.js';
import { lakeLocator, lakePlaces } from '../lake/places.js';
import { profileStorage } from '../lake/pool-storage.js';
import { SessionWorkspace } from '../lake/session-lake.js';
import { notebookLakehouse } from '../notebook/notebook-lakehouse.js';
import { readLanguages } from '../notebook/run-languages.js';
import { places as defaultPlaces } from '../places.js';
import { localServices } from '../services/client.js';
import { notebookEnvironment } from './environment.js';
import { sessionLog } from './log.js';
import { sweepLocalLeftovers } from './sweep-local.js';

/** What Synapse notebooks find imported in Scala cells. */
const preload = [
  'import com.microsoft.spark.sqlanalytics.utils.Constants',
  'import com.microsoft.spark.sqlanalytics.SqlAnalyticsConnector._',
  'import crossview.utils.{mssparkutils, notebookutils}',
  'import com.microsoft.azure.synapse.tokenlibrary.TokenLibrary',
];

export interface SessionOptions {
  readonly directories: SessionDirectories;
  /** The notebook's directory. */
  readonly workingDirectory: string;
  readonly show: SessionShow;
}

/** Everything behind the front of a kernel. What is pushed to `closers` is closed in reverse, also when this fails half-way. */
export async function openSession(
  options: SessionOptions,
  closers: (() => Promise<void> | void)[],
): Promise<KernelSessionParts> {
  const { workingDirectory, show } = options;
  const redactor = createRedactor();
  const profile = loadProfile(workingDirectory);
  const { context, copy: services } = await openContext({ ...options, redactor, profile }, closers);
  const copy = new CopySession(() => services, workingDirectory, show.progress);
  copyMethods(context.session, copy);
  // A run of a whole notebook asks for Spark soon.
  if (readLanguages().spark) context.spark.start().catch(() => {});
  return { context, redactor, languages: [copyLanguage(copy)] };
}

/** What the session shows in the running cell. */
export type SessionShow = Pick<Kernel, 'say' | 'progress'>;

interface ContextParts extends SessionOptions {
  readonly redactor: Redactor;
  readonly profile: Profile;
}

/** What is there before a cell asks for it: in a lakehouse its two folders, as in Fabric. */
function makeHome({ home, lakehouse }: Workspace): void {
  if (lakehouse === undefined) mkdirSync(home, { recursive: true });
  else for (const part of ['Files', 'Tables']) mkdirSync(join(lakehouse.folder, part), { recursive: true });
}

/** Introduces the packages to each other. */
async function openContext(
  { workingDirectory, directories, redactor, profile, show }: ContextParts,
  closers: (() => Promise<void> | void)[],
): Promise<{ context: KernelContext; copy: CopyServices }> {
  const [
    { createSqlClient, createStorageClient, createSynapse },
    { createViewCatalog },
    { startSessionServer },
    { createSparkHost, findClassArchive },
  ] = await Promise.all([
    import('@crossview/synapse'),
    import('@crossview/temp-views'),
    import('@crossview/session-rpc'),
    import('@crossview/spark-session'),
  ]);
  const places = defaultPlaces();
  const log = sessionLog(directories, redactor);
  showSignIn((message) => {
    if (!show.say(message)) log(message);
  });
  mkdirSync(join(directories.root, 'tmp'), { mode: 0o700, recursive: true });
  const joined = localServices(places);
  closers.push(() => joined.close());
  // What killed sessions left is looked for when the services are there anyway: Spark's start waits for none of them.
  let sweep = (): void => {};
  const services = {
    ...joined,
    async get() {
      const running = await joined.get();
      sweep();
      return running;
    },
  };
  const session = await startSessionServer();
  closers.push(() => session.close());
  redactor.add(session.address.token);

  const mounts = new Mounts(directories.id);
  const addMount = async (source: string, mountPoint: string): Promise<void> => {
    await locate(source);
    mounts.add(source, mountPoint);
  };
  const lake = new SessionWorkspace(
    profile,
    (wish) => {
      const found = findWorkspace(profile, workingDirectory, places, wish);
      if (found.lakehouse !== undefined) makeHome(found);
      return found;
    },
    addMount,
    notebookLakehouse(),
  );
  const { root } = lake.current;
  const toolchain = async () => {
    const found = findToolchain(places);
    const { workspacePackages } = await import('../setup/workspace-packages.js');
    return { ...found, pythonPath: [...workspacePackages(places, lake.current), ...found.pythonPath] };
  };
  const pools = poolDirectory(profile, services);
  const mapping = lakePlaces(profile, root);
  const storages = profileStorage(profile, services, { places, mapping, client: createStorageClient() });
  offerNotebookUtils({
    session,
    secrets: secretDirectory(profile, services),
    redactor,
    token: (scope) =>
      entraToken(
        profile.kind === 'azure' ? profile.authentication : { kind: 'entra', method: 'default' },
        profile,
        scope,
      ),
    linkedService: (name) => linkedService(profile, name),
    environment: () => notebookEnvironment(profile, lake.current, directories.id),
  });
  const accounts = storageDirectory(profile, services);
  const locate = lakeLocator({
    profile,
    places: mapping,
    workspace: () => lake.current,
    accounts,
    storage: createStorageClient(),
    mounts,
  });
  const files = new LakeFiles(locate, join(directories.root, 'tmp'));
  offerFiles(session, files, mounts);
  session.method('lake.azurite', async () => {
    const { storage } = await services.get();
    return { port: storage.port, key: storage.key };
  });
  const languages = readLanguages();
  const spark = createSparkHost({
    session,
    toolchain,
    directories,
    conf: async () => {
      const { classPath } = await toolchain();
      const workspace = lake.current;
      const { master, conf } = await sparkSettings(profile, services, { workspace, classPath });
      makeHome(workspace);
      return { 'spark.master': master, ...conf };
    },
    preload,
    warm: languages.scala,
    jarCache: join(places.jars, 'packages'),
    localJar: async (address) => (await files.fetch(address)).file,
    classArchive: async () => findClassArchive(findToolchain(places), places.archives),
    workingDirectory: () => lake.current.home,
    log,
  });
  closers.push(() => spark.close());
  const views = createViewCatalog({ spark, directories, session, log });
  closers.push(() => views.close());
  const sql = createSqlClient();
  const { account, container, directory } = stagingPlace(profile);
  const synapse = createSynapse({
    pools,
    sql,
    ...storages,
    staging: { account, container, prefix: directory },
    session,
    toolchain,
    directories,
    sessionId: directories.id,
    log,
    addSecret: (secret) => redactor.add(secret),
    progress: show.progress,
  });
  closers.push(() => synapse.close());
  if (profile.kind === 'local') sweep = () => sweepLocalLeftovers({ places, pools, synapse, log });
  const addSecret = (secret: string) => redactor.add(secret);
  const copy = await copyServices({ profile, services, directories, workingDirectory, views, log, addSecret });
  const jupyterServer = jupyterServers(profile, redactor);
  const context = {
    spark,
    views,
    sql,
    pools,
    session,
    directories,
    toolchain,
    jupyterServer,
    workingDirectory,
    workspace: root,
    lake,
  };
  return { context, copy };
}
