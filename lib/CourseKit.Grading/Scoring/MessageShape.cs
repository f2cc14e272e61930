using System.Text;

namespace CourseKit.Grading.Scoring;

/// <summary>A message without its numbers: "expected 1, got 0.3" and "expected 1, got 0.7" are the same mistake.</summary>
internal static class MessageShape
{
    // What comes later in a long message tells no mistakes apart.
    private const int Longest = 300;

    public static string Of(string message)
    {
        var shape = new StringBuilder();
        var isInNumber = false;
        foreach (var character in message.Length <= Longest ? message : message[..Longest])
        {
            var continues = isInNumber && character is '.' or ',' or 'e' or 'E' or '-' or '+';
            if (char.IsAsciiDigit(character) || continues)
            {
                if (!isInNumber)
                    shape.Append('#');
                isInNumber = true;
                continue;
            }

            isInNumber = false;
            shape.Append(character);
        }

        return shape.Replace("-#", "#").ToString();
    }
}
