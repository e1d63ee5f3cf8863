package crossview.bench

import java.sql.DriverManager

/** Reads every value of a query by Hive's JDBC driver: `URL QUERY FETCH_SIZE` → `ROWS SECONDS` from the query to its last row. */
object JdbcReader {
  def main(arguments: Array[String]): Unit = {
    val Array(url, query, fetchSize) = arguments
    Class.forName("org.apache.hive.jdbc.HiveDriver")
    val connection = DriverManager.getConnection(url, "anonymous", "anonymous")
    val statement = connection.createStatement()
    statement.setFetchSize(fetchSize.toInt)
    val began = System.nanoTime()
    val rows = statement.executeQuery(query)
    val columns = rows.getMetaData.getColumnCount
    var count = 0L
    while (rows.next()) {
      var column = 1
      while (column <= columns) {
        rows.getObject(column)
        column += 1
      }
      count += 1
    }
    println(s"$count ${(System.nanoTime() - began) / 1e9}")
    System.out.flush()
    Runtime.getRuntime.halt(0)
  }
}
