import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Redactor, SessionDirectories } from '@crossview/contracts';
import type { CopyServices } from '@crossview/copy';
import { type Kernel, type KernelContext, startKernel } from '@crossview/kernel';
import { createRedactor, LakeFiles, Mounts, offerFiles, offerNotebookUtils } from '@crossview/notebook-utils';
import { entraToken, showSignIn } from './config/entra.js';
import { jupyterServers } from './config/jupyter-servers.js';
import { linkedService } from './config/linked-services.js';
import type { Profile } from './config/load-config.js';
import { poolDirectory } from './config/pools.js';
import { secretDirectory } from './config/secrets.js';
import { sparkSettings } from './config/spark-settings.js';
import { stagingPlace, storageDirectory } from './config/storages.js';
import { findWorkspace } from './config/workspace.js';
import { copyLanguage } from './copy/copy-language.js';
import { copyMethods } from './copy/copy-methods.js';
import { copyServices } from './copy/copy-services.js';
import { CopySession } from './copy/copy-session.js';
import { findToolchain } from './environment/toolchain.js';
import { lakeLocator, lakePlaces } from './lake/places.js';
import { tellPoolOfLake } from './lake/pool-storage.js';
import { places as defaultPlaces } from './places.js';
import { localServices } from './services/client.js';
import { readConnectionFile } from './session/connection-file.js';
import { makeSessionDirectories, removeSessionDirectories } from './session/directories.js';
import { notebookEnvironment } from './session/environment.js';
import { sessionLog } from './session/log.js';
import { sweepLocalLeftovers } from './session/sweep-local.js';

export interface KernelProcessOptions {
  /** Jupyter's connection file. */
  readonly connectionFile: string;
  /** The language of cells without a magic line, as `%%name` says it. */
  readonly language: string;
  /** The notebook's directory. */
  readonly workingDirectory: string;
}

/** What Synapse notebooks find imported in Scala cells. */
const preload = [
  'import com.microsoft.spark.sqlanalytics.utils.Constants',
  'import com.microsoft.spark.sqlanalytics.SqlAnalyticsConnector._',
  'import crossview.utils.{mssparkutils, notebookutils}',
  'import com.microsoft.azure.synapse.tokenlibrary.TokenLibrary',
];

/** Runs a kernel until it is told to shut down. Resolves when everything of the session has ended. */
export async function runKernelProcess(options: KernelProcessOptions): Promise<void> {
  const places = defaultPlaces();
  const directories = makeSessionDirectories(places);
  const leave = () => removeSessionDirectories(directories);
  process.once('exit', leave);
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const kernel = await openSession(options, directories, closers);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void kernel.close());
    // Jupyter signals a whole process group; a Stop comes as a message, so that it reaches the right cell once.
    process.on('SIGINT', () => kernel.interrupt());
    closeWithParent(kernel);
    await kernel.closed;
  } finally {
    for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => {});
    leave();
  }
}

/** A kernel whose server or client was killed ends as well; Jupyter says in `JPY_PARENT_PID` that it wants that. */
function closeWithParent(kernel: Kernel): void {
  const parent = process.ppid;
  if (process.env.JPY_PARENT_PID !== String(parent)) return;
  setInterval(() => {
    if (process.ppid !== parent) void kernel.close();
  }, 1000).unref();
}

/** Opens the front at once; what is behind it comes when the front end has been answered. */
async function openSession(
  { connectionFile, language, workingDirectory }: KernelProcessOptions,
  directories: SessionDirectories,
  closers: (() => Promise<void> | void)[],
): Promise<Kernel> {
  const redactor = createRedactor();
  let kernel: Kernel | undefined;
  const show: SessionShow = {
    say: (text) => kernel?.say(text) ?? false,
    progress: (line) => kernel?.progress(line),
  };
  let copyParts: CopyServices | undefined;
  // The first cell comes after the context was opened.
  const copy = new CopySession(() => copyParts!, workingDirectory, show.progress);
  kernel = await startKernel({
    connection: readConnectionFile(connectionFile),
    defaultLanguage: language,
    redactor,
    languages: [copyLanguage(copy)],
    context: async () => {
      // What checks the profile takes a moment to load, and a front end need not wait for it.
      const { loadProfile } = await import('./config/load-config.js');
      const profile = loadProfile(workingDirectory);
      const opened = await openContext({ workingDirectory, directories, redactor, profile, show }, closers);
      copyParts = opened.copy;
      copyMethods(opened.context.session, copy);
      return opened.context;
    },
  });
  return kernel;
}

/** What the session shows in the running cell. */
type SessionShow = Pick<Kernel, 'say' | 'progress'>;

interface ContextParts {
  readonly workingDirectory: string;
  readonly directories: SessionDirectories;
  readonly redactor: Redactor;
  readonly profile: Profile;
  readonly show: SessionShow;
}

/** Introduces the packages to each other. What is pushed to `closers` is closed in reverse, also when this fails half-way. */
async function openContext(
  { workingDirectory, directories, redactor, profile, show }: ContextParts,
  closers: (() => Promise<void> | void)[],
): Promise<{ context: KernelContext; copy: CopyServices }> {
  // These load the Azure SDK, tedious and Arrow: half a second that a front end need not wait for.
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

  const workspace = findWorkspace(profile, workingDirectory, places);
  const toolchain = async () => {
    const found = findToolchain(places);
    const { workspacePackages } = await import('./setup/workspace-packages.js');
    return { ...found, pythonPath: [...workspacePackages(places, workspace), ...found.pythonPath] };
  };
  if (workspace.lakehouse !== undefined) process.env.CROSSVIEW_LAKEHOUSE = workspace.lakehouse;
  const pools = poolDirectory(profile, services);
  const mapping = lakePlaces(profile, workspace.root);
  if (profile.kind === 'local') tellPoolOfLake(places, mapping);
  const environment = notebookEnvironment(profile, workspace, directories.id);
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
    environment,
  });
  const accounts = storageDirectory(profile, services);
  const mounts = new Mounts(environment.jobId);
  const locate = lakeLocator({
    profile,
    places: mapping,
    home: workspace.home,
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
  const spark = createSparkHost({
    session,
    toolchain,
    directories,
    conf: async () => {
      const { classPath } = await toolchain();
      const { master, conf } = await sparkSettings(profile, services, { workspace, classPath });
      mkdirSync(workspace.home, { recursive: true });
      return { 'spark.master': master, ...conf };
    },
    preload,
    jarCache: join(places.jars, 'packages'),
    localJar: async (address) => (await files.fetch(address)).file,
    classArchive: async () => findClassArchive(findToolchain(places), places.archives),
    workingDirectory: workspace.home,
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
    storage: createStorageClient(),
    accounts,
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
    workspace: workspace.root,
  };
  return { context, copy };
}
