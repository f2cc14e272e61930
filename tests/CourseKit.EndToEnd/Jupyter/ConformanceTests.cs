using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>Jupyter's own suite for kernels, with a sample for every test, so that none is skipped.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class ConformanceTests(ConformanceTests.Suite suite) : IClassFixture<ConformanceTests.Suite>
{
    [Theory]
    [InlineData("test_kernel_info")]
    [InlineData("test_execute_stdout")]
    [InlineData("test_execute_stderr")]
    [InlineData("test_execute_result")]
    [InlineData("test_display_data")]
    [InlineData("test_error")]
    [InlineData("test_completion")]
    [InlineData("test_is_complete")]
    [InlineData("test_inspect")]
    [InlineData("test_history")]
    [InlineData("test_clear_output")]
    [InlineData("test_pager")]
    public async Task The_kernel_passes(string test)
    {
        var found = (await suite.OutcomesAsync())[test];
        Assert.True(found is not null, $"jupyter_kernel_test has no {test} any more.");
        Assert.True((string?)found["outcome"] == "passed", $"{found["outcome"]}: {found["detail"]}");
    }

    [Fact]
    public async Task No_test_of_the_suite_is_left_out() =>
        Assert.All(await suite.OutcomesAsync(), outcome => Assert.True((string?)outcome.Value!["outcome"] == "passed", $"{outcome.Key}: {outcome.Value}"));

    /// <summary>The suite, run once, by the first test that asks: where Jupyter is missing, each says so for itself.</summary>
    public sealed class Suite : IAsyncDisposable
    {
        private readonly InstalledKernel kernel = new();
        private JsonObject? outcomes;

        internal async Task<JsonObject> OutcomesAsync()
        {
            var python = RequiredTools.Python("jupyter_kernel_test", "python3-jupyter-kernel-test");
            return outcomes ??= JsonNode.Parse(await kernel.RunAsync(python, InstalledKernel.Script("conformance.py"), InstalledKernel.Name))!.AsObject();
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => kernel.DisposeAsync();
    }
}
