using System.CommandLine;
using CourseKit.Cli.Skeleton;
using CourseKit.Cli.Terminal;
using CourseKit.Notebook;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit new</c>: what an author begins with.</summary>
internal static class NewCommand
{
    public static Command Create() => new("new", """
        Begin something new.

        Example:
          coursekit new chapter "Support vector machines"
        """) { CreateChapter() };

    private static Command CreateChapter()
    {
        var title = new Argument<string>("title") { Description = "The chapter's title, without its number." };
        var number = new Option<int?>("--number") { Description = "The chapter's number; by default the one after the highest in the folder.", HelpName = "n" };
        var output = new Option<string>("--output", "-o") { Description = "The folder with the chapters.", DefaultValueFactory = _ => NotebookFiles.DefaultFolder };
        var json = CommonOptions.Json();
        number.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is not (> 0 and < 1000))
                result.AddError("--number wants a whole number from 1 to 999.");
        });
        var command = new Command("chapter", """
            Write the skeleton of a chapter: a notebook with the first cell, a figure, one exercise with visible and hidden
            tests, and beside it the wrong answers that the tests must fail. It passes `coursekit release` as it is;
            replace its parts one by one.

            Examples:
              coursekit new chapter "Support vector machines"
              coursekit new chapter "Hopfield networks" --number 26 -o notebooks
            """) { title, number, output, json };
        command.SetAction(parsed => Write(parsed.GetValue(title)!, parsed.GetValue(number), parsed.GetValue(output)!, parsed.GetValue(json)));
        return command;
    }

    private static int Write(string title, int? number, string folder, bool asJson)
    {
        if (ChapterSkeleton.Slug(title).Length == 0)
        {
            Failures.Write($"\"{title}\" has no letter or digit that a file name could be made of; give the chapter a title such as \"Support vector machines\".");
            return (int)ExitCode.UsedWrongly;
        }
        try
        {
            var (notebook, mutants) = new ChapterSkeleton(title.Trim(), number ?? ChapterSkeleton.NextNumber(folder)).Write(folder);
            if (asJson)
                Json.Write(new { Notebook = notebook, Mutants = mutants });
            else
                Console.Out.WriteLine($"""
                    {notebook}
                    {mutants}
                    Next: coursekit release {notebook} -o release; then write, and place the chapter in {Path.Combine(folder, CourseMap.FileName)}.
                    """);
            return (int)ExitCode.Fine;
        }
        catch (Exception exception) when (Failures.Sentence(exception, folder) is { } sentence)
        {
            Failures.Write(sentence);
            return (int)ExitCode.SomethingFailed;
        }
    }
}
