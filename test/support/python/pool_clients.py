"""Questions that real Python clients ask a pool. Usage: pool_clients.py CLIENT PORT USER PASSWORD CA-FILE [DRIVER].

Prints one JSON line for each question: its name, whether it was answered as it should, and what came.
"""

import datetime
import decimal
import io
import json
import sys
import time
import uuid

client, port, user, password, ca = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
driver = sys.argv[6] if len(sys.argv) > 6 else ""


def ask(name, question):
    try:
        answer = question()
        print(json.dumps({"check": name, "ok": answer is True, "detail": repr(answer)[:500]}), flush=True)
    except Exception as error:  # every failure is a line of its own
        print(json.dumps({"check": name, "ok": False, "detail": f"{type(error).__name__}: {error}"[:500]}), flush=True)


def same(got, wanted):
    return True if got == wanted else (got, wanted)


moment = datetime.datetime(2024, 2, 29, 3, 4, 5, 678000)
values = {
    "bit": True,
    "tinyint": 200,
    "smallint": -5,
    "int": -7,
    "bigint": 2**60,
    "decimal(18,4)": decimal.Decimal("-12345.6789"),
    "decimal(38,10)": decimal.Decimal("1234567890123456789012345678.0123456789"),
    "money": decimal.Decimal("12.3400"),
    "float": 1.5,
    "real": 0.25,
    "date": datetime.date(2024, 2, 29),
    "time(7)": datetime.time(1, 2, 3),
    "datetime": datetime.datetime(2024, 1, 2, 3, 4, 5, 997000),
    "datetime2(7)": moment,
    "smalldatetime": datetime.datetime(2024, 1, 2, 3, 4),
    "uniqueidentifier": uuid.UUID("6F9619FF-8B86-D011-B42D-00C04FC964FF"),
    "char(2)": "ab",
    "varchar(20)": "größe",
    "nchar(3)": "žlu",
    "nvarchar(20)": "žluťoučký 😀",
    "nvarchar(max)": "x" * 9000 + "ž",
    "varchar(max)": "y" * 9000,
}


def through_the_interface(connection, mark, set_autocommit, binary):
    """The questions of PEP 249, the same for every driver."""
    cursor = connection.cursor()
    table = f"dbo.types_{client}"
    all_values = {**values, "varbinary(10)": binary(b"\x01\x02"), "varbinary(max)": binary(b"\xfe" * 9000)}
    columns = {f"c{index}": (name, value) for index, (name, value) in enumerate(all_values.items())}
    set_autocommit(True)
    cursor.execute(f"CREATE TABLE {table} ({', '.join(f'{c} {t}' for c, (t, _) in columns.items())})")

    def there_and_back(column, value):
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"INSERT INTO {table} ({column}) VALUES ({mark})", (value,))
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} = {mark} OR 1 = 1", (value,))
        got = cursor.fetchall()[0][0]
        if isinstance(value, (bytes, bytearray)) or type(value).__name__ == "Binary":
            return same(bytes(got), bytes(value))
        return same(uuid.UUID(str(got)), value) if isinstance(value, uuid.UUID) else same(got, value)

    for column, (kind, value) in columns.items():
        ask(f"type {kind}", lambda column=column, value=value: there_and_back(column, value))

    def nulls():
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"INSERT INTO {table} (c0) VALUES (NULL)")
        cursor.execute(f"SELECT * FROM {table}")
        return same(set(cursor.fetchone()), {None})

    ask("nulls", nulls)

    def failing():
        try:
            cursor.execute("SELECT 1/0")
            cursor.fetchall()
        except Exception as error:
            return "Divide by zero" in str(error) or str(error)
        return "no error"

    ask("error", failing)
    set_autocommit(False)

    def transactions():
        cursor.execute(f"DELETE FROM {table}")
        connection.commit()
        counts = []
        for end in (connection.rollback, connection.commit):
            cursor.execute(f"INSERT INTO {table} (c3) VALUES (1)")
            end()
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            counts.append(cursor.fetchone()[0])
        connection.commit()
        return same(counts, [0, 1])

    ask("transactions", transactions)

    def many():
        rows = [(index, f"name {index}") for index in range(300)]
        cursor.executemany(f"INSERT INTO {table} (c3, c19) VALUES ({mark}, {mark})", rows)
        connection.commit()
        cursor.execute(f"SELECT COUNT(*), MAX(c3) FROM {table} WHERE c19 LIKE {mark}", ("name %",))
        return same(list(cursor.fetchone()), [300, 299])

    ask("executemany", many)

    def several():
        cursor.execute("SELECT 1 AS a; SELECT 2, 3")
        first = cursor.fetchall()
        cursor.nextset()
        return same([list(map(list, first)), list(map(list, cursor.fetchall()))], [[[1]], [[2, 3]]])

    ask("several result sets", several)

    def catalog():
        cursor.execute(f"EXEC sp_columns_100 @table_name = 'types_{client}', @table_owner = 'dbo', @ODBCVer = 3")
        found = {row[3]: row[5] for row in cursor.fetchall()}
        return same(found, {column: kind.split("(")[0] for column, (kind, _) in columns.items()})

    ask("metadata", catalog)
    connection.commit()
    set_autocommit(True)
    return cursor


