namespace CourseKit;

/// <summary>
/// Tests that start a browser, Jupyter or a container are a group of their own, [Trait("Group", "Tools")]: the README's
/// command leaves them out, so that it needs and takes little; continuous integration installs the tools and runs them.
/// </summary>
internal static class ToolTests
{
    /// <summary>The name of the trait.</summary>
    public const string Trait = "Group";

    /// <summary>Its value for these tests.</summary>
    public const string Group = "Tools";

    /// <summary>To be called before a tool is looked for: skips the test where tools are not wanted.</summary>
    public static void SkipUnlessWanted()
    {
        if (TestContext.Current.Test is { } test)
            Assert.True(test.Traits.TryGetValue(Trait, out var groups) && groups.Contains(Group), $"{test.TestDisplayName} starts a tool and is not in its group: add [Trait(ToolTests.Trait, ToolTests.Group)].");
        Assert.SkipUnless(LongTests.AreWanted, "This test starts a browser, Jupyter or a container. It runs with COURSEKIT_REQUIRE_END_TO_END=1.");
    }
}
