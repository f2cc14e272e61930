namespace Microsoft.DotNet.Interactive;

/// <summary>A text that is not shown by accident.</summary>
/// <param name="password">The text.</param>
public sealed class PasswordString(string password)
{
    /// <summary>The text itself.</summary>
    public string GetClearTextPassword() => password;

    /// <summary>As many stars, whatever the text is.</summary>
    public override string ToString() => "********";
}
