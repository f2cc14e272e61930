using CourseKit.Notebook.Jupyter;

namespace CourseKit.Notebook.Tests.Jupyter;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "any\nthing", true)]
    [InlineData("6 [*] *", "6 * 7", true)]
    [InlineData("6 [*] *", "6 + 7", false)]
    [InlineData("?at", "cat", true)]
    [InlineData("?at", "scat", false)]
    [InlineData("at", "cat", false)]
    [InlineData("[a-c]at", "bat", true)]
    [InlineData("[^a-c]at", "bat", false)]
    [InlineData("[^a-c]at", "rat", true)]
    [InlineData("a[]]", "a]", true)]
    [InlineData("a[1", "a[1", true)]
    [InlineData("[z-a]", "-", true)]
    [InlineData("a.(b)\\d", "a.(b)\\d", true)]
    [InlineData("[", "[", true)]
    [InlineData("", "", true)]
    public void A_pattern_means_what_it_means_to_a_shell(string pattern, string text, bool isMatch) =>
        Assert.Equal(isMatch, Glob.ToRegex(pattern).IsMatch(text));

    [Fact]
    public void A_pattern_of_many_stars_takes_no_time() =>
        Assert.DoesNotMatch(Glob.ToRegex(string.Concat(Enumerable.Repeat("*a", 200)) + "b"), new string('a', 10_000));
}
