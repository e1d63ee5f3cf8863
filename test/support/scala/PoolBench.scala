package crossview.bench

import java.sql.{Connection, DriverManager, Timestamp, Types}

/** The same loops over JDBC for any database: what differs is the address. */
object PoolBench {
  def main(arguments: Array[String]): Unit = arguments match {
    case Array("read", url, query, rounds)          => read(url, query, rounds.toInt)
    case Array("bulk", url, table, rows, rounds)    => bulk(url, table, rows.toInt, rounds.toInt)
    case _                                          => sys.error("read URL QUERY ROUNDS | bulk URL TABLE ROWS ROUNDS")
  }

  private def connected[T](url: String)(body: Connection => T): T = {
    val connection = DriverManager.getConnection(url)
    try body(connection)
    finally connection.close()
  }

  /** Prints `rows seconds sum` for each round. Fetch size 10,000, without autocommit so that PostgreSQL's driver streams. */
  private def read(url: String, query: String, rounds: Int): Unit = connected(url) { connection =>
    connection.setAutoCommit(false)
    for (_ <- 0 until rounds) {
      val statement = connection.createStatement()
      statement.setFetchSize(10000)
      val began = System.nanoTime()
      val result = statement.executeQuery(query)
      var rows = 0L
      var sum = 0.0
      while (result.next()) {
        sum += result.getInt(1)
        sum += result.getLong(2) % 1000
        sum += result.getDouble(3)
        sum += result.getString(4).length
        sum += result.getBigDecimal(5).doubleValue
        sum += result.getTimestamp(6).getTime % 1000
        rows += 1
      }
      println(s"$rows ${(System.nanoTime() - began) / 1e9} $sum")
      result.close()
      statement.close()
      connection.rollback()
    }
  }

  private def bulk(url: String, table: String, rows: Int, rounds: Int): Unit = connected(url) { connection =>
    import com.microsoft.sqlserver.jdbc.{ISQLServerBulkData, SQLServerBulkCopy, SQLServerBulkCopyOptions}
    val names = Array("a", "b", "c", "d", "e", "f")
    val types = Array(Types.INTEGER, Types.BIGINT, Types.DOUBLE, Types.NVARCHAR, Types.DECIMAL, Types.TIMESTAMP)
    for (_ <- 0 until rounds) {
      val source = new ISQLServerBulkData {
        private var index = 0
        def getColumnOrdinals: java.util.Set[Integer] = {
          val all = new java.util.LinkedHashSet[Integer]
          (1 to 6).foreach(number => all.add(number))
          all
        }
        def getColumnName(column: Int): String = names(column - 1)
        def getColumnType(column: Int): Int = types(column - 1)
        def getPrecision(column: Int): Int = if (column == 4) 40 else if (column == 5) 18 else if (column == 6) 27 else 0
        def getScale(column: Int): Int = if (column == 5) 2 else if (column == 6) 7 else 0
        def next(): Boolean = { index += 1; index <= rows }
        def getRowData: Array[Object] = Array[Object](
          Int.box(index),
          Long.box(index * 1000003L),
          Double.box(index * 0.5),
          s"customer $index",
          java.math.BigDecimal.valueOf(index % 100000, 2),
          new Timestamp(1704067200000L + (index % 86400) * 1000L)
        )
      }
      val copy = new SQLServerBulkCopy(connection)
      val options = new SQLServerBulkCopyOptions
      options.setBulkCopyTimeout(0)
      copy.setBulkCopyOptions(options)
      copy.setDestinationTableName(table)
      val began = System.nanoTime()
      copy.writeToServer(source)
      println(s"$rows ${(System.nanoTime() - began) / 1e9} 0")
      copy.close()
    }
  }
}
