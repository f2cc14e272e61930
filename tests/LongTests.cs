namespace CourseKit;

/// <summary>
/// What takes longer than a person waits for runs where everything is wanted, which is continuous integration: elsewhere it
/// is skipped with this reason, or done fewer times.
/// </summary>
internal static class LongTests
{
    /// <summary>The group of these tests, a trait as <see cref="ToolTests.Group"/> is.</summary>
    public const string Group = "Long";

    private const string Variable = "COURSEKIT_REQUIRE_END_TO_END";

    /// <summary>Whether everything is wanted.</summary>
    public static bool AreWanted => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>The first line of a test that takes long. It is in a group: continuous integration runs by groups what is not run elsewhere.</summary>
    public static void SkipUnlessWanted()
    {
        if (TestContext.Current.Test is { } test)
            Assert.True(test.Traits.ContainsKey(ToolTests.Trait), $"{test.TestDisplayName} takes long and is in no group: add [Trait(ToolTests.Trait, LongTests.Group)].");
        Assert.SkipUnless(AreWanted, $"This test takes long. It runs with {Variable}=1.");
    }
}
