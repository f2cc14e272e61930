using System.Net.Http;
using System.Text.Json;
using CourseKit.Session.Cells;
using CourseKit.Session.Interactive;
using CourseKit.Session.Output;
using CourseKit.Session.Showing;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Session.Magics;

/// <summary>Values that go from one language to another: kept by <c>#!value</c>, fetched by <c>#!set</c> and <c>#!share</c>.</summary>
internal sealed class ValueStore(SessionVariables variables, InputRequests input)
{
    private const string JsonType = "application/json";
    private const string TextType = "text/plain";

    private readonly Dictionary<string, (string Text, string MimeType)> _kept = new(StringComparer.Ordinal);

    /// <summary>What a command asks to be made: a name, and where its value comes from.</summary>
    private sealed record Wish(Directive Directive, string Name, string? Kernel, string Value, string? MimeType);

    /// <summary>Keeps what a <c>#!value</c> part holds or names; what to show of it, where it is to be shown.</summary>
    public MimeBundle? Keep(Directive opening, string content, string folder, CancellationToken cancellationToken)
    {
        var arguments = MagicArguments.Parse(opening, "--name", "--mime-type", "--from-file", "--from-url", "--from-value");
        var name = arguments.Require("--name");
        var text = arguments.Option("--from-file") is { } file ? ReadFile(opening, Path.GetFullPath(file, folder))
            : arguments.Option("--from-url") is { } address ? ReadPage(opening, address, cancellationToken)
            : arguments.Option("--from-value") ?? content;
        var mimeType = arguments.Option("--mime-type");
        _kept[name] = (text, mimeType ?? TextType);
        return mimeType is null ? null : MimeBundle.OfForms((mimeType, text), (TextType, text));
    }

    /// <summary>The C# that makes the variable a command asks for.</summary>
    public string? ToCSharp(Directive directive)
    {
        var wish = Parse(directive);
        if (!SyntaxFacts.IsValidIdentifier(wish.Name))
            throw new DirectiveException(directive, $"{wish.Name} is no name that a C# variable can have.");
        if (wish.Kernel == CellLanguages.CSharp)
        {
            variables.Get(directive, wish.Value);
            return wish.Name == wish.Value ? null : $"var @{wish.Name} = @{wish.Value};";
        }

        var (text, mimeType) = Text(wish);
        if (mimeType != JsonType)
            return Declare("string", text);

        // JSON becomes what .NET Interactive makes of it, so that its notebooks go on.
        var json = ParseJson(directive, text);
        var declaration = json.RootElement.ValueKind switch
        {
            JsonValueKind.String => Declare("string", json.RootElement.GetString()!),
            JsonValueKind.Number => Declare("double", json.RootElement.GetDouble()),
            JsonValueKind.True or JsonValueKind.False => Declare("bool", json.RootElement.GetBoolean()),
            _ => Declare("global::System.Text.Json.JsonDocument", json),
        };
        return declaration;

        string Declare(string type, object value) =>
            $"{type} @{wish.Name} = global::{typeof(SharedValue).FullName}.{nameof(SharedValue.Take)}<{type}>(\"{SharedValue.Put(value)}\");";
    }

    /// <summary>The value that a command gives to a JavaScript part.</summary>
    public SharedJson ToJavaScript(Directive directive)
    {
        var wish = Parse(directive);
        if (!SyntaxFacts.IsValidIdentifier(wish.Name))
            throw new DirectiveException(directive, $"{wish.Name} is no name that a JavaScript variable can have.");
        if (wish.Kernel == CellLanguages.CSharp)
            return new SharedJson(wish.Name, ToJson(variables.Get(directive, wish.Value), directive));
        var (text, mimeType) = Text(wish);
        if (mimeType != JsonType)
            return new SharedJson(wish.Name, JsonSerializer.Serialize(text));
        using var json = ParseJson(directive, text);
        return new SharedJson(wish.Name, json.RootElement.GetRawText());
    }

    private static string ToJson(SessionVariable variable, Directive directive)
    {
        try
        {
            var json = variable.Value.ToDisplayString(JsonType);
            using var check = JsonDocument.Parse(json);
            return json;
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new DirectiveException(directive, $"{variable.Name} is a {TypeNames.Of(variable.Type)}, which cannot be written as JSON: {exception.Message} Share numbers, texts, arrays, lists, dictionaries or records of these.");
        }
    }

    private static Wish Parse(Directive directive) => directive.Name == "!share" ? ParseShare(directive) : ParseSet(directive);

    private static Wish ParseShare(Directive directive)
    {
        var arguments = MagicArguments.Parse(directive, "--from", "--as", "--mime-type", "--byref");
        var kernel = arguments.Require("--from");
        return arguments.Words is [var name]
            ? new Wish(directive, arguments.Option("--as") ?? name, KernelOf(directive, kernel), name, arguments.Option("--mime-type"))
            : throw arguments.Fail("needs one name");
    }

    private static Wish ParseSet(Directive directive)
    {
        var arguments = MagicArguments.Parse(directive, "--name", "--value", "--mime-type", "--byref");
        var (name, value) = (arguments.Require("--name"), arguments.Require("--value"));
        if (arguments.Words.Count > 0)
            throw arguments.Fail($"does not know what to do with {arguments.Words[0]} (put quotes around a value with blanks)");
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return value.StartsWith('@') && colon > 1
            ? new Wish(directive, name, KernelOf(directive, value[1..colon]), value[(colon + 1)..], arguments.Option("--mime-type"))
            : new Wish(directive, name, null, value, arguments.Option("--mime-type"));
    }

    private static string KernelOf(Directive directive, string name) => name is "input" or "password" ? name
        : CellLanguages.Find(name) switch
        {
            CellLanguages.CSharp => CellLanguages.CSharp,
            CellLanguages.Value => CellLanguages.Value,
            CellLanguages.JavaScript => throw new DirectiveException(directive, "A value of JavaScript lives in the page, and the session cannot read it there: compute it in C#, or write it to a file."),
            var other => throw new DirectiveException(directive, $"Values come from csharp, value, input or password, and not from {(other is null ? name : CellLanguages.Title(other))}."),
        };

    private (string Text, string MimeType) Text(Wish wish)
    {
        switch (wish.Kernel)
        {
            case CellLanguages.Value:
                if (!_kept.TryGetValue(wish.Value, out var kept))
                    throw new DirectiveException(wish.Directive, $"No #!value part has the name {wish.Value}." + (_kept.Count == 0 ? "" : $" There are {string.Join(", ", _kept.Keys.Order(StringComparer.Ordinal))}."));
                return (kept.Text, wish.MimeType ?? kept.MimeType);
            case "input" or "password":
                return (input.AskAsync(wish.Value, wish.Kernel == "password").GetAwaiter().GetResult(), wish.MimeType ?? TextType);
            default:
                return (wish.Value, wish.MimeType ?? (wish.Value.StartsWith('{') || wish.Value.StartsWith('[') ? JsonType : TextType));
        }
    }

    private static JsonDocument ParseJson(Directive directive, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new DirectiveException(directive, $"The value is no JSON: {exception.Message}");
        }
    }

    private static string ReadFile(Directive directive, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DirectiveException(directive, $"The file {file} cannot be read: {exception.Message}");
        }
    }

    private static string ReadPage(Directive directive, string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new DirectiveException(directive, $"--from-url takes an address that begins with http:// or https://, and {address} does not.");
        try
        {
            using var client = new HttpClient();
            return client.GetStringAsync(uri, cancellationToken).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new DirectiveException(directive, $"{address} cannot be read: {exception.Message}");
        }
    }
}
