using System.Collections;
using System.Data;
using System.Globalization;
using System.Reflection;
using CourseKit.Session.Output;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Session.Showing;

/// <summary>Shows data tables, and sequences of objects with properties, as tables.</summary>
internal static class TableFormatters
{
    private const string PlainText = "text/plain";

    public static void Register()
    {
        foreach (var mimeType in new[] { HtmlFormatter.MimeType, PlainText })
        {
            Formatter.Register(new TableFormatter<DataTable>(mimeType, OfDataTable));
            Formatter.Register(new TableFormatter<DataView>(mimeType, view => OfDataTable(view.ToTable())));
        }
    }

    /// <summary>
    /// A sequence of records in a MIME type; null where it is none, or where a formatter was registered for it. It is asked
    /// before the formatters, because one for all sequences could not leave the others to .NET Interactive's own.
    /// </summary>
    public static string? TryShow(object? value, string mimeType) =>
        value is not IEnumerable sequence || mimeType is not (HtmlFormatter.MimeType or PlainText) || HasFormatter(value.GetType()) || OfSequence(sequence) is not { } content
            ? null
            : Write(content, mimeType);

    private static string Write(Content content, string mimeType) => mimeType == PlainText
        ? TextTable.Text(content.Header, content.Rows, content.Count)
        : TextTable.Html(content.Header, content.Rows, content.Count);

    private sealed record Content(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows, long? Count);

    private static Content OfDataTable(DataTable table)
    {
        var columns = table.Columns.Cast<DataColumn>().ToArray();
        var rows = table.Rows.Cast<DataRow>().Take(TextTable.MostRows)
            .Select(row => (IReadOnlyList<string>)[.. columns.Select(column => row.RowState == DataRowState.Deleted ? "(deleted)" : TextOf(row[column] is DBNull ? null : row[column]))]);
        return new Content([.. columns.Select(column => column.ColumnName)], [.. rows], table.Rows.Count);
    }

    // Only what is a list of records to a reader: values, texts and dictionaries have forms of their own.
    private static Content? OfSequence(IEnumerable sequence)
    {
        if (sequence is string or IDictionary || ItemType(sequence) is not { } type || !IsRecord(type))
            return null;
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.GetIndexParameters().Length == 0 && property.GetMethod is { IsPublic: true }).ToArray();
        var fields = IsTuple(type) ? type.GetFields(BindingFlags.Instance | BindingFlags.Public) : [];
        if (properties.Length + fields.Length == 0)
            return null;

        var items = new List<object?>();
        long? count = sequence is ICollection collection ? collection.Count : null;
        var more = false;
        foreach (var item in sequence)
        {
            if (items.Count == TextTable.MostRows)
            {
                more = true;
                break;
            }

            items.Add(item);
        }

        // What is derived from the items' type may have more to show than one table has columns for.
        if (items.Any(item => item is not null && item.GetType() != type))
            return null;
        var rows = items.Select(item => (IReadOnlyList<string>)
            [.. properties.Select(property => item is null ? "<null>" : TextOf(Read(property, item))), .. fields.Select(field => item is null ? "<null>" : TextOf(field.GetValue(item)))]);
        return new Content([.. properties.Select(property => property.Name), .. fields.Select(field => field.Name)], [.. rows], more ? count : items.Count);
    }

    private static Type? ItemType(IEnumerable sequence) => sequence.GetType().GetInterfaces()
        .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(face => face.GetGenericArguments()[0])
        .FirstOrDefault();

    private static bool IsRecord(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsArray && !type.IsInterface && !type.IsAbstract
        && (type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true || IsTuple(type))
        && !typeof(IEnumerable).IsAssignableFrom(type)
        && !type.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute")
        && !HasFormatter(type);

    private static bool HasFormatter(Type type) =>
        Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type != typeof(object) && formatter.Type.IsAssignableFrom(type));

    private static bool IsTuple(Type type) => type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true;

    private static object? Read(PropertyInfo property, object item)
    {
        try
        {
            return property.GetValue(item);
        }
        catch (TargetInvocationException exception)
        {
            return exception.InnerException!.GetType().Name + ": " + exception.InnerException.Message;
        }
    }

    private static string TextOf(object? value) => value switch
    {
        null => "<null>",
        string text => text,

        // Columns are read down: what binary fractions leave in the last places is noise there.
        double number => number.ToString("G10", CultureInfo.InvariantCulture),
        float number => number.ToString("G7", CultureInfo.InvariantCulture),
        _ => value.ToDisplayString(PlainText),
    };

    private sealed class TableFormatter<T>(string mimeType, Func<T, Content> read) : ITypeFormatter<T>
    {
        public string MimeType => mimeType;

        public Type Type => typeof(T);

        public bool Format(T value, FormatContext context)
        {
            context.Writer.Write(Write(read(value), mimeType));
            return true;
        }

        public bool Format(object instance, FormatContext context) => instance is T value && Format(value, context);
    }
}
