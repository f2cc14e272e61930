using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Language.Completing;

/// <summary>Finds what may stand at the cursor.</summary>
internal sealed class Completer(CellCompiler compiler, DirectiveCompletion directives)
{
    private const int MostMatches = 300;

    // Stands for the name that is still to be written, so that the compiler sees a whole sentence.
    private const string Placeholder = "NameToCome";

    public CompletionsEvent Complete(CompleteRequest question, CancellationToken cancellationToken)
    {
        var draft = CellDraft.Read(question.Code, question.Cursor, compiler, cancellationToken);
        if (DirectiveCompletion.IsIn(draft))
        {
            var (start, suggestions) = directives.Complete(draft);
            return Answer(question, draft, start, suggestions);
        }

        if (draft.IsInAnotherLanguage || draft.IsInsideText())
            return Answer(question, draft, draft.Cursor, []);

        var word = StartOfWord(draft.Source.Code, draft.Cursor);
        var typed = draft.Source.Code[word..draft.Cursor];
        if (typed.Length > 0 && char.IsDigit(typed[0]))
            return Answer(question, draft, draft.Cursor, []);
        var whole = draft;
        if (typed.Length == 0 || SyntaxFacts.GetKeywordKind(typed) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(typed) != SyntaxKind.None)
            whole = draft.Replace(word, Placeholder, cancellationToken);
        var found = new NameCompletion(whole, word, cancellationToken).Find();
        return Answer(question, draft, word, typed.StartsWith('@') ? found.Where(suggestion => suggestion.Symbol is not null) : found);
    }

    private static CompletionsEvent Answer(CompleteRequest question, CellDraft draft, int start, IEnumerable<Suggestion> suggestions)
    {
        var typed = draft.Text.ToString(new(start, draft.Cursor - start)).TrimStart('@');
        var matches = suggestions
            .Select(suggestion => (Suggestion: suggestion, Grade: NameMatcher.Grade(suggestion.Text, typed)))
            .Where(match => match.Grade != MatchGrade.None)
            .OrderBy(match => match.Grade == MatchGrade.Humps)
            .ThenBy(match => match.Suggestion.Rank)
            .ThenBy(match => match.Grade)
            .ThenBy(match => match.Suggestion.Text, StringComparer.OrdinalIgnoreCase)
            .ThenBy(match => match.Suggestion.Text, StringComparer.Ordinal)
            .Select(match => match.Suggestion)
            .Where(suggestion => suggestion.Symbol is not { } symbol || !HiddenSymbols.IsHidden(symbol))
            .DistinctBy(suggestion => suggestion.Text, StringComparer.Ordinal)
            .Take(MostMatches)
            .ToArray();
        return new CompletionsEvent(question.Id, [.. matches.Select(match => match.Text)], start, draft.Cursor, [.. matches.Select(match => match.Type)]);
    }

    private static int StartOfWord(string code, int cursor)
    {
        while (cursor > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[cursor - 1]))
            cursor--;
        return cursor > 0 && code[cursor - 1] == '@' ? cursor - 1 : cursor;
    }
}
