using Microsoft.DotNet.Interactive.Formatting;

// The namespace of .NET Interactive, on purpose: notebooks made for it name this type.
namespace Microsoft.DotNet.Interactive.Formatting
{
    /// <summary>A text in LaTeX, which a notebook shows as mathematics: <c>(LaTeXString)@"\frac{1}{2}"</c>.</summary>
    [TypeFormatterSource(typeof(CourseKit.Session.Interactive.LaTeXFormatters), PreferredMimeTypes = ["text/latex"])]
    public sealed class LaTeXString
    {
        private readonly string _code;

        /// <summary>Takes a text.</summary>
        /// <param name="latexCode">The LaTeX.</param>
        public LaTeXString(string latexCode)
        {
            ArgumentNullException.ThrowIfNull(latexCode);
            _code = latexCode;
        }

        /// <summary>Any text may be one.</summary>
        /// <param name="source">The LaTeX.</param>
#pragma warning disable CA2225 // The constructor is the other way to make one.
        public static implicit operator LaTeXString(string source) => new(source);
#pragma warning restore CA2225

        /// <inheritdoc/>
        public override string ToString() => _code;
    }
}

namespace CourseKit.Session.Interactive
{
    /// <summary>Found by the attribute above; so it survives <c>Formatter.ResetToDefault()</c>.</summary>
    internal sealed class LaTeXFormatters : ITypeFormatterSource
    {
        public IEnumerable<ITypeFormatter> CreateTypeFormatters() => [new LaTeXFormatter()];

        private sealed class LaTeXFormatter : TypeFormatter<LaTeXString>
        {
            public override string MimeType => "text/latex";

            public override bool Format(LaTeXString value, FormatContext context)
            {
                context.Writer.Write(value.ToString());
                return true;
            }
        }
    }
}
