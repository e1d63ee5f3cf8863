import type { LanguageContext } from '@crossview/contracts';
import { createViewCatalog } from '@crossview/temp-views';
import typescriptModule from '../../packages/kernel/dist/languages/typescript.js';
import { KernelPython } from '../support/kernel-python.js';
import { pythonFolders } from '../support/kernel-session.js';
import { temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { type Roads, sameRowsTests } from '../support/same-rows.js';
import { newSpark, sparkToolchain, type TestSpark } from '../support/spark.js';
import { type SparkCluster, startSparkCluster } from '../support/spark-cluster.js';
import { suite } from '../support/suite.js';

const test = suite('one table of all types, with executors and a kernel elsewhere', undefined, { timeout: 90_000 });
let cluster: SparkCluster;
let spark: TestSpark;
let roads: Roads & { readonly python: KernelPython; readonly pyspark: PythonProcess };

test.before(
  async () => {
    cluster = await startSparkCluster();
    const conf = { ...cluster.conf, 'spark.driver.memory': '1g' };
    spark = await newSpark({ master: cluster.master, conf });
    const { session, directories, host } = spark;
    await host.start();
    const views = createViewCatalog({ spark: host, directories, session });
    const workingDirectory = temporaryDirectory('same-rows');
    const typescript = typescriptModule.create({ session, views, workingDirectory } as unknown as LanguageContext);
    const toolchain = async () => ({ ...(await sparkToolchain()), pythonPath: pythonFolders });
    const python = new KernelPython({ session, directories, views, workingDirectory, toolchain });
    const pyspark = new PythonProcess(session, {
      ...(await host.pythonEnvironment()),
      CROSSVIEW_SESSION_ROLE: 'pyspark',
    });
    roads = { host, views, python, pyspark, typescript };
    await python.run('import pyarrow as pa, same_rows\nviews["same"] = same_rows.table()');
    await pyspark.run('from crossview_views import views\nfrom crossview_spark import attach\nspark, sc = attach()');
    await views.offerToSpark();
  },
  { timeout: 240_000 },
);
test.after(async () => {
  await roads?.python.close();
  roads?.pyspark.close();
  await roads?.typescript.close();
  await roads?.views.close();
  await spark?.host.close();
  await spark?.session.close();
  await cluster?.close();
});

sameRowsTests(test, () => roads);
test.run();