def refused(connect):
    try:
        connect()
    except Exception as error:
        return "Login failed" in str(error) or str(error)
    return "it was accepted"


def with_pytds():
    import pytds

    options = {"port": port, "cafile": ca, "validate_host": False}
    connection = pytds.connect("localhost", "clients", user, password, **options)

    def set_autocommit(on):
        connection.autocommit = on

    cursor = through_the_interface(connection, "%s", set_autocommit, pytds.Binary)
    zone = datetime.timezone(datetime.timedelta(hours=2))
    instant = datetime.datetime(2024, 2, 29, 3, 4, 5, 678000, tzinfo=zone)

    def with_offset():
        cursor.execute("SELECT CAST(%s AS datetimeoffset(7))", (instant,))
        found = cursor.fetchone()[0]
        return same(found, instant) and same(found.utcoffset(), instant.utcoffset())

    ask("type datetimeoffset", with_offset)

    def bulk():
        text = io.StringIO("\n".join(f"{index}\tname {index}" for index in range(5000)))
        cursor.execute("CREATE TABLE dbo.bulk_pytds (id int, name nvarchar(50))")
        cursor.copy_to(text, "bulk_pytds", columns=["id", "name"], schema="dbo")
        cursor.execute("SELECT COUNT(*), SUM(id), MAX(LEN(name)) FROM dbo.bulk_pytds")
        return same(list(cursor.fetchone()), [5000, 12497500, 9])

    ask("bulk load", bulk)
    ask("wrong password", lambda: refused(lambda: pytds.connect("localhost", "clients", user, "no", **options)))
    ask("plain", lambda: pytds.connect("localhost", "clients", user, password, port=port).cursor() is not None)

    def by_token():
        other = pytds.connect("localhost", "clients", access_token_callable=lambda: "good-token", **options)
        mine = other.cursor()
        mine.execute("SELECT SUSER_SNAME()")
        return same(mine.fetchone()[0], "token@example.com")

    ask("token", by_token)

    def cancelled():
        other = pytds.connect("localhost", "clients", user, password, timeout=1, **options)
        started = time.monotonic()
        try:
            other.cursor().execute("WAITFOR DELAY '00:00:30'")
        except Exception:
            return time.monotonic() - started < 15
        return "it ended"

    ask("cancel", cancelled)


def with_pyodbc():
    import pyodbc

    text = f"DRIVER={driver};SERVER=127.0.0.1;PORT={port};DATABASE=clients;UID={user};TDS_Version=7.4;ClientCharset=UTF-8"
    connection = pyodbc.connect(f"{text};PWD={password}")

    def set_autocommit(on):
        connection.autocommit = on

    cursor = through_the_interface(connection, "?", set_autocommit, pyodbc.Binary)
    ask("number of an error", lambda: same(number_of(cursor), True))
    table = "types_pyodbc"
    ask("tables", lambda: table in [row.table_name for row in cursor.tables(schema="dbo")])
    ask("columns", lambda: same(len(list(cursor.columns(table, schema="dbo"))), 24))
    ask("keys", lambda: same(list(cursor.primaryKeys(table)) + list(cursor.foreignKeys(table)), []))
    ask("statistics", lambda: same(len(list(cursor.statistics(table, schema="dbo"))), 1))
    ask("types", lambda: len(list(cursor.getTypeInfo())) >= 24)
    ask("procedures", lambda: isinstance(list(cursor.procedures()), list))
    ask("row identifiers", lambda: same(list(cursor.rowIdColumns(table)), []))
    ask("product", lambda: same(connection.getinfo(pyodbc.SQL_DBMS_NAME), "Microsoft SQL Server"))
    ask("wrong password", lambda: refused(lambda: pyodbc.connect(f"{text};PWD=no")))
    ask("encrypted", lambda: pyodbc.connect(f"{text};PWD={password};Encryption=require") is not None)
    for version in ("7.3", "7.2"):
        older = text.replace("7.4", version)
        ask(f"TDS {version}", lambda older=older: same(first_of(pyodbc, f"{older};PWD={password}"), 1))


def first_of(pyodbc, text):
    return pyodbc.connect(text).cursor().execute("SELECT 1").fetchone()[0]


