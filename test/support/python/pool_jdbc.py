"""Questions that mssql-jdbc asks a pool. Usage: pool_jdbc.py PORT USER PASSWORD CA-FILE JAR….

Prints one JSON line for each question: its name, whether it was answered as it should, and what came.
"""

import json
import os
import sys
import time

port, user, password, ca = sys.argv[1:5]
os.environ["PYSPARK_SUBMIT_ARGS"] = (
    f"--driver-class-path {':'.join(sys.argv[5:])} --driver-memory 512m pyspark-shell"
)
os.environ.update({"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"})

from py4j.protocol import Py4JJavaError  # noqa: E402
from pyspark.java_gateway import launch_gateway  # noqa: E402

# A JVM to speak to, without a Spark session in it.
gateway = launch_gateway()
java = gateway.jvm.java
base = f"jdbc:sqlserver://localhost:{port};databaseName=jdbc"
login = f"user={user};password={password};trustServerCertificate=true"


def ask(name, question):
    try:
        answer = question()
        print(json.dumps({"check": name, "ok": answer is True, "detail": repr(answer)[:500]}), flush=True)
    except Exception as error:  # every failure is a line of its own
        print(json.dumps({"check": name, "ok": False, "detail": f"{type(error).__name__}: {error}"[:800]}), flush=True)


def same(got, wanted):
    return True if got == wanted else (got, wanted)


def connect(more=login):
    return java.sql.DriverManager.getConnection(f"{base};{more}")


def rows(result):
    count = result.getMetaData().getColumnCount()
    found = []
    while result.next():
        found.append([result.getString(index + 1) for index in range(count)])
    result.close()
    return found


def query(connection, text):
    statement = connection.createStatement()
    found = rows(statement.executeQuery(text))
    statement.close()
    return found


def run(connection, text):
    statement = connection.createStatement()
    statement.execute(text)
    statement.close()


def error_of(action):
    try:
        action()
    except Py4JJavaError as error:
        return error.java_exception.getErrorCode()
    return "no error"


connection = connect()
ask("TLS", lambda: same(query(connect(f"{login};encrypt=true"), "SELECT 1"), [["1"]]))
ask("not encrypted by the client", lambda: same(query(connect(f"{login};encrypt=false"), "SELECT 1"), [["1"]]))
ask(
    "strict",
    lambda: same(
        query(connect(f"user={user};password={password};encrypt=strict;serverCertificate={ca}"), "SELECT 1"), [["1"]]
    ),
)
ask("wrong password", lambda: same(error_of(lambda: connect(f"user={user};password=no;trustServerCertificate=true")), 18456))


def token():
    properties = java.util.Properties()
    properties.setProperty("accessToken", "good-token")
    other = java.sql.DriverManager.getConnection(f"{base};trustServerCertificate=true", properties)
    return same(query(other, "SELECT SUSER_SNAME()"), [["token@example.com"]])


ask("token", token)

typed = {
    "bit": "1",
    "tinyint": "200",
    "smallint": "-5",
    "int": "-7",
    "bigint": "1152921504606846976",
    "decimal(38,10)": "1234567890123456789012345678.0123456789",
    "money": "-12.3400",
    "smallmoney": "2.2500",
    "float": "1.5",
    "real": "0.25",
    "date": "2024-02-29",
    "time(3)": "01:02:03.456",
    "datetime": "2024-01-02 03:04:05.997",
    "datetime2(6)": "0001-01-01 00:00:00.000001",
    "datetime2(7)": "9999-12-31 23:59:59.9999999",
    "time(7)": "23:59:59.9999999",
    "smalldatetime": "2024-01-02 03:04:00.0",
    "datetimeoffset(3)": "2024-01-02 03:04:05.678 +05:30",
    "uniqueidentifier": "6F9619FF-8B86-D011-B42D-00C04FC964FF",
    "char(4)": "ab  ",
    "varchar(20)": "größe",
    "nchar(4)": "ž   ",
    "nvarchar(20)": "žluťoučký 😀",
    "nvarchar(max)": "x" * 9000,
    "varbinary(4)": "0102",
    "varbinary(max)": "FF" * 9000,
}


