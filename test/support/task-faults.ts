// Scala of the tests that break Spark's tasks: a frame of 4 tasks with 100 rows each, whose rows are 0 to 399.

export const tasks = 4;
export const rowsOfTask = 100;
export const rows = tasks * rowsOfTask;

/** Where a task breaks: at its first row, in the middle, at its last row. */
export const places = { start: 0, middle: rowsOfTask / 2, end: rowsOfTask - 1 } as const;

/** What happens there: the code throws; the attempt is killed, as speculation does; the executor ends as by kill -9. */
export type Fault = 'throws' | 'killed' | 'halted';

/** Defines `broken(task, row, attempts, fault)`, a column that goes wrong in the first `attempts` of a task, and `frame`. */
export const definitions = `
import org.apache.spark.TaskContext
import org.apache.spark.sql.Column
import org.apache.spark.sql.functions._
def broken(task: Int, row: Long, attempts: Int, fault: String): Column = {
  val break = udf { (id: Long) =>
    val context = TaskContext.get
    if (context.partitionId == task && id % ${rowsOfTask} == row && context.attemptNumber < attempts) fault match {
      case "throws" => throw new IllegalStateException("broken on purpose")
      case "killed" =>
        // In another thread: tasks may not ask for the context.
        val attempt = context.taskAttemptId
        new Thread(() => org.apache.spark.SparkContext.getOrCreate().killTaskAttempt(attempt, true, "killed on purpose")).start()
        Thread.sleep(20000)
      case "halted" => Runtime.getRuntime.halt(137)
    }
    id
  }
  break.asNondeterministic()(col("id"))
}
def frame(task: Int, row: Long, attempts: Int, fault: String) =
  spark.range(0, ${rows}, 1, ${tasks}).select(broken(task, row, attempts, fault).as("id"), concat(lit("n"), col("id")).as("name"))
`;
