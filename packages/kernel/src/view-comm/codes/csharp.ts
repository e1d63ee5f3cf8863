import type { ViewCode } from '../view-code.js';

/** A list of record batches of Apache.Arrow, which .NET Interactive brings from NuGet when it is first named. */
const csharp: ViewCode = {
  // Kernels of .NET Interactive have said all of these.
  languages: ['C#', 'csharp', 'polyglot-notebook'],
  library: 'Apache.Arrow',
  install: 'Let the kernel reach NuGet, which it brings Apache.Arrow from',
  read: (name, parts) => `#r "nuget: Apache.Arrow"
var ${name} = new System.Collections.Generic.List<Apache.Arrow.RecordBatch>();
foreach (var crossviewPart in new string[] { ${parts.map((part) => JSON.stringify(part)).join(', ')} })
    using (var crossviewReader = new Apache.Arrow.Ipc.ArrowStreamReader(System.IO.File.OpenRead(crossviewPart)))
        for (var batch = crossviewReader.ReadNextRecordBatch(); batch != null; batch = crossviewReader.ReadNextRecordBatch())
            ${name}.Add(batch);`,
  write: (name, path) => `#r "nuget: Apache.Arrow"
using (var crossviewFile = System.IO.File.Create(${JSON.stringify(path)}))
using (var crossviewWriter = new Apache.Arrow.Ipc.ArrowStreamWriter(crossviewFile, ${name}[0].Schema))
{
    foreach (var batch in ${name}) crossviewWriter.WriteRecordBatch(batch);
    crossviewWriter.WriteEnd();
}`,
};

export default csharp;
