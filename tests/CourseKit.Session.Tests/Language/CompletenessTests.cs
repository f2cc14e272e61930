namespace CourseKit.Session.Tests.Language;

public sealed class CompletenessTests(LanguageSession session) : IClassFixture<LanguageSession>
{
    [Theory]
    [InlineData("1 + 1")]
    [InlineData("var x = 1;")]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("// only a remark")]
    [InlineData("var x = 1; // and a remark")]
    [InlineData("if (x) { }\n// done")]
    [InlineData("using System.Text;")]
    [InlineData("class A { }")]
    [InlineData("namespace N { class A { } }")]
    [InlineData("var s = \"\"\"\n  raw\n  \"\"\";")]
    [InlineData("#!time\n1 + 1")]
    [InlineData("#r \"nuget: Kit.Numbers\"")]
    [InlineData("#!html\n<b>not C# {")]
    [InlineData("await Task.Delay(1);\r\n5")]
    [InlineData("wrongName.Call(1)")]
    public async Task A_cell_that_can_run_is_complete(string code) =>
        Assert.Equal(("complete", ""), await AskAsync(code));

    [Theory]
    [InlineData("if (x)", "    ")]
    [InlineData("if (x) {", "    ")]
    [InlineData("foreach (var i in numbers)", "    ")]
    [InlineData("if (x) { }\nelse", "    ")]
    [InlineData("class A\n{\n    void F()\n    {", "        ")]
    [InlineData("class A\n{\n    void F()\n    {\n        F();", "        ")]
    [InlineData("Console.WriteLine(", "    ")]
    [InlineData("var x = 1 +", "")]
    [InlineData("numbers.Where(n => n > 1)\n    .Select(", "        ")]
    [InlineData("/* a remark", "")]
    [InlineData("var s = @\"text", "")]
    [InlineData("var s = \"\"\"\n    raw", "")]
    [InlineData("if (x) { // and a remark", "    ")]
    [InlineData("if (x)\r\n{\r\n", "    ")]
    [InlineData("var x = 2", "")]
    [InlineData("for (var i = 0;", "")]
    [InlineData("#!time\nif (x) {", "    ")]
    public async Task A_cell_that_wants_another_line_is_incomplete_and_says_how_far_to_indent_it(string code, string indent) =>
        Assert.Equal(("incomplete", indent), await AskAsync(code));

    [Theory]
    [InlineData("var s = \"open")]
    [InlineData("var s = \"open\nvar t = 1;")]
    [InlineData("var c = 'ab';")]
    [InlineData("}")]
    [InlineData("int int = 5;")]
    [InlineData("foo bar baz qux;")]
    [InlineData("x = ;")]
    public async Task A_cell_that_no_further_line_can_mend_is_invalid(string code) =>
        Assert.Equal(("invalid", ""), await AskAsync(code));

    private async Task<(string Status, string Indent)> AskAsync(string code)
    {
        var answer = await (await session.ClientAsync()).IsCompleteAsync(code, TestContext.Current.CancellationToken);
        return (answer.Status, answer.Indent);
    }
}
