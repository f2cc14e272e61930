using System.Text.Json.Nodes;
using CourseKit.Notebook;
using CourseKit.Session.Packages;

namespace CourseKit.Session.Tests;

public sealed class PackageTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private static readonly Lazy<string?> s_unreachable = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        try
        {
            var result = new PackageRestore(PackageRestore.FindSdk(), folder.FullName)
                .Restore([("Newtonsoft.Json", "*")], [], folder.FullName, () => { }, TestContext.Current.CancellationToken);
            return result.Packages is null || result.Messages.Contains("NU1301", StringComparison.Ordinal) ? result.Messages : null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    private static void NeedFeed()
    {
        Assert.SkipWhen(PackageRestore.FindSdk() is null, "There is no .NET SDK to fetch packages with.");
        Assert.SkipWhen(s_unreachable.Value is not null, "The feed of packages cannot be reached from here: " + s_unreachable.Value);
    }

    [Fact]
    public async Task A_package_is_fetched_and_used_in_the_same_cell_with_one_line_of_progress()
    {
        NeedFeed();
        await using var session = await Sessions.StartWarmAsync();
        var events = new List<JsonObject>();
        var result = await session.RunAsync("#r \"nuget: Newtonsoft.Json, 13.0.1\"\nusing Newtonsoft.Json;\nJsonConvert.SerializeObject(new { a = 1 })", 1, events.Add);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("{\"a\":1}", result.Value());
        Assert.Equal("Loaded Newtonsoft.Json 13.0.1", (string?)result.Outputs[0]["data"]!["text/plain"]);
        Assert.Equal(2, result.Outputs.Count);
        Assert.Single(events.Select(output => (string?)output["transient"]?["display_id"]).OfType<string>().Distinct());

        // The package is here: asked for again it is neither fetched nor announced, and another version is refused.
        Assert.Empty((await session.RunAsync("#r \"nuget: Newtonsoft.Json\"\n#r \"nuget:newtonsoft.json,13.0.1\"")).Outputs);
        var other = await session.RunAsync("#r \"nuget: Newtonsoft.Json, 12.0.3\"");
        Assert.Equal("ReferenceError: Newtonsoft.Json 13.0.1 is loaded already, and the session cannot change it to 12.0.3: restart the kernel and ask for 12.0.3 first, or take 13.0.1.", other.Message);
        Assert.Equal("{\"b\":2}", await session.ValueOfAsync("JsonConvert.SerializeObject(new { b = 2 })"));
    }

    [Theory]
    [InlineData("#r \"nuget: Newtonsoft.Json, 13.*\"")]
    [InlineData("#r \"nuget: Newtonsoft.Json\"")]
    [InlineData("#r \"nuget: Newtonsoft.Json, [13.0.1, 14.0.0)\"")]
    public async Task A_version_may_be_left_to_the_feed(string line)
    {
        NeedFeed();
        await using var session = await Sessions.StartWarmAsync();
        var result = await session.RunAsync(line + "\ntypeof(Newtonsoft.Json.JsonConvert).Assembly.GetName().Version.Major >= 13");
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("True", result.Value());
    }

    [Fact]
    public async Task Dependencies_and_native_libraries_come_along()
    {
        NeedFeed();
        await using var session = await Sessions.StartWarmAsync();
        var result = await session.RunAsync("#r \"nuget: SQLitePCLRaw.bundle_e_sqlite3, 2.0.6\"\nSQLitePCL.Batteries_V2.Init();\nSQLitePCL.raw.sqlite3_libversion().utf8_to_string().StartsWith(\"3.\")");
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("True", result.Value());
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task Two_sessions_that_want_the_same_packages_at_once_both_get_them()
    {
        LongTests.SkipUnlessWanted();
        NeedFeed();
        await using var one = await Sessions.StartWarmAsync();
        await using var two = await Sessions.StartWarmAsync();
        const string code = "#r \"nuget: Humanizer.Core, 2.14.*\"\n#r \"nuget: Newtonsoft.Json, 13.0.1\"\nHumanizer.ToQuantityExtensions.ToQuantity(\"case\", 2)";
        var results = await Task.WhenAll(one.RunAsync(code), two.RunAsync(code));
        Assert.All(results, result => Assert.True(result.Status == CellStatus.Ok, result.Message));
        Assert.All(results, result => Assert.Equal("2 cases", result.Value()));
    }

    [Fact]
    public async Task A_package_or_version_that_is_not_there_is_named_in_one_sentence()
    {
        NeedFeed();
        await using var session = await Sessions.StartWarmAsync();
        var missing = await session.RunAsync("\n#r \"nuget: CourseKit.No.Such.Package\"\n1");
        Assert.Contains("There is no package CourseKit.No.Such.Package in ", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith("(2,1)", missing.Traceback()[0], StringComparison.Ordinal);
        Assert.Single(missing.Message!.Split('\n'));

        var version = await session.RunAsync("#r \"nuget: Newtonsoft.Json, 987.0.0\"");
        Assert.Contains("There is no such version of a package: Unable to find package Newtonsoft.Json with version (>= 987.0.0).", version.Message, StringComparison.Ordinal);
        Assert.Contains("The nearest there is is ", version.Message, StringComparison.Ordinal);
        Assert.Equal("2", await session.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task A_feed_that_is_a_folder_is_added_and_one_that_cannot_be_reached_is_named()
    {
        NeedFeed();
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        await using (var session = await Sessions.StartWarmAsync(options: new SessionOptions { WorkingDirectory = folder.FullName }))
        {
            folder.CreateSubdirectory("feed");
            TestPackage.Write(Path.Combine(folder.FullName, "feed"), "CourseKit.Test.OfFolder", "1.2.0", typeof(MathNet.Numerics.Constants).Assembly.Location);
            Assert.Equal("True", await session.ValueOfAsync("#i \"nuget: feed\"\n#r \"nuget: CourseKit.Test.OfFolder, 1.2.0\"\nMathNet.Numerics.Constants.Pi > 3"));
            Assert.Contains("There is no folder", (await session.RunAsync("#i \"nuget: nowhere\"")).Message, StringComparison.Ordinal);
            Assert.Contains("#i adds a feed", (await session.RunAsync("#i \"somewhere\"")).Message, StringComparison.Ordinal);
            var unreachable = await session.RunAsync("#i \"nuget: http://127.0.0.1:9/index.json\"\n#r \"nuget: Newtonsoft.Json, 13.0.1\"");
            Assert.Contains("127.0.0.1:9", unreachable.Message, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Versions_that_cannot_be_had_together_with_what_is_loaded_are_refused_with_a_sentence()
    {
        NeedFeed();
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        await using (var session = await Sessions.StartWarmAsync(options: new SessionOptions { WorkingDirectory = folder.FullName }))
        {
            TestPackage.Write(folder.FullName, "CourseKit.Test.Needs", "1.0.0", assembly: null, dependency: ("Newtonsoft.Json", "13.0.2"));
            Assert.Equal(CellStatus.Ok, (await session.RunAsync("#i \"nuget: .\"\n#r \"nuget: Newtonsoft.Json, 13.0.1\"")).Status);
            var conflict = await session.RunAsync("#r \"nuget: CourseKit.Test.Needs, 1.0.0\"");
            Assert.Equal(CellStatus.Error, conflict.Status);
            Assert.Contains("The versions of packages do not fit together: ", conflict.Message, StringComparison.Ordinal);
            Assert.Contains("The session has loaded Newtonsoft.Json 13.0.1 already", conflict.Message, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task A_restore_can_be_stopped()
    {
        LongTests.SkipUnlessWanted();
        NeedFeed();
        await using var session = await Sessions.StartWarmAsync();
        await session.RunAsync("var kept = 3;");
        var result = await session.RunAsync($"#r \"nuget: Newtonsoft.Json, 13.*\"\n#r \"nuget: Humanizer.Core, 2.*\"\nThread.Sleep(-1);", 2, Sessions.WhenBegun(() => session.Interrupt()));
        Assert.True(result.Status == CellStatus.Cancelled, $"{result.Status} {result.Message}");
        Assert.Equal("3", await session.ValueOfAsync("kept"));
    }

    [Theory]
    [InlineData("#r \"nuget:\"", "names no package")]
    [InlineData("#r \"nuget: ../evil\"", "is no name of a package")]
    [InlineData("#r \"nuget: Good, 1 <2\"", "is no version of a package")]
    [InlineData("#r", "#r names nothing")]
    public async Task A_line_that_names_nothing_is_answered_with_how_it_is_written(string line, string sentence)
    {
        var session = await shared.ClientAsync();
        Assert.Contains(sentence, (await session.RunAsync(line)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "13.0.1", true)]
    [InlineData("13.*", "13.0.1", true)]
    [InlineData("12.*", "13.0.1", false)]
    [InlineData("13.0.1", "13.0.1", true)]
    [InlineData("13.0.1", "13.0.1.0", true)]
    [InlineData("13.0.2", "13.0.1", false)]
    [InlineData("[13.0.1]", "13.0.1", true)]
    [InlineData("[13.0,14.0)", "13.0.1", true)]
    [InlineData("(13.0.1,)", "13.0.1", false)]
    [InlineData("[14.0, )", "13.0.1", false)]
    [InlineData("( ,13.0.1]", "13.0.1", true)]
    [InlineData("[13.0.1,)", "13.0.1-beta", false)]
    public void A_loaded_version_is_taken_where_it_is_one_of_those_asked_for(string asked, string loaded, bool accepted) =>
        Assert.Equal(accepted, PackageRequest.Parse(new("r", $"\"nuget: X, {asked}\"", 1)).Accepts(loaded));

    [Fact]
    public void Only_a_host_with_an_SDK_beside_it_is_taken()
    {
        var folder = Directory.CreateTempSubdirectory("coursekit-test-");
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var (bare, whole) = (folder.CreateSubdirectory("bare").FullName, folder.CreateSubdirectory("whole").FullName);
        File.WriteAllText(Path.Combine(bare, name), "");
        File.WriteAllText(Path.Combine(whole, name), "");
        Assert.Null(PackageRestore.FindSdk(bare, [whole]));
        Directory.CreateDirectory(Path.Combine(whole, "sdk"));
        Assert.Equal(Path.Combine(whole, name), PackageRestore.FindSdk(bare, [bare, whole]));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("p.csproj : error NU1301: Unable to load the service index for source https://example.org/v3/index.json.", "The packages X cannot be fetched: Unable to load the service index for source https://example.org/v3/index.json. Is there a network?")]
    [InlineData("p.csproj : error NU1101: Unable to find package Y. No packages exist with this id in source(s): school", "There is no package Y in the feeds school, which X needs.")]
    [InlineData("p.csproj : error NU1202: Package X 1.0.0 is not compatible with net10.0 (.NETCoreApp,Version=v10.0).", "A package does not fit .NET")]
    [InlineData("The command could not be loaded", "The .NET SDK said: The command could not be loaded")]
    public void What_the_SDK_says_becomes_a_sentence(string message, string sentence) =>
        Assert.Contains(sentence, RestoreMessages.Explain(message, [new PackageRequest(new("r", "nuget: X", 1), "X", "*")], []), StringComparison.Ordinal);

    [Fact]
    public void Folders_of_packages_that_nobody_asked_for_are_emptied_and_those_in_use_are_left_alone()
    {
        var cache = Directory.CreateTempSubdirectory("coursekit-test-");
        try
        {
            var since = DateTime.UtcNow.AddDays(-60);
            foreach (var (name, age) in new[] { ("old", 61), ("new", 59), ("old but in use", 61) })
            {
                var folder = cache.CreateSubdirectory(name);
                folder.CreateSubdirectory("obj");
                File.WriteAllText(Path.Combine(folder.FullName, "obj", "project.assets.json"), "{}");
                File.WriteAllText(Path.Combine(folder.FullName, "packages.csproj"), "<Project />");
                File.WriteAllText(Path.Combine(folder.FullName, "lock"), "");
                File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, "lock"), DateTime.UtcNow.AddDays(-age));
            }

            using (new FileStream(Path.Combine(cache.FullName, "old but in use", "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                new PackageRestore(null, cache.FullName).CleanUp(since);
            Assert.Equal(["lock"], new DirectoryInfo(Path.Combine(cache.FullName, "old")).EnumerateFileSystemInfos().Select(left => left.Name));
            foreach (var name in new[] { "new", "old but in use" })
                Assert.Equal(3, new DirectoryInfo(Path.Combine(cache.FullName, name)).EnumerateFileSystemInfos().Count());
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }
}
