using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Language.Completing;

/// <summary>Where among equally good matches a suggestion stands.</summary>
internal enum SuggestionRank
{
    /// <summary>What the place itself asks for: a parameter's name, a property to set, a value of the wanted enum.</summary>
    Expected,

    /// <summary>What the user has named.</summary>
    Own,

    Common,

    /// <summary>What a type has from outside: extension methods.</summary>
    Extension,

    /// <summary>What every object has.</summary>
    Universal,
}

/// <summary>One text that may stand at the cursor.</summary>
/// <param name="Text">What is put in.</param>
/// <param name="Type">What it is, in a word.</param>
/// <param name="Rank">Its place among others.</param>
/// <param name="Symbol">What it names, where it names something; looked at last, for only then is it known whether to hide it.</param>
internal sealed record Suggestion(string Text, string Type, SuggestionRank Rank = SuggestionRank.Common, ISymbol? Symbol = null);
