"""Storage paths in pandas and fsspec over a folder that stands for the kernel's file methods; one JSON object at the end."""

import json
import os
import shutil
import sys

import crossview_kernel.pandas_paths
import crossview_lake.filesystem as lake

root = sys.argv[1]


def place(path):
    container, _, rest = path.removeprefix("abfss://").partition("/")
    assert container.startswith("raw@contoso."), path
    return os.path.join(root, rest) if rest else root


def info(path, local):
    folder = os.path.isdir(local)
    size = 0 if folder else os.path.getsize(local)
    return {"path": path, "name": os.path.basename(local), "size": size, "isDir": folder, "isFile": not folder, "modifyTime": 0}


def call(method, path, **others):
    local = place(path)
    if method == "stat":
        return {"file": info(path, local) if os.path.exists(local) else None}
    if method == "ls":
        names = sorted(os.listdir(local))
        return {"files": [info(f"{path.rstrip('/')}/{name}", os.path.join(local, name)) for name in names]}
    if method == "fetch":
        return {"file": local, "temporary": False}
    if method == "store":
        os.makedirs(os.path.dirname(local), exist_ok=True)
        shutil.copy(others["file"], local)
        return {}
    assert method == "mkdirs", method
    os.makedirs(local, exist_ok=True)
    return {}


lake._call = call
crossview_kernel.pandas_paths.watch()

import fsspec  # noqa: E402
import pandas  # noqa: E402

base = "abfss://raw@contoso.dfs.core.windows.net"
frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})
frame.to_csv(f"{base}/d/a.csv", index=False)
frame.to_parquet(f"{base}/d/a.parquet")
frame.to_parquet(f"{base}/d/parts", partition_cols=["b"])
with fsspec.open(f"{base}/d/t.txt", "w") as file:
    file.write("hi")
print(
    json.dumps(
        {
            "csv": int(pandas.read_csv("wasbs://raw@contoso.blob.core.windows.net/d/a.csv").a.sum()),
            "parquet": int(pandas.read_parquet(f"{base}/d/a.parquet").a.sum()),
            "parts": int(pandas.read_parquet(f"{base}/d/parts").a.sum()),
            "options": len(pandas.read_csv("abfss://raw/d/a.csv", storage_options={"account_name": "contoso"})),
            "glob": fsspec.filesystem("abfss").glob("raw@contoso.dfs.core.windows.net/d/*.csv"),
            "text": fsspec.open(f"{base}/d/t.txt", "rt").open().read(),
        }
    )
)