def there_and_back(kind, value):
    text = kind.startswith("varbinary")
    sent = f"CAST(CONVERT(varbinary(max), ?, 2) AS {kind})" if text else f"CAST(? AS {kind})"
    statement = connection.prepareStatement(f"SELECT {sent}, CAST(NULL AS {kind})")
    statement.setString(1, value)
    found = rows(statement.executeQuery())
    statement.close()
    return same(found, [[value, None]])


for kind, value in typed.items():
    ask(f"type {kind}", lambda kind=kind, value=value: there_and_back(kind, value))


def own_setters():
    run(connection, "CREATE TABLE dbo.setters (a int, b bigint, c decimal(18,4), d float, e bit, f date, g datetime2(7), h nvarchar(50), i varbinary(10), j smallint)")
    statement = connection.prepareStatement("INSERT INTO dbo.setters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    statement.setInt(1, -7)
    statement.setLong(2, 2**40)
    statement.setBigDecimal(3, java.math.BigDecimal("-1.2345"))
    statement.setDouble(4, 1.5)
    statement.setBoolean(5, True)
    statement.setDate(6, java.sql.Date.valueOf("2024-02-29"))
    statement.setTimestamp(7, java.sql.Timestamp.valueOf("2024-02-29 01:02:03.456789"))
    statement.setNString(8, "žluť")
    statement.setBytes(9, bytearray(b"\x01\x02"))
    statement.setNull(10, 5)
    count = statement.executeUpdate()
    found = query(connection, "SELECT * FROM dbo.setters")
    wanted = ["-7", "1099511627776", "-1.2345", "1.5", "1", "2024-02-29", "2024-02-29 01:02:03.4567890", "žluť", "0102", None]
    return same([count, found], [1, [wanted]])


ask("setters", own_setters)
ask("number of an error", lambda: same(error_of(lambda: query(connection, "SELECT 1/0")), 8134))
ask("number of a missing table", lambda: same(error_of(lambda: query(connection, "SELECT * FROM dbo.nothing")), 208))


def transactions():
    run(connection, "CREATE TABLE dbo.tx (a int)")
    connection.setAutoCommit(False)
    counts = []
    for end in (connection.rollback, connection.commit):
        run(connection, "INSERT INTO dbo.tx VALUES (1)")
        end()
        counts.append(query(connection, "SELECT COUNT(*) FROM dbo.tx")[0][0])
    connection.setAutoCommit(True)
    return same(counts, ["0", "1"])


ask("transactions", transactions)


def batch(autocommit):
    connection.setAutoCommit(autocommit)
    statement = connection.prepareStatement("INSERT INTO dbo.tx (a) VALUES (?)")
    for index in range(2000):
        statement.setInt(1, index)
        statement.addBatch()
    counts = statement.executeBatch()
    if not autocommit:
        connection.commit()
        connection.setAutoCommit(True)
    found = query(connection, "SELECT COUNT(*) FROM dbo.tx")[0][0]
    run(connection, "TRUNCATE TABLE dbo.tx")
    return len(counts) == 2000 and set(counts) == {1} and int(found) >= 2000 or (len(counts), found)


ask("batch", lambda: batch(True))
ask("batch in a transaction", lambda: batch(False))


def failing_batch():
    run(connection, "CREATE TABLE dbo.short (a nvarchar(3))")
    statement = connection.prepareStatement("INSERT INTO dbo.short (a) VALUES (?)")
    for index in range(20):
        statement.setString(1, "longer" if index == 10 else "ok")
        statement.addBatch()
    number = error_of(statement.executeBatch)
    return same([number, query(connection, "SELECT COUNT(*) FROM dbo.short")[0][0]], [2628, "19"])


ask("a row of a batch that does not go in", failing_batch)


def cancelled():
    statement = connection.createStatement()
    statement.setQueryTimeout(1)
    started = time.monotonic()
    try:
        statement.execute("WAITFOR DELAY '00:00:30'")
    except Py4JJavaError:
        return time.monotonic() - started < 15 and query(connection, "SELECT 1") == [["1"]]
    return "it ended"


ask("cancel", cancelled)


def fetched(more, size):
    other = connect(f"{login};{more}")
    statement = other.createStatement()
    statement.setFetchSize(size)
    found = rows(statement.executeQuery("SELECT value FROM GENERATE_SERIES(1, 3000)"))
    other.close()
    return same([len(found), found[0], found[-1]], [3000, ["1"], ["3000"]])


ask("fetch size", lambda: fetched("responseBuffering=adaptive", 100))
ask("cursor", lambda: fetched("selectMethod=cursor", 1000))


def scrolled():
    kind = java.sql.ResultSet
    statement = connection.createStatement(kind.TYPE_SCROLL_INSENSITIVE, kind.CONCUR_READ_ONLY)
    result = statement.executeQuery("SELECT value FROM GENERATE_SERIES(1, 500)")
    result.last()
    found = [result.getInt(1), result.getRow()]
    result.absolute(100)
    found.append(result.getInt(1))
    result.previous()
    found.append(result.getInt(1))
    result.beforeFirst()
    result.next()
    found.append(result.getInt(1))
    return same(found, [500, 500, 100, 99, 1])


ask("scrolling", scrolled)

columns = ", ".join(f"c{index} {kind}" for index, kind in enumerate(typed))


def bulk():
    run(connection, f"CREATE TABLE dbo.from_here ({columns})")
    run(connection, f"CREATE TABLE dbo.to_there ({columns})")
    expressions = ", ".join(
        f"CAST(CONVERT(varbinary(max), '{value}', 2) AS {kind})" if kind.startswith("varbinary") else f"CAST(N'{value}' AS {kind})"
        for kind, value in typed.items()
    )
    for _ in range(3):
        run(connection, f"INSERT INTO dbo.from_here SELECT {expressions}")
    run(connection, "INSERT INTO dbo.from_here (c0) VALUES (NULL)")
    source = connect()
    result = source.createStatement().executeQuery("SELECT * FROM dbo.from_here")
    copy = gateway.jvm.com.microsoft.sqlserver.jdbc.SQLServerBulkCopy(connection)
    copy.setDestinationTableName("dbo.to_there")
    copy.writeToServer(result)
    copy.close()
    order = "SELECT * FROM dbo.{} ORDER BY c3"
    return same(query(connection, order.format("to_there")), query(connection, order.format("from_here")))


ask("bulk copy of every type", bulk)


def bulk_for_batch():
    other = connect(f"{login};useBulkCopyForBatchInsert=true")
    statement = other.prepareStatement("INSERT INTO dbo.tx (a) VALUES (?)")
    for index in range(1000):
        statement.setInt(1, index)
        statement.addBatch()
    statement.executeBatch()
    return same(query(connection, "SELECT COUNT(*), SUM(a) FROM dbo.tx"), [["1000", "499500"]])


ask("bulk copy for a batch", bulk_for_batch)

metadata = connection.getMetaData()
ask("getTables", lambda: "tx" in [row[2] for row in rows(metadata.getTables(None, "dbo", "%", None))])
ask("getColumns", lambda: same([row[5].split()[0] for row in rows(metadata.getColumns(None, "dbo", "to_there", None))], [kind.split("(")[0] for kind in typed]))
ask("getPrimaryKeys", lambda: same(rows(metadata.getPrimaryKeys(None, "dbo", "tx")), []))
ask("getImportedKeys", lambda: same(rows(metadata.getImportedKeys(None, "dbo", "tx")), []))
ask("getIndexInfo", lambda: isinstance(rows(metadata.getIndexInfo(None, "dbo", "tx", False, True)), list))
ask("getCatalogs", lambda: "jdbc" in [row[0] for row in rows(metadata.getCatalogs())])
ask("getSchemas", lambda: "dbo" in [row[0] for row in rows(metadata.getSchemas())])
ask("getTypeInfo", lambda: len(rows(metadata.getTypeInfo())) >= 24)
ask("getProcedures", lambda: isinstance(rows(metadata.getProcedures(None, None, "%")), list))
ask("getTablePrivileges", lambda: "SELECT" in [row[5] for row in rows(metadata.getTablePrivileges(None, "dbo", "tx"))])
ask("getBestRowIdentifier", lambda: same(rows(metadata.getBestRowIdentifier(None, "dbo", "tx", 0, True)), []))


def parameters():
    statement = connection.prepareStatement("INSERT INTO dbo.setters (a, c, h) VALUES (?, ?, ?)")
    described = statement.getParameterMetaData()
    return same([described.getParameterTypeName(index) for index in (1, 2, 3)], ["int", "decimal", "nvarchar"])


ask("getParameterMetaData", parameters)

connection.close()
