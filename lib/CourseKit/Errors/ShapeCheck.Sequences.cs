namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void EmbeddingIndex(string layer, int index, int place, Shape shape, int count)
    {
        if (index >= 0 && index < count)
            return;
        var at = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
            (place, at[axis]) = Math.DivRem(place, shape[axis]);
        throw new ArgumentOutOfRangeException(null, $"{layer} got the index {index} at position ({string.Join(", ", at)}) of {shape}: there are {count} rows, numbered 0 to {count - 1}. Count the vocabulary again, or map unknown words to an index of their own.");
    }

    public static void Sequence(string layer, int inputs, bool batchFirst, Shape got)
    {
        var form = batchFirst ? $"N x T x {inputs}" : $"T x N x {inputs}";
        if (got.Rank != 3)
            throw new ShapeException($"{layer} wants sequences of shape {form} and got {got}: {(got.Rank == 2 && got[1] == inputs ? $"one sequence alone becomes a batch with Unsqueeze({(batchFirst ? 0 : 1)})" : "give it the axes examples, steps in time and features")}.");
        if (got[2] != inputs)
            throw new ShapeException($"{layer} wants sequences of shape {form} and got {got}: the last axis must hold the {inputs} features of one step. {(got[1] == inputs ? "Transpose(1, 2) puts them there." : "A series of single numbers gets that axis with Unsqueeze(-1).")}");
        if (got[batchFirst ? 1 : 0] == 0)
            throw new ShapeException($"{layer} wants sequences of shape {form} and got {got}: without a step in time there is no output and no last state.");
    }

    public static void CellInput(string layer, int inputs, Shape got)
    {
        if (got.Rank != 2 || got[1] != inputs)
            throw new ShapeException($"{layer} wants one step of shape N x {inputs} and got {got}: pick the step of a sequence with Select(1, t).");
    }

    public static void State(string layer, string what, Shape expected, Shape? got)
    {
        if (got is not null && !got.Equals(expected))
            throw new ShapeException($"{layer} wants a first {what} of shape {expected} and got {got}: {(expected.Rank == 3 ? "layers times directions, examples, hidden units" : "examples, hidden units")}. Without one it starts from zeros.");
    }

    public static void Heads(string layer, int width, int heads)
    {
        if (width < 1 || heads < 1 || width % heads != 0)
            throw new ShapeException($"{layer} got the width {width} and {heads} heads: the width must be a multiple of the number of heads, each head gets an equal part of it.");
    }

    public static void Attention(Shape query, Shape key, Shape? value)
    {
        if (query.Rank < 2 || key.Rank < 2 || query[-1] != key[-1] || !query.Take(query.Rank - 2).SequenceEqual(key.Take(key.Rank - 2)))
            throw new ShapeException($"Attention got queries of shape {query} and keys of shape {key}: they are ... x T x width and ... x S x width, with the same width and the same axes in front.");
        if (value is not null && (value.Rank != key.Rank || !value.Take(value.Rank - 1).SequenceEqual(key.Take(key.Rank - 1))))
            throw new ShapeException($"Attention got keys of shape {key} and values of shape {value}: each key wants one value, so all axes but the last must be equal.");
    }

    public static void AttentionMask(Shape mask, Shape scores)
    {
        var fits = mask.Rank <= scores.Rank;
        for (var fromEnd = 1; fits && fromEnd <= mask.Rank; fromEnd++)
            fits = mask[-fromEnd] == scores[-fromEnd] || mask[-fromEnd] == 1;
        if (!fits)
            throw new ShapeException($"Attention got a mask of shape {mask} for scores of shape {scores}: it must broadcast to them, the last two axes being T queries x S keys. A mask of padded places is N x 1 x S in a layer.");
    }

    public static void AttentionInput(string layer, string what, int width, Shape got)
    {
        if (got.Rank != 3 || got[2] != width)
            throw new ShapeException($"{layer} wants a {what} of shape N x T x {width} and got {got}: {(got.Rank == 2 && got[1] == width ? "one sequence alone becomes a batch with Unsqueeze(0)" : $"examples, places in the sequence, and {width} numbers for each place")}.");
    }

    public static void AttentionSequences(string layer, Shape query, Shape key, Shape value)
    {
        if (key[0] != query[0])
            throw new ShapeException($"{layer} got a query of shape {query} and a key of shape {key}: both must hold the same {query[0]} examples, axis 0.");
        if (!value.Equals(key))
            throw new ShapeException($"{layer} got a key of shape {key} and a value of shape {value}: each place that is looked at has a key and a value, so both must have one shape.");
    }

    public static void Positions(string layer, int width, int maximumLength, Shape got)
    {
        if (got.Rank < 2 || got[-1] != width)
            throw new ShapeException($"{layer} wants ... x T x {width} and got {got}: {width} numbers for each place in the sequence.");
        if (got[-2] > maximumLength)
            throw new ShapeException($"{layer} got a sequence of {got[-2]} places and knows {maximumLength}: make it with a larger maximumLength, or cut the sequence.");
    }
}
