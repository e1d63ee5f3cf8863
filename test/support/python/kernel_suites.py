"""jupyter_kernel_test over the kernels of this repository: `kernel_suites.py LANGUAGE`; kernelspecs by JUPYTER_PATH.

`kernel_suites.py cells:LANGUAGE` asks a notebook whose own language is Python, by cells with `%%LANGUAGE` over them.

Prints one line of JSON: {"run": n, "skipped": [names], "failures": [[name, text]]}.
"""

import json
import sys
import unittest

import jupyter_kernel_test

PYTHON = dict(
    language_name="python",
    file_extension=".py",
    code_hello_world="print('hello, world')",
    code_stderr="import sys; print('test', file=sys.stderr)",
    completion_samples=[{"text": "zi", "matches": {"zip"}}, {"text": "%%pys", "matches": {"%%pyspark"}}],
    complete_code_samples=["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n"],
    incomplete_code_samples=["print('''hello", "def f(x):\n  x*2"],
    invalid_code_samples=["import = 7q"],
    code_page_something="zip?",
    code_generate_error="raise",
    code_execute_result=[{"code": "1+2+3", "result": "6"}, {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"}],
    code_display_data=[
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
        {"code": "%%html\n<i>x</i>", "mime": "text/html"},
    ],
    code_history_pattern="1?2*",
    supported_history_operations=("tail", "range", "search"),
    code_inspect_sample="zip",
    code_clear_output="from IPython.display import clear_output; clear_output()",
)

SCALA = dict(
    language_name="scala",
    file_extension=".scala",
    code_hello_world='println("hello, world")',
    code_stderr='System.err.println("test")',
    completion_samples=[{"text": "%%pys", "matches": {"%%pyspark"}}, {"text": "Seq(1).headOp", "matches": {"headOption"}}],
    complete_code_samples=["1 + 2", "val x = 1"],
    incomplete_code_samples=["def f(x: Int) = {", "Seq(1,"],
    invalid_code_samples=["val = = 1"],
    code_page_something="%%sql?",
    code_generate_error='throw new IllegalStateException("test")',
    code_execute_result=[{"code": "1 + 2"}, {"code": '"a" * 3'}],
    code_display_data=[{"code": "%%html\n<i>x</i>", "mime": "text/html"}],
    code_inspect_sample="println",
    supported_history_operations=("tail", "range", "search"),
    code_history_pattern="1 ?*",
)

SQL = dict(
    language_name="sql",
    file_extension=".sql",
    code_hello_world='%%python\nprint("hello, world")',
    completion_samples=[{"text": "SELEC", "matches": {"SELECT"}}],
    complete_code_samples=["SELECT 1", "SELECT count(*) FROM v;"],
    incomplete_code_samples=["SELECT (1", "SELECT 'a", "SELECT a FROM"],
    invalid_code_samples=["SELECT 1)"],
    code_page_something="%%sql?",
    code_generate_error="SELEC 1",
    code_execute_result=[
        {"code": "SELECT 1 AS one", "result": "one\n---\n  1\n1 row"},
        {"code": "SELECT 2 AS two", "mime": "application/vnd.dataresource+json"},
    ],
    code_display_data=[{"code": "%%html\n<i>x</i>", "mime": "text/html"}],
    supported_history_operations=("tail", "range", "search"),
    code_history_pattern="SELECT 2*",
)


TYPESCRIPT = dict(
    code_hello_world='console.log("hello, world")',
    code_stderr='console.error("test")',
    completion_samples=[{"text": "[1].forEa", "matches": {"forEach"}}],
    complete_code_samples=["1 + 2", "const x = 1;"],
    incomplete_code_samples=["function f() {", "[1,"],
    invalid_code_samples=["const = = 1"],
    code_generate_error='throw new Error("test")',
    code_execute_result=[{"code": "1 + 2", "result": "3"}, {"code": '"a".repeat(3)'}],
    code_inspect_sample="parseInt",
    supported_history_operations=("tail", "range", "search"),
    code_history_pattern="1 ?*",
)

TSQL = dict(
    code_hello_world="PRINT 'hello, world'",
    completion_samples=[{"text": "SELEC", "matches": {"SELECT"}}],
    complete_code_samples=["SELECT 1", "SELECT count(*) FROM v;"],
    incomplete_code_samples=["SELECT (1", "SELECT 'a", "SELECT a FROM"],
    invalid_code_samples=["SELECT 1)"],
    code_generate_error="SELEC 1",
    code_display_data=[{"code": "SELECT 2 AS two", "mime": "application/vnd.dataresource+json"}],
)


def under(magic, samples):
    """The samples of a language as cells of a notebook in Python."""

    def written(code):
        return code if code.startswith("%%") else f"%%{magic}\n{code}"

    def cell(name, value):
        if name == "completion_samples":
            return [{**one, "text": written(one["text"])} for one in value]
        if name.endswith("_code_samples"):
            return [written(one) for one in value]
        if name in ("code_execute_result", "code_display_data"):
            return [{**one, "code": written(one["code"])} for one in value]
        if name in ("code_hello_world", "code_stderr", "code_generate_error", "code_inspect_sample", "code_clear_output", "code_history_pattern"):
            return written(value)
        return value

    cells = {name: cell(name, value) for name, value in samples.items()}
    return {**cells, "language_name": "python", "file_extension": ".py", "code_page_something": f"%%{magic}?"}


language = sys.argv[1]
all_samples = {"python": PYTHON, "pyspark": PYTHON, "spark": SCALA, "sql": SQL, "typescript": TYPESCRIPT, "tsql": TSQL}
if language.startswith("cells:"):
    magic = language.removeprefix("cells:")
    samples, name = under(magic, all_samples[magic]), "crossview_python"
else:
    samples, name = all_samples[language], f"crossview_{language}"
# Spark starts with the first cell that needs it, which takes longer than these suites wait for an answer.
first_cells = {"pyspark": "spark.range(1).count()", "spark": "1", "sql": "SELECT 1"}
own = language.removeprefix("cells:")
first_cell = first_cells.get(own, "") if own == language else f"%%{own}\n{first_cells.get(own, '')}"


class StartedFirst(jupyter_kernel_test.KernelTests):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if own in first_cells:
            cls.kc.execute_interactive(first_cell, store_history=False, timeout=180, output_hook=lambda _: None)


kernel_tests = type("Samples", (StartedFirst,), {**samples, "kernel_name": name})
suite = unittest.TestSuite([unittest.defaultTestLoader.loadTestsFromTestCase(kernel_tests)])
if language == "python":
    welcome = type(
        "Welcome", (jupyter_kernel_test.IopubWelcomeTests,), {"kernel_name": name, "support_iopub_welcome": True}
    )
    suite.addTest(unittest.defaultTestLoader.loadTestsFromTestCase(welcome))
result = unittest.TextTestRunner(stream=sys.stderr, verbosity=2).run(suite)
problems = [*result.failures, *result.errors]
print(
    json.dumps(
        {
            "run": result.testsRun,
            "skipped": [str(test) for test, _ in result.skipped],
            "failures": [[str(test), text] for test, text in problems],
        }
    )
)
