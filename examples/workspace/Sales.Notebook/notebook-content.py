# Fabric notebook source

# METADATA ********************

# META {
# META   "kernel_info": {
# META     "name": "synapse_pyspark"
# META   },
# META   "dependencies": {}
# META }

# MARKDOWN ********************

# # Sales
# 
# A notebook as Fabric keeps it in Git.

# PARAMETERS CELL ********************

regions = 4

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

sales = spark.range(1000).selectExpr(f"id % {regions} as region", "id * 2 as amount")
sales.createOrReplaceTempView("sales")

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

# MAGIC %%sql
# MAGIC select region, sum(amount) as amount from sales group by region order by region

# METADATA ********************

# META {
# META   "language": "sparksql",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

top = spark.sql("select region from sales group by region order by sum(amount) desc, region limit 1").first()[0]
print(notebookutils.runtime.context["currentWorkspaceName"], "best region:", top)
notebookutils.notebook.exit(str(top))

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }
