using System.Diagnostics;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>Submissions in containers, where a daemon runs and COURSEKIT_DOCKER_IMAGE names an image with .NET and ASP.NET.</summary>
public sealed class DockerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_graded_attacks_stay_inside_and_no_container_is_left()
    {
        var image = Environment.GetEnvironmentVariable("COURSEKIT_DOCKER_IMAGE");
        Assert.SkipWhen(string.IsNullOrEmpty(image), "COURSEKIT_DOCKER_IMAGE names no image with .NET and ASP.NET to grade in.");
        var secret = Path.Combine(Directory.CreateTempSubdirectory("coursekit-test-another student ").FullName, "other.ipynb");
        await File.WriteAllTextAsync(secret, "SECRET-OF-ANOTHER", Stop);
        await using (var grader = await SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options(SandboxKind.Docker) with { DockerImage = image }, Stop))
        {
            Assert.Equal("docker", grader.Sandbox);
            var right = await grader.GradeAsync(GradingFixture.Handed("right"), Stop);
            Assert.Equal([3.0, 2.0, 1.0], right.Result.Exercises.Select(exercise => exercise.Points));

            var escapes = await grader.GradeAsync(GradingFixture.Handed("escapes", square: $$"""
                double Square(double x) => x * x;
                string Try(Action attack) { try { attack(); return "ESCAPED"; } catch (Exception caught) { return "HELD " + caught.GetType().Name; } }
                Console.WriteLine(Try(() => new System.Net.Sockets.TcpClient().Connect("127.0.0.1", 22)));
                Console.WriteLine(Try(() => System.IO.File.ReadAllText({{System.Text.Json.JsonSerializer.Serialize(secret)}})));
                Console.WriteLine(Try(() => System.IO.File.WriteAllText("/usr/attack", "x")));
                Console.WriteLine(Try(() => System.IO.File.WriteAllText({{System.Text.Json.JsonSerializer.Serialize(Path.Combine(AppContext.BaseDirectory, "attack"))}}, "x")));
                Console.WriteLine(Try(() => { using var file = System.IO.File.Create("/tmp/full"); var block = new byte[1 << 20]; for (var i = 0; i < 400; i++) file.Write(block); file.Flush(); }));
                System.IO.File.Delete("/tmp/full");
                Console.WriteLine(Try(() => { var all = new List<byte[]>(); for (var i = 0; i < 200; i++) { var block = new byte[100 << 20]; Array.Fill(block, (byte)1); all.Add(block); } }));
                """), Stop);
            var text = escapes.Executed!.ToText();
            Assert.DoesNotContain("SECRET-OF-ANOTHER", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ESCAPED\\n", text, StringComparison.Ordinal);
            Assert.Equal(6, text.Split("HELD ").Length - 2); // the source says it once
            Assert.Equal([3.0, 2.0, 1.0], escapes.Result.Exercises.Select(exercise => exercise.Points));

            var bomb = await grader.GradeAsync(GradingFixture.Handed("bomb", count: "int Count(int[] numbers) { for (var i = 0; i < 5000; i++) System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"while :; do :; done\"]); return numbers.Length; }"), Stop);
            Assert.Equal([3.0, 2.0, 0.0], bomb.Result.Exercises.Select(exercise => exercise.Points));

            var over = await grader.GradeAsync(GradingFixture.Handed("over", twice: "double Twice(double x) { Environment.FailFast(\"over\"); return 0; }"), Stop);
            Assert.Equal([3.0, 0.0, 0.0], over.Result.Exercises.Select(exercise => exercise.Points));
        }

        var start = new ProcessStartInfo("docker", ["ps", "--all", "--quiet", "--filter", "name=coursekit-"]) { RedirectStandardOutput = true };
        using var list = Process.Start(start)!;
        Assert.Equal("", await list.StandardOutput.ReadToEndAsync(Stop));
        Directory.Delete(Path.GetDirectoryName(secret)!, recursive: true);
        Assert.False(File.Exists("/usr/attack"));
    }
}