def number_of(cursor):
    try:
        cursor.execute("SELECT * FROM dbo.not_there")
    except Exception as error:
        return "(208)" in str(error) or str(error)
    return "no error"


def with_pymssql():
    import pymssql

    options = {"server": "127.0.0.1", "port": port, "user": user, "database": "clients"}
    connection = pymssql.connect(password=password, tds_version="7.4", **options)
    cursor = through_the_interface(connection, "%s", connection.autocommit, bytearray)

    def bulk():
        cursor.execute("CREATE TABLE dbo.bulk_pymssql (id int, name nvarchar(50))")
        connection.bulk_copy("dbo.bulk_pymssql", [(index, f"name {index}") for index in range(2000)])
        cursor.execute("SELECT COUNT(*), SUM(id), MAX(LEN(name)) FROM dbo.bulk_pymssql")
        return same(list(cursor.fetchone()), [2000, 1999000, 9])

    ask("bulk load", bulk)
    ask("wrong password", lambda: refused(lambda: pymssql.connect(password="no", **options)))

    def procedure():
        cursor.callproc("sp_databases")
        return "clients" in [row[0] for row in cursor.fetchall()]

    ask("procedure", procedure)


def with_sqlalchemy():
    import pandas
    import sqlalchemy as sa

    login = f"{user}:{password}@localhost:{port}/clients"
    odbc = f"DRIVER={driver};SERVER=127.0.0.1;PORT={port};DATABASE=clients;UID={user};PWD={password};TDS_Version=7.4;ClientCharset=UTF-8"
    engines = {
        "pytds": sa.create_engine(f"mssql+pytds://{login}", connect_args={"autocommit": True}),
        "pymssql": sa.create_engine(
            f"mssql+pymssql://{login}", isolation_level="AUTOCOMMIT", deprecate_large_types=True
        ),
    }
    if driver:
        engines["pyodbc"] = sa.create_engine(
            sa.URL.create("mssql+pyodbc", query={"odbc_connect": odbc}), isolation_level="AUTOCOMMIT"
        )
    frame = pandas.DataFrame(
        {
            "id": range(500),
            "name": [None if index % 7 == 0 else f"name {index}" for index in range(500)],
            "half": [index / 2 for index in range(500)],
            "day": pandas.date_range("2024-01-01", periods=500),
            "even": [index % 2 == 0 for index in range(500)],
        }
    )
    for name, engine in engines.items():
        table = f"frame_{name}"

        def written(engine=engine, table=table):
            frame.to_sql(table, engine, schema="dbo", index=False, if_exists="replace")
            frame.to_sql(table, engine, schema="dbo", index=False, if_exists="append", method="multi", chunksize=100)
            back = pandas.read_sql(f"SELECT * FROM dbo.{table} ORDER BY id", engine)
            kinds = {column: kind.kind for column, kind in back.dtypes.items()}
            found = (len(back), int(back["id"].sum()), int(back["name"].isna().sum()), kinds["day"], kinds["half"])
            return same(found, (1000, 249500, 144, "M", "f"))

        ask(f"{name}: pandas to_sql and read_sql", written)
        ask(
            f"{name}: pandas read_sql_table",
            lambda engine=engine, table=table: same(len(pandas.read_sql_table(table, engine, schema="dbo")), 1000),
        )

        def reflected(engine=engine, table=table):
            with engine.connect() as connection:
                connection.execute(sa.text(f"CREATE VIEW dbo.view_{table} AS SELECT id, name FROM dbo.{table}"))
            inspector = sa.inspect(engine)
            columns = {column["name"] for column in inspector.get_columns(table, schema="dbo")}
            found = (
                columns == set(frame.columns),
                table in inspector.get_table_names(schema="dbo"),
                f"view_{table}" in inspector.get_view_names(schema="dbo"),
                inspector.get_pk_constraint(table, schema="dbo")["constrained_columns"],
                inspector.get_foreign_keys(table, schema="dbo"),
                inspector.has_table(table, schema="dbo"),
                inspector.has_table("not_there"),
            )
            return same(found, (True, True, True, [], [], True, False))

        ask(f"{name}: reflection", reflected)

        def whole(engine=engine, table=table):
            metadata = sa.MetaData()
            metadata.reflect(engine, schema="dbo", only=[table])
            reflected_table = metadata.tables[f"dbo.{table}"]
            with engine.connect() as connection:
                query = sa.select(sa.func.count(), sa.func.sum(reflected_table.c.half)).where(reflected_table.c.id < 10)
                return same(list(connection.execute(query).one()), [20, 45.0])

        ask(f"{name}: a query on what was reflected", whole)


{"pytds": with_pytds, "pyodbc": with_pyodbc, "pymssql": with_pymssql, "sqlalchemy": with_sqlalchemy}[client]()
