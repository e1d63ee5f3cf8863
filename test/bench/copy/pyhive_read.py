"""Reads every row of a query by PyHive: PORT QUERY FETCH_SIZE -> ROWS SECONDS from the query to its last row."""

import sys
import time

from pyhive import hive

port, query, fetch_size = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
connection = hive.connect("127.0.0.1", port, auth="NOSASL")
cursor = connection.cursor(arraysize=fetch_size)
began = time.perf_counter()
cursor.execute(query)
count = 0
while rows := cursor.fetchmany(fetch_size):
    count += len(rows)
print(count, time.perf_counter() - began)
