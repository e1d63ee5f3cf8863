import type { LanguageContext } from '@crossview/contracts';
import { createViewCatalog } from '@crossview/temp-views';
import typescriptModule from '../../packages/kernel/dist/languages/typescript.js';
import { temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { type Roads, sameRowsTests } from '../support/same-rows.js';
import { useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('one table of all types through every road', undefined, { timeout: 60_000 });
const spark = useSpark(test);
let roads: Roads & { readonly python: PythonProcess; readonly pyspark: PythonProcess };

test.before(
  async () => {
    const { session, directories, host } = await spark();
    await host.start();
    const views = createViewCatalog({ spark: host, directories, session });
    const workingDirectory = temporaryDirectory('same-rows');
    const typescript = typescriptModule.create({ session, views, workingDirectory } as unknown as LanguageContext);
    const python = new PythonProcess(session);
    const pyspark = new PythonProcess(session, {
      ...(await host.pythonEnvironment()),
      CROSSVIEW_SESSION_ROLE: 'pyspark',
    });
    roads = { host, views, python, pyspark, typescript };
    await python.run('from crossview_views import views\nimport pyarrow as pa, same_rows');
    await python.run('views["same"] = same_rows.table()');
    await pyspark.run('from crossview_views import views\nfrom crossview_spark import attach\nspark, sc = attach()');
    await views.offerToSpark();
  },
  { timeout: 150_000 },
);
test.after(async () => {
  roads?.python.close();
  roads?.pyspark.close();
  await roads?.typescript.close();
  await roads?.views.close();
});

sameRowsTests(test, () => roads);
test.run();
