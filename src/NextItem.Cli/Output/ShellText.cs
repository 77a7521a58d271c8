using System.Text.RegularExpressions;

namespace NextItem.Cli.Output;

/// <summary>Texts in a command that is proposed: it can be pasted into a shell as it stands.</summary>
internal static partial class ShellText
{
    /// <summary>A text as one argument: as it is, or in quotation marks where it has a character that a shell may read otherwise.</summary>
    public static string Quoted(string text) => Quoted(text, OperatingSystem.IsWindows());

    /// <summary>The same for a kind of shell.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="onWindows">Whether for the shells of Windows, which know double marks alone, and no signs within them but these.</param>
    public static string Quoted(string text, bool onWindows)
    {
        if (Plain().IsMatch(text))
            return text;
        if (onWindows)
            return $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        // Within double marks these five are still read by a shell; within single ones nothing is.
        return text.AsSpan().ContainsAny("\"$`\\!") ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'" : $"\"{text}\"";
    }

    /// <summary>Of a file.</summary>
    public static string Quoted(FileInfo file) => Quoted(file.ToString());

    [GeneratedRegex(@"^[A-Za-z0-9_./:=,-]+\z")]
    private static partial Regex Plain();
}
