"""The official kernel tests, with what they need to know of Go."""

import unittest

import jupyter_kernel_test


class LocuslabTests(jupyter_kernel_test.KernelTests):
    kernel_name = "locuslab"
    language_name = "go"
    file_extension = ".go"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The first cell waits for the worker, which a fresh machine has to build.
        cls.kc.execute_interactive(
            'warm := "declared"\n_ = warm\nfmt.Sprint()', timeout=600, silent=True, output_hook=lambda _: None
        )

    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "to stderr")'
    completion_samples = [
        {"text": "fmt.Sprintl", "matches": {"Sprintln"}},
        {"text": "warm", "matches": {"warm"}},
        {"text": "strings.ToT", "matches": {"ToTitle", "ToTitleSpecial"}},
    ]
    complete_code_samples = [
        "x := 1",
        "for i := range 3 {\n\tfmt.Println(i)\n}",
        "func f() int { return 1 }",
        'fmt.Println("a")\n// a comment',
        "%%time\ny := 2",
        "",
    ]
    incomplete_code_samples = [
        "for i := range 3 {",
        "fmt.Println(",
        "func f() int {\n\treturn 1",
        "x := []int{\n\t1,",
        "s := `a raw",
        "a := 1 +",
    ]
    invalid_code_samples = ["x := )", "func func", "for i := range 3 { ]", "if } {"]
    code_page_something = "?fmt.Println"
    code_generate_error = 'panic("on purpose")'
    code_execute_result = [
        {"code": "1 + 2 + 4711", "result": "4714"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "[]int{1, 2}", "result": "[1 2]"},
        {"code": "math.Sqrt(16)", "result": "4"},
    ]
    code_display_data = [
        {"code": 'import "github.com/janpfeifer/gonb/gonbui"\ngonbui.DisplayHTML("<b>bold</b>")', "mime": "text/html"},
        {"code": 'gonbui.DisplayMarkdown("*emphasis*")', "mime": "text/markdown"},
    ]
    # The history is the user's, who is not likely to have typed another cell like this.
    code_history_pattern = "1 +?2 + 471*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "fmt.Println"
    code_clear_output = "%clear"


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "locuslab"
    support_iopub_welcome = True


# So that neither is collected a second time, under its own name and for python3.
del jupyter_kernel_test

if __name__ == "__main__":
    unittest.main()
