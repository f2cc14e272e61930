using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CourseKit.Session.Cells;
using CourseKit.Session.Output;

namespace CourseKit.Session.Magics;

/// <summary>Runs C# of a cell; it returns how long the code itself ran.</summary>
/// <param name="text">What the C# stands in.</param>
/// <param name="source">The C#, with blanks around it.</param>
/// <param name="isResult">Whether its value is the cell's result, and not one display among others.</param>
internal delegate TimeSpan CSharpRunner(CellText text, CellSource source, bool isResult);

/// <summary>Runs a cell part by part: its C#, its pages, the commands between them and the files it imports.</summary>
internal sealed class CellProgram(SessionTools tools, CSharpRunner runCSharp, CancellationToken cancellationToken)
{
    private readonly Stack<string> _importing = [];

    public void Run(CellText text) => Run(text, isCell: true);

    private void Run(CellText text, bool isCell)
    {
        var parts = CellParts.Split(text.Code, cancellationToken);
        TimeSpan? timed = null;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (part.Directives.Any(directive => directive.Name == "!time"))
                timed ??= TimeSpan.Zero;
            timed += part.Language switch
            {
                null => Clock(() => Follow(text, part.Opening!)),
                CellLanguages.CSharp => RunCSharp(text, part, isCell && i == parts.Length - 1),
                _ => Clock(() => Show(text, part)),
            };
        }

        if (timed is { } elapsed)
            tools.Display(MimeBundle.OfText(string.Create(CultureInfo.InvariantCulture, $"Wall time: {elapsed.TotalMilliseconds:F1} ms"), []));
    }

    private static TimeSpan Clock(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed;
    }

    private TimeSpan RunCSharp(CellText text, CellPart part, bool isResult)
    {
        AddReferences(text, part.Directives);
        if (part.Directives.FirstOrDefault(directive => directive.Name is not ("r" or "i" or "!time")) is { } unknown)
            throw MagicCommands.Unknown(unknown);
        return runCSharp(text, new CellSource(part.Code, part.Directives), isResult);
    }

    // All packages of a part together, so that their versions are chosen together.
    private void AddReferences(CellText text, ImmutableArray<Directive> directives)
    {
        foreach (var source in directives.Where(directive => directive.Name == "i"))
            tools.Packages.AddSource(source, text.Folder);
        var wanted = directives.Where(directive => directive.Name == "r" && !tools.References.TryAdd(directive, text.Folder)).ToArray();
        if (wanted.Length > 0)
            tools.Packages.Load(wanted, cancellationToken);
    }

    private void Follow(CellText text, Directive directive)
    {
        switch (directive.Name)
        {
            case "!who":
                tools.Display(VariableList.Names(tools.Variables));
                break;
            case "!whos":
                tools.Display(VariableList.Table(tools.Variables));
                break;
            case "!lsmagic":
                tools.Display(AboutSession.Commands());
                break;
            case "!about":
                tools.Display(AboutSession.Describe());
                break;
            case "!import":
                Import(text, directive);
                break;
            case "!set" or "!share":
                if (tools.Values.ToCSharp(directive) is { } declaration)
                    runCSharp(text, new CellSource(declaration, []), false);
                break;
        }
    }

    private void Show(CellText text, CellPart part)
    {
        var opening = part.Opening!;
        if (!CellLanguages.IsSpoken(part.Language!))
            throw MagicCommands.NotSpoken(opening, CellLanguages.Title(part.Language!));
        foreach (var directive in part.Directives.Where(directive => directive.Name is not "!time"))
        {
            if (!(directive.Name is "!set" or "!share" && part.Language == CellLanguages.JavaScript))
                throw new DirectiveException(directive, $"#{directive.Name} does nothing in a part that is {part.Language}: move it above the line #{opening.Name}.");
        }

        if (part.Language == CellLanguages.Value)
        {
            if (tools.Values.Keep(opening, part.Code, text.Folder, cancellationToken) is { } shown)
                tools.Display(shown);
            return;
        }

        tools.Display(PageParts.Show(part.Language!, part.Code, [.. part.Directives.Where(directive => directive.Name is not "!time").Select(tools.Values.ToJavaScript)]));
    }

    private void Import(CellText text, Directive directive)
    {
        var file = ImportedFile.Find(directive, text.Folder);
        if (_importing.Count == 0 && text.File is { } self)
            _importing.Push(self);
        if (_importing.Contains(file))
        {
            var circle = _importing.Reverse().SkipWhile(other => other != file).Append(file).Select(Path.GetFileName);
            throw new DirectiveException(directive, $"The file imports itself: {string.Join(" imports ", circle)}. Take one of these lines out.");
        }

        _importing.Push(file);
        foreach (var cell in ImportedFile.Read(directive, file))
            RunImported(text, directive, cell);
        _importing.Pop();
    }

    // What fails in a file is told with the file's lines, and then with the line that imports it.
    private void RunImported(CellText text, Directive directive, CellText imported)
    {
        try
        {
            Run(imported, isCell: false);
        }
        catch (CompilationFailedException failure)
        {
            throw new CellFailedException(ImportedBy(CellErrors.OfDiagnostics(failure, imported), text, directive));
        }
        catch (DirectiveException failure)
        {
            throw new CellFailedException(ImportedBy(CellErrors.OfDirective(failure, imported), text, directive));
        }
        catch (CellFailedException failure)
        {
            throw new CellFailedException(ImportedBy(failure.Error, text, directive));
        }
    }

    private static CellError ImportedBy(CellError error, CellText text, Directive directive) => error with
    {
        Traceback = [.. error.Traceback, string.Create(CultureInfo.InvariantCulture, $"   imported by {text.Name}, line {directive.Line}: {text.Line(directive.Line).Trim()}")],
    };
}
