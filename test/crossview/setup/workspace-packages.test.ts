import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { runDoorBeside } from '../../support/door.js';
import { suite } from '../../support/suite.js';
import { TestWorkspace } from '../../support/workspace.js';

const minutes = 60_000;
const test = suite('packages of a workspace', undefined, { timeout: 6 * minutes });

/** A package to be installed from a folder. It brings what builds it, so that nothing is asked of a registry. */
function localPackage(work: TestWorkspace, name: string, version: string): void {
  work.file(
    `${name}/pyproject.toml`,
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  );
  work.file(
    `${name}/backend.py`,
    `from zipfile import ZipFile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    made, about = "${name}-${version}-py3-none-any.whl", "${name}-${version}.dist-info"
    with ZipFile(f"{directory}/{made}", "w") as wheel:
        wheel.write("${name}.py")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\\nName: ${name}\\nVersion: ${version}\\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{about}/RECORD", "")
    return made
`,
  );
  work.file(`${name}/${name}.py`, `VERSION = "${version}"\n`);
}

const setup = (work: TestWorkspace) => runDoorBeside(['setup', '--no-class-archive'], {}, { cwd: work.folder });

function imports(work: TestWorkspace, name: string) {
  work.notebook('Uses', [
    `import ${name}\nprint("here", ${name}.VERSION)`,
    `def of_worker(rows):\n    import ${name}\n    return [${name}.VERSION for _ in rows]\nprint("workers", set(sc.parallelize(range(4), 2).mapPartitions(of_worker).collect()))`,
  ]);
  return work.run('Uses.ipynb');
}

test('requirements.txt, with another file that it names, is there for cells and for workers of Spark', async () => {
  const work = new TestWorkspace('requirements-txt');
  work.profile({});
  localPackage(work, 'crossview_test_one', '1.2');
  localPackage(work, 'crossview_test_two', '2.0');
  work.file('requirements.txt', '# of the workspace\n-r more/two.txt\n./crossview_test_one\npandas\n');
  work.file('more/two.txt', './crossview_test_two\n');
  const made = await setup(work);
  assert.is(made.code, 0, made.stderr);
  const one = imports(work, 'crossview_test_one');
  assert.is(one.code, 0, one.stdout + one.stderr);
  assert.match(one.stdout, /here 1\.2[\s\S]*workers \{'1\.2'\}/);
  assert.is(imports(work, 'crossview_test_two').code, 0);
  // What another workspace installs is not there.
  const other = new TestWorkspace('no-requirements');
  other.profile({});
  const missing = imports(other, 'crossview_test_one');
  assert.is(missing.code, 1);
  assert.match(missing.stderr, /ModuleNotFoundError/);
});

test('environment.yml: dependencies of Conda and of pip', async () => {
  const work = new TestWorkspace('environment-yml');
  work.profile({});
  localPackage(work, 'crossview_test_one', '3.4');
  work.file(
    'environment.yml',
    'name: team\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pandas\n  - pip:\n      - ./crossview_test_one\n',
  );
  const made = await setup(work);
  assert.is(made.code, 0, made.stderr);
  const run = imports(work, 'crossview_test_one');
  assert.is(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /here 3\.4/);
});

test('a package that is not to be had is named', async () => {
  const work = new TestWorkspace('requirements-missing');
  work.profile({});
  writeFileSync(join(work.folder, 'requirements.txt'), '--no-index\ncrossview-no-such-package==1.0\n');
  const made = await setup(work);
  assert.is.not(made.code, 0);
  assert.match(made.stderr, /REQUIREMENTS_FAILED/);
  assert.match(made.stderr, /crossview-no-such-package/);
});

test.run();
