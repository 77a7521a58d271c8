using System.Text;

namespace NextItem.Data.Reading;

/// <summary>Text from a file as a message may show it: quoted, short, and with nothing that moves the cursor.</summary>
internal static class Shown
{
    private const int LongestValue = 40;
    private const int MostNames = 20;

    public static string Value(ReadOnlySpan<char> value)
    {
        var text = new StringBuilder("'");
        foreach (var c in value[..Math.Min(value.Length, LongestValue)])
        {
            text.Append(c switch
            {
                '\t' => "\\t",
                '\n' => "\\n",
                '\r' => "\\r",
                _ when char.IsControl(c) => $"\\u{(int)c:X4}",
                _ => c.ToString(),
            });
        }

        return text.Append(value.Length > LongestValue ? "...'" : "'").ToString();
    }

    public static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(MostNames).Select(name => Value(name)));
        return all.Count > MostNames ? $"{shown} and {all.Count - MostNames:N0} more" : shown;
    }
}
